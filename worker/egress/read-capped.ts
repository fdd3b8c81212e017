import { readAll } from '../lib/read-all.ts'
import { TerminalError } from '../lib/step-errors.ts'

/** So much of a body is asked for at one go, which takes memory for it before any has come: most answers are shorter. */
const atOnceBytes = 16 * 1024

/** The whole body, decoded, if it has at most `maxBytes`, which are counted while it arrives. */
export async function readCapped({ body, headers }: Response, maxBytes: number): Promise<Uint8Array> {
  if (body === null) return new Uint8Array(0)
  const announced = Number(headers.get('content-length') ?? 0)
  if (announced > maxBytes && !headers.has('content-encoding')) {
    await body.cancel()
    throw tooLarge(maxBytes)
  }

  const begun = readsAtOnce ? await readAtOnce(body, Math.min(atOnceBytes, maxBytes)) : nothingYet
  if (begun.isWhole) return begun.bytes
  const rest = await readAll(body, maxBytes - begun.bytes.byteLength)
  if (rest === undefined) throw tooLarge(maxBytes)
  return joined(begun.bytes, rest)
}

interface Begun {
  bytes: Uint8Array
  /** There is no more. */
  isWhole: boolean
}

const nothingYet: Begun = { bytes: new Uint8Array(0), isWhole: false }

/** The first bytes of a body. A read is an entry into the isolate, and costs more than what it brings: this is one. */
async function readAtOnce(body: ReadableStream<Uint8Array>, bytes: number): Promise<Begun> {
  const reader = body.getReader({ mode: 'byob' })
  const { value = nothingYet.bytes } = await reader.readAtLeast(bytes, new Uint8Array(bytes))
  reader.releaseLock()
  // Fewer than were asked for come only at the end.
  return { bytes: value, isWhole: value.byteLength < bytes }
}

/** Whether the platform can be asked for more than comes in one piece, as workerd can. */
const readsAtOnce = 'readAtLeast' in ReadableStreamBYOBReader.prototype

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.byteLength === 0) return second
  if (second.byteLength === 0) return first
  const whole = new Uint8Array(first.byteLength + second.byteLength)
  whole.set(first)
  whole.set(second, first.byteLength)
  return whole
}

function tooLarge(maxBytes: number): TerminalError {
  return new TerminalError('egress.too_large', `The answer is larger than ${maxBytes} bytes.`, {
    details: { maxBytes },
  })
}

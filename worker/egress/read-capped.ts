import { readAll } from '../lib/read-all.ts'
import { TerminalError } from '../lib/step-errors.ts'

/** What announces at most so many bytes is read at one go, which takes memory for all of them before any has come. */
const atOnceBytes = 64 * 1024

/** The whole body, decoded, if it has at most `maxBytes`, which are counted while it arrives. */
export async function readCapped({ body, headers }: Response, maxBytes: number): Promise<Uint8Array> {
  if (body === null) return new Uint8Array(0)
  const announced = announcedBytes(headers)
  if (announced > maxBytes) {
    await body.cancel()
    throw tooLarge(maxBytes)
  }
  if (readsAtOnce && announced > 0 && announced <= atOnceBytes) return readAnnounced(body, announced)

  const whole = await readAll(body, maxBytes)
  if (whole === undefined) throw tooLarge(maxBytes)
  return whole
}

/** How many bytes HTTP will give of an answer; 0 where it does not say, or they are unpacked to others. */
function announcedBytes(headers: Headers): number {
  const length = headers.get('content-length') ?? ''
  // Whose answer comes in chunks may announce what it likes.
  const isKept = /^\d+$/.test(length) && !headers.has('content-encoding') && !headers.has('transfer-encoding')
  return isKept ? Number(length) : 0
}

/** Each read is an entry into the isolate, and costs more than the bytes it brings; so all of them are asked for in one. */
async function readAnnounced(body: ReadableStream<Uint8Array>, bytes: number): Promise<Uint8Array> {
  const reader = body.getReader({ mode: 'byob' })
  const { value } = await reader.readAtLeast(bytes, new Uint8Array(bytes))
  if (value?.byteLength !== bytes) throw new Error('The body ended before it was whole.')
  // There is no more of it; it is only told that nobody will ask.
  reader.cancel().catch(() => undefined)
  return value
}

/** Whether the platform can be asked for more than comes in one piece, as workerd can. */
const readsAtOnce = 'readAtLeast' in ReadableStreamBYOBReader.prototype

function tooLarge(maxBytes: number): TerminalError {
  return new TerminalError('egress.too_large', `The answer is larger than ${maxBytes} bytes.`, {
    details: { maxBytes },
  })
}

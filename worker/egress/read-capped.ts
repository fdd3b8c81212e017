import { TerminalError } from '../lib/step-errors.ts'

/**
 * The whole body, decoded, if it has at most `maxBytes`. It is counted while it arrives and given up at the first byte
 * too many, so neither an endless stream nor a small file that unpacks to a huge one is ever held in memory.
 */
export async function readCapped(response: Response, maxBytes: number): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array(0)
  const declared = Number(response.headers.get('content-length') ?? 0)
  if (declared > maxBytes && !response.headers.has('content-encoding')) {
    await response.body.cancel()
    throw tooLarge(maxBytes)
  }

  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > maxBytes) {
      await reader.cancel()
      throw tooLarge(maxBytes)
    }
    chunks.push(value)
  }
  if (chunks.length === 1) return chunks[0]!
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.byteLength
  }
  return whole
}

function tooLarge(maxBytes: number): TerminalError {
  return new TerminalError('egress.too_large', `The answer is larger than ${maxBytes} bytes.`, {
    details: { maxBytes },
  })
}

import { readAll } from '../lib/read-all.ts'
import { TerminalError } from '../lib/step-errors.ts'

/** The whole body, decoded, if it has at most `maxBytes`, which are counted while it arrives. */
export async function readCapped(response: Response, maxBytes: number): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array(0)
  const declared = Number(response.headers.get('content-length') ?? 0)
  if (declared > maxBytes && !response.headers.has('content-encoding')) {
    await response.body.cancel()
    throw tooLarge(maxBytes)
  }

  const whole = await readAll(response.body, maxBytes)
  if (whole === undefined) throw tooLarge(maxBytes)
  return whole
}

function tooLarge(maxBytes: number): TerminalError {
  return new TerminalError('egress.too_large', `The answer is larger than ${maxBytes} bytes.`, {
    details: { maxBytes },
  })
}

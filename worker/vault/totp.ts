// totp
//
// One-time codes by time (RFC 6238, over HOTP of RFC 4226): SHA-1, 30 seconds, 6 digits, which is what every
// authenticator app reads.
//
//   T1. A code is good in its own half minute and in those beside it: clocks differ, and people type slowly.
//   T2. Which half minute it was is told, so that whoever asks can see to it that a code is good once.

/** A half minute, counted from 1970. */
const stepMs = 30_000
const digits = 6
/** RFC 4226 asks for 128 bits at least and recommends 160, as long as a SHA-1. */
const secretBytes = 20

/** A new secret. */
export function newTotpSecret(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(secretBytes))
}

/** Which half minute an instant (epoch ms) lies in. */
export function totpStepAt(at: number): number {
  return Math.floor(at / stepMs)
}

/** The code of a half minute, as long as `length` says. */
export async function totpCode(secret: Uint8Array<ArrayBuffer>, step: number, length = digits): Promise<string> {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(step))
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer))
  const offset = mac.getUint8(mac.byteLength - 1) & 0xf
  const number = (mac.getUint32(offset) & 0x7fff_ffff) % 10 ** length
  return String(number).padStart(length, '0')
}

/** The half minute, of those near the instant and later than `after`, whose code this is; null when there is none. */
export async function totpStepOf(
  secret: Uint8Array<ArrayBuffer>,
  code: string,
  { at, after }: { at: number; after: number },
): Promise<number | null> {
  const now = totpStepAt(at)
  let found: number | null = null
  // All three are computed whatever the first says, and compared without saying where they differ.
  for (const step of [now - 1, now, now + 1]) {
    const isIt = isSame(await totpCode(secret, step), code)
    if (isIt && step > after) found ??= step
  }
  return found
}

function isSame(expected: string, given: string): boolean {
  if (given.length !== expected.length) return false
  let difference = 0
  for (let index = 0; index < expected.length; index++) {
    difference |= expected.charCodeAt(index) ^ given.charCodeAt(index)
  }
  return difference === 0
}

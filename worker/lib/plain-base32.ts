import { inFives } from './base32.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Base32 of RFC 4648 without padding, as authenticator apps take a secret. */
export function plainBase32(bytes: Uint8Array): string {
  return inFives(bytes, alphabet)
}

/** What `plainBase32` wrote; null when it did not. */
export function readPlainBase32(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes: number[] = []
  let buffer = 0
  let bits = 0
  for (const character of text) {
    const value = alphabet.indexOf(character)
    if (value < 0) return null
    buffer = (buffer << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((buffer >> bits) & 255)
      buffer &= (1 << bits) - 1
    }
  }
  return Uint8Array.from(bytes)
}

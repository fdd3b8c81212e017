import { base32 } from './base32.ts'

const encoder = new TextEncoder()

/** SHA-256 of a text (UTF-8) or of bytes. */
export async function sha256(data: string | Uint8Array): Promise<Uint8Array> {
  const bytes = typeof data === 'string' ? encoder.encode(data) : data
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource))
}

/** SHA-256 in lower-case hexadecimal. */
export async function sha256Hex(data: string | Uint8Array): Promise<string> {
  return toHex(await sha256(data))
}

/** The first 80 bits of SHA-256 as 16 base32 digits: a short name for what the text says. */
export async function shortHash(text: string): Promise<string> {
  return base32((await sha256(text)).subarray(0, 10))
}

/** Bytes in lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** A number in [0, 1) that depends on the text alone (FNV-1a with a final mix), so that a replay draws the same. */
export function seededFraction(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index)
    hash = Math.imul(hash, 0x01000193)
  }
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x7feb352d)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x846ca68b)
  hash ^= hash >>> 16
  return (hash >>> 0) / 0x1_0000_0000
}

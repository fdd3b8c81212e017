import { createHash } from 'node:crypto'
import { base32 } from './base32.ts'

// The platform turns a text into bytes far faster than its `node:crypto` does.
const encoder = new TextEncoder()
const toBytes = (part: string | Uint8Array) => (typeof part === 'string' ? encoder.encode(part) : part)

// Synchronous on purpose: `crypto.subtle` hands a few hundred bytes to another turn of the event loop and back, which
// costs more than the hash.

/** SHA-256 of a text (UTF-8) or of bytes. */
export function sha256(data: string | Uint8Array): Uint8Array {
  return createHash('sha256').update(toBytes(data)).digest()
}

/** SHA-256 of the parts, one after the other, in lower-case hexadecimal. */
export function sha256Hex(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(toBytes(part))
  return hash.digest('hex')
}

/** The first 80 bits of SHA-256 as 16 base32 digits: a short name for what the text says. */
export function shortHash(text: string): string {
  return base32(sha256(text).subarray(0, 10))
}

/** Bytes in lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

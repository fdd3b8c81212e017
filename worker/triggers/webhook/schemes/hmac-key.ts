import { BoundedMap } from '../../../lib/bounded-map.ts'

const encoder = new TextEncoder()
const keys = new BoundedMap<string, Promise<CryptoKey>>(500)

/** A key for HMAC-SHA256, imported once per isolate. */
export function hmacKey(secret: string | Uint8Array): Promise<CryptoKey> {
  if (typeof secret !== 'string') return importKey(secret)
  let key = keys.get(secret)
  if (key === undefined) {
    key = importKey(encoder.encode(secret))
    keys.set(secret, key)
  }
  return key
}

/** Whether a MAC is that of the message under one of the keys. Compares in constant time. */
export async function isMac(
  secrets: readonly (string | Uint8Array)[],
  mac: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  for (const secret of secrets) {
    if (await crypto.subtle.verify('HMAC', await hmacKey(secret), mac, message)) return true
  }
  return false
}

/** Texts and bytes one after the other: what a signature is made over. */
export function concatenated(...parts: (string | Uint8Array)[]): Uint8Array {
  const pieces = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part))
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.byteLength, 0))
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.byteLength
  }
  return whole
}

function importKey(bytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

import { base32 } from './base32.ts'
import { sha256Hex } from './digest.ts'

/** A new API key: 256 bits of chance, in letters that survive being read aloud. */
export function newApiKeySecret(bytes: Uint8Array = crypto.getRandomValues(new Uint8Array(32))): string {
  return `leat_${base32(bytes)}`
}

const shape = /^leat_[0-9a-hjkmnp-tv-z]{52}$/

/** Whether a text could be an API key at all. */
export function isApiKeySecret(text: string): boolean {
  return shape.test(text)
}

/** What is stored of a key. Plain SHA-256 is enough: 256 random bits cannot be guessed, however fast the guessing. */
export function apiKeyHash(secret: string): string {
  return sha256Hex(secret)
}

/** How a key begins, so that its owner can tell it from others. */
export function apiKeyPrefix(secret: string): string {
  return secret.slice(0, 10)
}

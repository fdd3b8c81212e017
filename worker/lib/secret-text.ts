import { base32 } from './base32.ts'
import { sha256Hex } from './digest.ts'

/** What its holder alone knows, and is kept as a hash: 256 bits of chance, in letters that survive being read aloud. */
export function newSecretText(bytes: Uint8Array = crypto.getRandomValues(new Uint8Array(32))): string {
  return base32(bytes)
}

/** How one looks, as the source of a regular expression. */
export const secretShape = '[0-9a-hjkmnp-tv-z]{52}'

/** What is stored of one. Plain SHA-256 is enough: 256 random bits cannot be guessed, however fast the guessing. */
export function secretHash(text: string): string {
  return sha256Hex(text)
}

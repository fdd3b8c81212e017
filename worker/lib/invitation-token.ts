import { base32 } from './base32.ts'
import { sha256Hex } from './digest.ts'

/** What an invitation's link carries: 256 bits of chance. */
export function newInvitationToken(bytes: Uint8Array = crypto.getRandomValues(new Uint8Array(32))): string {
  return base32(bytes)
}

const shape = /^[0-9a-hjkmnp-tv-z]{52}$/

/** Whether a text could be of an invitation's link at all. */
export function isInvitationToken(text: string): boolean {
  return shape.test(text)
}

/** What is stored of it. Plain SHA-256 is enough: 256 random bits cannot be guessed, however fast the guessing. */
export function invitationTokenHash(token: string): string {
  return sha256Hex(token)
}

/**
 * An invitation's address on an installation. The token stands behind the `#`, so that it is in no log of a request and in
 * no referrer.
 */
export function invitationLink(origin: string, token: string): string {
  return `${origin}/invitation#${token}`
}

/** What a sealed value is made of, as it is stored: `v1.k1.<nonce>.<ciphertext with tag>`, both in base64url. */
export interface SealedParts {
  keyVersion: string
  nonce: Uint8Array
  ciphertext: Uint8Array
}

const nonceBytes = 12
const tagBytes = 16

/** The parts as one text, which `readSealed` reads. */
export function writeSealed({ keyVersion, nonce, ciphertext }: SealedParts): string {
  return `v1.${keyVersion}.${toBase64url(nonce)}.${toBase64url(ciphertext)}`
}

/** Null when the text is not of this form, or too short to hold a whole tag. */
export function readSealed(text: string): SealedParts | null {
  const match = /^v1\.(k\d{1,6})\.([\w-]{16})\.([\w-]+)$/.exec(text)
  if (match === null) return null
  const nonce = fromBase64url(match[2]!)
  const ciphertext = fromBase64url(match[3]!)
  if (nonce?.byteLength !== nonceBytes || ciphertext === null || ciphertext.byteLength < tagBytes) return null
  return { keyVersion: match[1]!, nonce, ciphertext }
}

/**
 * A nonce no other message of the key has: 96 random bits, which is safe for about 2³² messages per key, and each
 * organization has its own key.
 */
export function newNonce(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(nonceBytes))
}

/** Without padding. */
export function toBase64url(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += 8_192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8_192))
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Null when the text is not base64url. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}

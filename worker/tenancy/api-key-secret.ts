import { newSecretText, secretShape } from '../lib/secret-text.ts'

/** A new API key: what it is of, and 256 bits of chance. */
export function newApiKeySecret(bytes?: Uint8Array): string {
  return `leat_${newSecretText(bytes)}`
}

const shape = new RegExp(`^leat_${secretShape}$`)

/** Whether a text could be an API key at all. */
export function isApiKeySecret(text: string): boolean {
  return shape.test(text)
}

/** How a key begins, so that its owner can tell it from others. */
export function apiKeyPrefix(secret: string): string {
  return secret.slice(0, 10)
}

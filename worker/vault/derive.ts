// derive
//
// Keys by purpose, from a root secret, with HKDF-SHA256.
//
//   D1. One key, one purpose: what is signed for one cannot be shown as another.
//   D2. Derivation is deterministic, so nothing derived is ever stored.

import type { RootSecret } from './root-secrets.ts'

/** What a derived key is for. Values are part of the derivation: never rename one. */
export type Purpose =
  | 'seal'
  | 'idempotency'
  | 'session'
  | 'demo'
  | 'hook-sign'
  | 'approval'
  | 'cause'
  | 'audit-mac'
  | 'queue-mac'

const encoder = new TextEncoder()
const salt = encoder.encode('leat')

/** Derives from one root secret. */
export class KeySource {
  readonly version: string
  readonly #secret: string
  /** Once imported. Never a promise: that of a request which was broken off would keep all later ones waiting. */
  #imported: CryptoKey | undefined

  constructor({ version, secret }: RootSecret) {
    this.version = version
    this.#secret = secret
  }

  async #material(): Promise<CryptoKey> {
    if (this.#imported !== undefined) return this.#imported
    const secret = encoder.encode(this.#secret)
    this.#imported = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits', 'deriveKey'])
    return this.#imported
  }

  /** A key for HMAC-SHA256. */
  async hmacKey(purpose: Purpose): Promise<CryptoKey> {
    const type = { name: 'HMAC', hash: 'SHA-256', length: 256 }
    return crypto.subtle.deriveKey(how(purpose), await this.#material(), type, false, ['sign', 'verify'])
  }

  /** A key for AES-256-GCM. `context` keeps apart what must not share a key, such as organizations. */
  async cipherKey(purpose: Purpose, context: string): Promise<CryptoKey> {
    const type = { name: 'AES-GCM', length: 256 }
    return crypto.subtle.deriveKey(how(purpose, context), await this.#material(), type, false, ['encrypt', 'decrypt'])
  }

  /** 32 bytes. */
  async bytes(purpose: Purpose): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.deriveBits(how(purpose), await this.#material(), 256))
  }
}

function how(purpose: Purpose, context = ''): SubtleCryptoDeriveKeyAlgorithm {
  return { name: 'HKDF', hash: 'SHA-256', salt, info: encoder.encode(`leat/v1/${purpose}/${context}`) }
}

// vault
//
// The only place that sees a secret in clear, and the only place that knows the root secret.
//
//   V1. What is sealed is bound to its place (organization, kind, id, field): moved anywhere else it does not open.
//   V2. Sealing uses the current root secret; opening takes whichever version the text names, as long as it is given.
//   V3. Effects keep their idempotency key when the root secret is rotated: those are derived from the oldest version
//       given, so an old version may go only when no execution of its time is left.

import type { Cause } from '../contract/cause.ts'
import type { OrganizationId } from '../contract/id.ts'
import { BoundedMap } from '../lib/bounded-map.ts'
import { plainBase32, readPlainBase32 } from '../lib/plain-base32.ts'
import { readApprovalToken, signApprovalToken, type ApprovalClaims } from './approval-token.ts'
import { readCauseToken, signCauseToken, type CauseClaims } from './cause-token.ts'
import { KeySource, type Purpose } from './derive.ts'
import { idempotencyKey, idempotencyUuid, type EffectName } from './idempotency-key.ts'
import { parseRootSecrets } from './root-secrets.ts'
import { newTotpSecret, totpStepOf } from './totp.ts'
import { newNonce, readSealed, toBase64url, writeSealed } from './sealed-text.ts'

/** Where a secret belongs. */
export interface SecretPlace {
  organizationId: string
  /** Of the thing that has it, such as `hook` or `connection`. */
  kind: string
  id: string
  field: string
}

/** A sealed text that does not open: changed, moved to another place, or of a root secret that is no longer given. */
export class VaultError extends Error {
  override name = 'VaultError'
}

export interface Vault {
  /** Encrypts a secret for one place. */
  seal(secret: string, place: SecretPlace): Promise<string>
  /** The secret. Throws `VaultError`, which says nothing about it. */
  open(sealed: string, place: SecretPlace): Promise<string>
  /** Whether a text should be sealed anew because the root secret has been rotated since. */
  isOutdated(sealed: string): boolean
  /** An HMAC-SHA256 key that serves one purpose. `version` names an older root secret; the current one otherwise. */
  deriveKey(purpose: Purpose, version?: string): Promise<CryptoKey>
  /** 32 bytes as text, for libraries that want a secret of their own. */
  deriveSecret(purpose: Purpose): Promise<string>
  /** A new secret for codes by time: sealed, and in base32 for the app that is to have it. */
  newTotp(place: SecretPlace): Promise<{ secret: string; sealed: string }>
  /**
   * Which half minute's code this is, of those near the instant `at` (epoch ms) and later than `after`; null when it is
   * wrong. Throws `VaultError`.
   */
  findTotpStep(
    sealed: string,
    place: SecretPlace,
    code: string,
    when: { at: number; after: number },
  ): Promise<number | null>
  /** The key an effect is sent under. */
  idempotencyKey(effect: EffectName): Promise<string>
  idempotencyUuid(effect: EffectName): Promise<string>
  /** The token of a link to an approval, for one address. The same claims give the same token. */
  signApproval(claims: ApprovalClaims): Promise<string>
  /** The token that a request carries so that our own hooks know what it came of. */
  signCause(claims: CauseClaims): Promise<string>
  /** Why a request came, by the token it carries; undefined for one that was not signed for this organization, or long ago. */
  openCause(token: string, at: { organizationId: OrganizationId; now: number }): Promise<Cause | undefined>
  /** What a link's token says; null when it was not signed here. Expired ones are told too. */
  openApproval(token: string): Promise<ApprovalClaims | null>
}

const maxCipherKeys = 1_000
/** What comes back later than this is taken for something new, in ms. */
const causeGoodForMs = 7 * 86_400_000

/** Throws when `rootSecret` (`LEAT_SECRET`) is missing or too short, or names a version twice. */
export function createVault({ rootSecret }: { rootSecret: string }): Vault {
  const roots = parseRootSecrets(rootSecret)
  const sources = new Map(roots.map((root) => [root.version, new KeySource(root)]))
  const current = sources.get(roots[0].version)!
  const oldest = sources.get(roots.at(-1)!.version)!

  // Keys, never promises of them: that of a request which was broken off would keep all later ones waiting.
  const macKeys = new Map<string, CryptoKey>()
  const cipherKeys = new BoundedMap<string, CryptoKey>(maxCipherKeys)

  async function macKey(source: KeySource, purpose: Purpose): Promise<CryptoKey> {
    const name = `${source.version}/${purpose}`
    const known = macKeys.get(name)
    if (known !== undefined) return known
    const derived = await source.hmacKey(purpose)
    macKeys.set(name, derived)
    return derived
  }

  async function knownKey(version: string, purpose: Purpose): Promise<CryptoKey | undefined> {
    const source = sources.get(version)
    return source === undefined ? undefined : macKey(source, purpose)
  }

  async function cipherKey(source: KeySource, organizationId: string): Promise<CryptoKey> {
    const name = `${source.version}/${organizationId}`
    const known = cipherKeys.get(name)
    if (known !== undefined) return known
    const derived = await source.cipherKey('seal', organizationId)
    cipherKeys.set(name, derived)
    return derived
  }

  const vault: Vault = {
    async seal(secret, place) {
      const nonce = newNonce()
      const key = await cipherKey(current, place.organizationId)
      const how = cipher(nonce, boundTo(current.version, place))
      const ciphertext = await crypto.subtle.encrypt(how, key, new TextEncoder().encode(secret))
      return writeSealed({ keyVersion: current.version, nonce, ciphertext: new Uint8Array(ciphertext) })
    },

    async open(sealed, place) {
      const parts = readSealed(sealed)
      if (parts === null) throw new VaultError('The sealed text has no form that is known here.')
      const source = sources.get(parts.keyVersion)
      if (source === undefined) throw new VaultError(`The root secret ${parts.keyVersion} is not given.`)
      const key = await cipherKey(source, place.organizationId)
      try {
        const how = cipher(parts.nonce, boundTo(parts.keyVersion, place))
        return new TextDecoder().decode(await crypto.subtle.decrypt(how, key, parts.ciphertext))
      } catch (cause) {
        throw new VaultError('The sealed text was changed, or does not belong here.', { cause })
      }
    },

    isOutdated(sealed) {
      return readSealed(sealed)?.keyVersion !== current.version
    },

    async deriveKey(purpose, version) {
      const source = version === undefined ? current : sources.get(version)
      if (source === undefined) throw new VaultError(`The root secret ${version} is not given.`)
      return macKey(source, purpose)
    },

    async deriveSecret(purpose) {
      return toBase64url(await current.bytes(purpose))
    },

    async newTotp(place) {
      const secret = plainBase32(newTotpSecret())
      return { secret, sealed: await vault.seal(secret, place) }
    },

    async findTotpStep(sealed, place, code, when) {
      const secret = readPlainBase32(await vault.open(sealed, place))
      if (secret === null) throw new VaultError('The sealed text is no secret for codes.')
      return totpStepOf(secret, code, when)
    },

    async idempotencyKey(effect) {
      return idempotencyKey(await macKey(oldest, 'idempotency'), effect)
    },

    async idempotencyUuid(effect) {
      return idempotencyUuid(await macKey(oldest, 'idempotency'), effect)
    },

    async signApproval(claims) {
      // By the oldest root secret, as idempotency keys are: a second sending of the same link is the same link.
      return signApprovalToken({ version: oldest.version, key: await macKey(oldest, 'approval') }, claims)
    },

    async openApproval(token) {
      return readApprovalToken((version) => knownKey(version, 'approval'), token)
    },

    async signCause(claims) {
      return signCauseToken({ version: current.version, key: await macKey(current, 'cause') }, claims)
    },

    async openCause(token, { organizationId, now }) {
      const claims = await readCauseToken((version) => knownKey(version, 'cause'), token)
      if (claims?.organizationId !== organizationId || claims.issuedAt < now - causeGoodForMs) return undefined
      return claims.cause
    },
  }
  return vault
}

/** V1, as text that two different places cannot share. */
function boundTo(keyVersion: string, { organizationId, kind, id, field }: SecretPlace): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(['v1', keyVersion, organizationId, kind, id, field]))
}

function cipher(nonce: Uint8Array, additionalData: Uint8Array): SubtleCryptoEncryptAlgorithm {
  return { name: 'AES-GCM', iv: nonce, additionalData: additionalData, tagLength: 128 }
}

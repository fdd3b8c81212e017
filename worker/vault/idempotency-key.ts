import { base32 } from '../lib/base32.ts'
import { toHex } from '../lib/digest.ts'

/** One effect of one execution. */
export interface EffectName {
  organizationId: string
  executionId: string
  /** Changes when an execution is tried again on purpose: then, and only then, the effect is to happen again. */
  generation: number
  /** The step's path, with its iteration. */
  path: string
}

const encoder = new TextEncoder()

/** `fx_` and 32 characters: the key an effect is sent under, the same over attempts, crashes and restarts. */
export async function idempotencyKey(key: CryptoKey, effect: EffectName): Promise<string> {
  return `fx_${base32((await mac(key, effect)).subarray(0, 20))}`
}

/** The same in the form of a UUID (version 8), for services that take nothing else. */
export async function idempotencyUuid(key: CryptoKey, effect: EffectName): Promise<string> {
  const bytes = (await mac(key, effect)).slice(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = toHex(bytes)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

async function mac(key: CryptoKey, { organizationId, executionId, generation, path }: EffectName): Promise<Uint8Array> {
  const message = encoder.encode(`${organizationId}|${executionId}|${generation}|${path}`)
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, message))
}

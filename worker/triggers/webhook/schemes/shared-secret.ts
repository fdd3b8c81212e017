import { fromBase64 } from './decode.ts'
import type { Delivery, Refusal } from './delivery.ts'

const encoder = new TextEncoder()

/** HTTP Basic; the secret is `user:password`. */
export async function verifyBasic({ headers, secrets }: Delivery): Promise<Refusal | null> {
  const given = /^basic +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (given === undefined) return 'missing_signature'
  const credentials = fromBase64(given)
  if (credentials === null) return 'malformed_signature'
  return (await isOneOf(secrets, credentials)) ? null : 'wrong_credentials'
}

/** A header that holds the secret, with or without `Bearer` before it. */
export async function verifyHeader(name: string, { headers, secrets }: Delivery): Promise<Refusal | null> {
  const given = headers.get(name)
  if (given === null) return 'missing_signature'
  const token = given.replace(/^bearer +/i, '')
  return (await isOneOf(secrets, encoder.encode(token))) ? null : 'wrong_credentials'
}

/**
 * Compares MACs under a key made for this call: what takes longer or shorter then says nothing about the secret, not
 * even its length.
 */
async function isOneOf(secrets: readonly string[], given: Uint8Array): Promise<boolean> {
  const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
  let found = false
  for (const secret of secrets) {
    const mac = await crypto.subtle.sign('HMAC', key as CryptoKey, encoder.encode(secret))
    if (await crypto.subtle.verify('HMAC', key as CryptoKey, mac, given)) found = true
  }
  return found
}

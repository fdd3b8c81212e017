import { fromBase64, fromHex } from './decode.ts'
import type { Delivery, Refusal } from './delivery.ts'
import { isMac } from './hmac-key.ts'

export interface BodyHmac {
  header: string
  encoding: 'hex' | 'base64'
  /** Text before the signature, such as `sha256=`. */
  prefix: string
}

/** As GitHub signs. */
export const github: BodyHmac = { header: 'x-hub-signature-256', encoding: 'hex', prefix: 'sha256=' }
/** As Shopify signs. */
export const shopify: BodyHmac = { header: 'x-shopify-hmac-sha256', encoding: 'base64', prefix: '' }

/**
 * HMAC-SHA256 of the body alone, in a header. There is no timestamp, and the id of the delivery is not signed: whoever got
 * hold of one can send it again under another id.
 */
export async function verifyBodyHmac(scheme: BodyHmac, { headers, body, secrets }: Delivery): Promise<Refusal | null> {
  const given = headers.get(scheme.header)
  if (given === null) return 'missing_signature'
  if (!given.startsWith(scheme.prefix)) return 'malformed_signature'
  const text = given.slice(scheme.prefix.length)
  const mac = scheme.encoding === 'hex' ? fromHex(text) : fromBase64(text)
  if (mac === null) return 'malformed_signature'
  return (await isMac(secrets, mac, body)) ? null : 'wrong_signature'
}

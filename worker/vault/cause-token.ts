// cause-token
//
// What a request of ours carries so that a hook of ours knows what it came of: which organization, in which chain, by
// which step.
//
//   C1. The mac covers every claim and the purpose. A token can be shown again, but neither changed nor made by others;
//       shown again it says no more than that something of this chain led here, which whoever has it may say.
//   C2. A token of another organization says nothing here.

import { Cause } from '../contract/cause.ts'
import { OrganizationId } from '../contract/id.ts'
import { fromBase64url, toBase64url } from './sealed-text.ts'

export interface CauseClaims {
  organizationId: OrganizationId
  cause: Cause
  /** Epoch ms. */
  issuedAt: number
}

const audience = 'cause'
const macBytes = 32
/** Longer than what ten workflows and the path of a deep step take. */
const maxLength = 4_000

/** `<version>.<claims>.<mac>`, both in base64url. */
export async function signCauseToken(
  { version, key }: { version: string; key: CryptoKey },
  { organizationId, cause, issuedAt }: CauseClaims,
): Promise<string> {
  const claims = JSON.stringify([1, audience, organizationId, cause, issuedAt])
  const body = `${version}.${toBase64url(new TextEncoder().encode(claims))}`
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body))
  return `${body}.${toBase64url(new Uint8Array(mac))}`
}

/** The claims; null for whatever was not signed here. Says nothing about the time. */
export async function readCauseToken(
  keyOf: (version: string) => Promise<CryptoKey | undefined>,
  token: string,
): Promise<CauseClaims | null> {
  if (token.length > maxLength) return null
  const [, version, claims, mac] = /^(k\d{1,6})\.([\w-]+)\.([\w-]{43})$/.exec(token) ?? []
  if (version === undefined || claims === undefined || mac === undefined) return null
  const [key, signature] = [await keyOf(version), fromBase64url(mac)]
  // One mac has one text: its last character may carry bits that decoding ignores.
  if (key === undefined || signature?.length !== macBytes || toBase64url(signature) !== mac) return null
  const body = new TextEncoder().encode(`${version}.${claims}`)
  if (!(await crypto.subtle.verify('HMAC', key, signature, body))) return null
  return parse(claims)
}

function parse(claims: string): CauseClaims | null {
  const bytes = fromBase64url(claims)
  if (bytes === null) return null
  const values = JSON.parse(new TextDecoder().decode(bytes)) as unknown
  if (!Array.isArray(values) || values.length !== 5) return null
  const [version, aud, org, given, issuedAt] = values as unknown[]
  if (version !== 1 || aud !== audience || typeof issuedAt !== 'number') return null
  const [organizationId, cause] = [OrganizationId.safeParse(org), Cause.safeParse(given)]
  if (!organizationId.success || !cause.success) return null
  return { organizationId: organizationId.data, cause: cause.data, issuedAt }
}

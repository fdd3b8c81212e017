// approval-token
//
// What a signed link to an approval carries: which one, of which organization, for whom, until when.
//
//   T1. The mac covers every claim and the purpose: nothing of it can be changed, shortened or shown for anything else.
//   T2. A token says who may look and decide. Whether they already have is for the execution to say.

import { ApprovalId, OrganizationId } from '../contract/id.ts'
import { fromBase64url, toBase64url } from './sealed-text.ts'

export interface ApprovalClaims {
  organizationId: OrganizationId
  approvalId: ApprovalId
  /** The address the link was made for. */
  email: string
  /** Epoch ms. */
  expiresAt: number
}

const audience = 'approval'
const macBytes = 32
const maxLength = 1_000

/** `<version>.<claims>.<mac>`, both in base64url. The same claims give the same token. */
export async function signApprovalToken(
  { version, key }: { version: string; key: CryptoKey },
  { organizationId, approvalId, email, expiresAt }: ApprovalClaims,
): Promise<string> {
  const claims = JSON.stringify([1, audience, organizationId, approvalId, email, expiresAt])
  const body = `${version}.${toBase64url(new TextEncoder().encode(claims))}`
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body))
  return `${body}.${toBase64url(new Uint8Array(mac))}`
}

/** The claims; null for whatever was not signed here. Says nothing about the time. */
export async function readApprovalToken(
  keyOf: (version: string) => Promise<CryptoKey | undefined>,
  token: string,
): Promise<ApprovalClaims | null> {
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

function parse(claims: string): ApprovalClaims | null {
  const bytes = fromBase64url(claims)
  if (bytes === null) return null
  const values = JSON.parse(new TextDecoder().decode(bytes)) as unknown
  if (!Array.isArray(values) || values.length !== 6) return null
  const [version, aud, org, apr, email, expiresAt] = values as unknown[]
  if (version !== 1 || aud !== audience || typeof email !== 'string' || typeof expiresAt !== 'number') return null
  const [organizationId, approvalId] = [OrganizationId.safeParse(org), ApprovalId.safeParse(apr)]
  if (!organizationId.success || !approvalId.success) return null
  return { organizationId: organizationId.data, approvalId: approvalId.data, email, expiresAt }
}

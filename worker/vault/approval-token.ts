// approval-token
//
// What a signed link to an approval carries: which one, of which organization, for whom, until when.
//
//   T1. The mac covers every claim and the purpose: nothing of it can be changed, shortened or shown for anything else.
//   T2. A token says who may look and decide. Whether they already have is for the execution to say.

import { ApprovalId, OrganizationId } from '../contract/id.ts'
import { readClaims, signClaims } from './signed-claims.ts'

export interface ApprovalClaims {
  organizationId: OrganizationId
  approvalId: ApprovalId
  /** The address the link was made for. */
  email: string
  /** Epoch ms. */
  expiresAt: number
}

const audience = 'approval'
const maxLength = 1_000

/** The same claims give the same token. */
export function signApprovalToken(
  key: { version: string; key: CryptoKey },
  { organizationId, approvalId, email, expiresAt }: ApprovalClaims,
): Promise<string> {
  return signClaims(key, [1, audience, organizationId, approvalId, email, expiresAt])
}

/** The claims; null for whatever was not signed here. Says nothing about the time. */
export async function readApprovalToken(
  keyOf: (version: string) => Promise<CryptoKey | undefined>,
  token: string,
): Promise<ApprovalClaims | null> {
  const values = await readClaims(keyOf, token, maxLength)
  return values === null ? null : parse(values)
}

function parse(values: readonly unknown[]): ApprovalClaims | null {
  if (values.length !== 6) return null
  const [version, aud, org, apr, email, expiresAt] = values
  if (version !== 1 || aud !== audience || typeof email !== 'string' || typeof expiresAt !== 'number') return null
  const [organizationId, approvalId] = [OrganizationId.safeParse(org), ApprovalId.safeParse(apr)]
  if (!organizationId.success || !approvalId.success) return null
  return { organizationId: organizationId.data, approvalId: approvalId.data, email, expiresAt }
}

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
import { readClaims, signClaims } from './signed-claims.ts'

export interface CauseClaims {
  organizationId: OrganizationId
  cause: Cause
  /** Epoch ms. */
  issuedAt: number
}

const audience = 'cause'
/** Longer than what ten workflows and the path of a deep step take. */
const maxLength = 4_000

/** The same claims give the same token. */
export function signCauseToken(
  key: { version: string; key: CryptoKey },
  { organizationId, cause, issuedAt }: CauseClaims,
): Promise<string> {
  return signClaims(key, [1, audience, organizationId, cause, issuedAt])
}

/** The claims; null for whatever was not signed here. Says nothing about the time. */
export async function readCauseToken(
  keyOf: (version: string) => Promise<CryptoKey | undefined>,
  token: string,
): Promise<CauseClaims | null> {
  const values = await readClaims(keyOf, token, maxLength)
  return values === null ? null : parse(values)
}

function parse(values: readonly unknown[]): CauseClaims | null {
  if (values.length !== 5) return null
  const [version, aud, org, given, issuedAt] = values
  if (version !== 1 || aud !== audience || typeof issuedAt !== 'number') return null
  const [organizationId, cause] = [OrganizationId.safeParse(org), Cause.safeParse(given)]
  if (!organizationId.success || !cause.success) return null
  return { organizationId: organizationId.data, cause: cause.data, issuedAt }
}

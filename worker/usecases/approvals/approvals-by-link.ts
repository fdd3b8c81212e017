// approvals-by-link
//
// An outsider looks and decides. The link is all they have: it names one approval, one address and an end.
//
//   L1. Looking changes nothing, however often a mail scanner does it.
//   L2. Every link that is not ours gets the same answer, whatever is wrong with it.
//   L3. A link is good for one decision: the second finds the first.

import { isAsked } from '../../approvals/judge-vote.ts'
import type { Approval, Verdict, Voter } from '../../contract/approval.ts'
import { appError } from '../../lib/app-error.ts'
import { actorOfLink } from '../../store/audit.ts'
import { findApprovalOfLink, findInvolved, type StoredApproval } from '../../store/approvals.ts'
import type { Database } from '../../store/database.ts'
import type { Vault } from '../../vault/index.ts'
import { castVote } from './cast-vote.ts'
import type { ApprovalRuntime } from './ports.ts'
import { presentApproval } from './present-approval.ts'

export interface LinkNeeds {
  db: Database
  vault: Pick<Vault, 'openApproval'>
  approvalRuntime: ApprovalRuntime
  requestId: string
  now(): Date
}

export interface Shown {
  approval: Approval
  email: string
  /** Of the organization that asks. */
  organizationName: string
}

/** What the link shows. Throws `approval.not_found` for every link that is not ours. */
export async function showByLink(needs: LinkNeeds, token: string): Promise<Shown> {
  const { stored, organizationName, me } = await open(needs, token)
  return { approval: presentApproval(stored, me, needs.now()), email: me.email, organizationName }
}

/** Decides, and gives how it stands then. Throws what `castVote` does. */
export async function decideByLink(
  needs: LinkNeeds,
  token: string,
  { verdict, comment, contentHash }: { verdict: Verdict; comment: string; contentHash: string },
): Promise<Shown> {
  const { stored, me } = await open(needs, token)
  const { db, approvalRuntime, requestId, now } = needs
  const { via, apiKeyId } = actorOfLink(stored.organizationId, requestId)
  await castVote(
    {
      approvals: { findInvolved: (approval) => findInvolved(db, approval) },
      approvalRuntime,
      now,
    },
    stored,
    { by: me, verdict, comment, contentHash, signedBy: null, through: { via, apiKeyId, requestId } },
  )
  return showByLink(needs, token)
}

async function open(
  { db, vault }: LinkNeeds,
  token: string,
): Promise<{ stored: StoredApproval; organizationName: string; me: Voter & { kind: 'outsider' } }> {
  const claims = await vault.openApproval(token)
  if (claims === null) throw appError('approval.not_found')
  const found = await findApprovalOfLink(db, claims.organizationId, claims.approvalId)
  if (found === undefined) throw appError('approval.not_found')
  const { stored, organizationName } = found
  const me = { kind: 'outsider', email: claims.email } as const
  if (claims.expiresAt !== stored.dueAt.getTime()) throw appError('approval.not_found')
  if (!isAsked(stored.request, stored.escalatedAt !== null, me)) throw appError('approval.not_found')
  return { stored, organizationName, me }
}

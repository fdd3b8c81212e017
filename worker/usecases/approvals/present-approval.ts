import { contentHash } from '../../approvals/content-hash.ts'
import { isSame } from '../../approvals/judge-vote.ts'
import type { Approval, Voter } from '../../contract/approval.ts'
import type { StoredApproval } from '../../store/approvals.ts'

/** An approval as the person sees it. One whose time is over reads as such before its execution has noticed. */
export function presentApproval(stored: StoredApproval, me: Voter, now: Date): Approval {
  const { request, votes, dueAt, createdAt, closedAt, escalatedAt } = stored
  const { content, approvers, quorum, fourEyes, signature } = request
  const isOver = stored.status === 'open' && dueAt.getTime() <= now.getTime()
  return {
    id: stored.id,
    status: isOver ? 'expired' : stored.status,
    content,
    contentHash: contentHash(content),
    approvers,
    quorum,
    fourEyes,
    signature,
    escalatedAt: escalatedAt?.toISOString() ?? null,
    decisions: votes.map(({ by, verdict, comment, at, contentHash: shown, signedBy }) => ({
      name: by.kind === 'member' ? by.name : by.email,
      email: by.email,
      isMember: by.kind === 'member',
      verdict,
      comment,
      at: new Date(at).toISOString(),
      contentHash: shown,
      signedBy,
    })),
    workflow: { id: stored.workflowId, name: stored.workflowName },
    executionId: stored.executionId,
    dueAt: dueAt.toISOString(),
    createdAt: createdAt.toISOString(),
    closedAt: (closedAt ?? (isOver ? dueAt : null))?.toISOString() ?? null,
    decidedByMe: votes.some(({ by }) => isSame(by, me)),
  }
}

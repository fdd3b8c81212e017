import type { ApprovalRequest, CountedVote } from '../contract/approval.ts'
import { unreachable } from '../lib/unreachable.ts'
import { addressOf, isAmong } from './judge-vote.ts'

/** How an approval stands after these decisions, all of which count. Null: more are needed. */
export function settleApproval(
  request: ApprovalRequest,
  votes: readonly CountedVote[],
  escalated: boolean,
): 'approved' | 'rejected' | null {
  // Who decides only since the escalation decides alone.
  const { escalation } = request
  if (escalated && escalation !== null) {
    const above = votes.find(({ by }) => isAmong(escalation.approvers, by))
    if (above !== undefined) return above.verdict === 'approve' ? 'approved' : 'rejected'
  }
  const approvals = votes.filter(({ verdict }) => verdict === 'approve')
  const rejections = votes.length - approvals.length
  const { quorum, approvers } = request
  switch (quorum) {
    case 'any': {
      const [first] = votes
      if (first === undefined) return null
      return first.verdict === 'approve' ? 'approved' : 'rejected'
    }
    case 'all':
      if (rejections > 0) return 'rejected'
      return isEverySeatTaken(request, approvals) ? 'approved' : null
    default: {
      if (typeof quorum !== 'number') return unreachable(quorum)
      if (approvals.length >= quorum) return 'approved'
      // Nobody knows how many members a role has by then: as many as could approve can reject.
      const canStillReject = approvers.roles.length > 0 ? quorum : approvers.emails.length - quorum + 1
      return rejections >= Math.max(1, canStillReject) ? 'rejected' : null
    }
  }
}

/** Whether everybody named has approved, and for each role somebody who has it and is not named. */
function isEverySeatTaken({ approvers }: ApprovalRequest, approvals: readonly CountedVote[]): boolean {
  const byAddress = new Set(approvals.map(({ by }) => addressOf(by)))
  const isNamed = (email: string) => approvers.emails.includes(email)
  const inRole = approvals.flatMap(({ by }) => (by.kind === 'member' && !isNamed(addressOf(by)) ? [by.role] : []))
  return (
    approvers.emails.every((email) => byAddress.has(email)) &&
    approvers.roles.every((role) => inRole.some((taken) => taken === role))
  )
}

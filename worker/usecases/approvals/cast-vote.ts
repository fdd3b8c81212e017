import type { Vote } from '../../contract/approval.ts'
import { appError } from '../../lib/app-error.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { ApprovalStore, StoredApproval } from '../../store/approvals.ts'
import type { ApprovalRuntime } from './ports.ts'

/** What casting a vote needs, for members and outsiders alike. */
export interface Polling {
  approvals: Pick<ApprovalStore, 'findInvolved'>
  approvalRuntime: ApprovalRuntime
  now(): Date
}

/**
 * Brings a person's decision to the execution that asked, and resolves when it counts and is durable. The execution sees
 * to it that it is in the audit. Throws
 * `approval.expired`, `approval.closed`, `approval.decided`, `approval.four_eyes`, `approval.changed`,
 * `approval.unsigned`, `approval.not_found`.
 */
export async function castVote(
  { approvals, approvalRuntime, now }: Polling,
  stored: StoredApproval,
  vote: Vote,
): Promise<void> {
  const { organizationId, executionId, generation, path, request, dueAt } = stored
  if (stored.status === 'expired' || (stored.status === 'open' && dueAt.getTime() <= now().getTime())) {
    throw appError('approval.expired')
  }
  const involved = request.fourEyes ? await involvedIn(approvals, stored) : []
  const answer = await approvalRuntime.decide(organizationId, { executionId, generation, path, vote, involved })
  switch (answer) {
    case 'counted':
      return
    case 'closed':
      throw appError('approval.closed')
    case 'decided_before':
      throw appError('approval.decided')
    case 'four_eyes':
      throw appError('approval.four_eyes')
    case 'other_content':
      throw appError('approval.changed')
    case 'unsigned':
      throw appError('approval.unsigned')
    case 'not_asked':
      throw appError('approval.not_found')
    default:
      return unreachable(answer)
  }
}

/** The audit names who started an execution by hand, a moment after it began. Until then nobody can be told apart. */
async function involvedIn(approvals: Polling['approvals'], stored: StoredApproval) {
  const { people, starterIsKnown } = await approvals.findInvolved(stored)
  if (stored.startedByHand && !starterIsKnown) throw appError('service.unavailable')
  return people
}

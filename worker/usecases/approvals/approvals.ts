import { isAmong } from '../../approvals/judge-vote.ts'
import type { Approval, ApprovalListQuery, DecideApprovalRequest, Voter } from '../../contract/approval.ts'
import type { Page } from '../../contract/error.ts'
import type { ApprovalId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import type { StoredApproval } from '../../store/approvals.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { castVote } from './cast-vote.ts'
import { presentApproval } from './present-approval.ts'

type Needs = Pick<Context, 'scope' | 'member' | 'approvals' | 'now'>

/** What the caller is asked, newest first. */
export async function listApprovals(
  { scope, member, approvals, now }: Needs,
  query: ApprovalListQuery,
): Promise<Page<Approval>> {
  requireCapability(scope, 'execution.read')
  const me = voterOf({ scope, member })
  const { items, ...rest } = await approvals.list(seatsOf(me), query)
  return { items: items.map((stored) => presentApproval(stored, me, now())), ...rest }
}

/** One that the caller is asked. Throws `approval.not_found`, also for one that only others are asked. */
export async function getApproval({ scope, member, approvals, now }: Needs, id: ApprovalId): Promise<Approval> {
  requireCapability(scope, 'execution.read')
  const me = voterOf({ scope, member })
  return presentApproval(await requireMine(approvals, me, id), me, now())
}

/**
 * Decides, on behalf of the caller. Who is named by address needs no capability; a key always does. `isPassword` says
 * whether a text is the caller's password; a key has none, so it can not sign.
 */
export async function decideApproval(
  context: Needs & Pick<Context, 'approvalRuntime' | 'recordDeed'>,
  id: ApprovalId,
  { verdict, comment, contentHash, password }: DecideApprovalRequest,
  isPassword: (text: string) => Promise<boolean>,
): Promise<Approval> {
  const { scope, approvals, approvalRuntime, recordDeed, now } = context
  const me = voterOf(context)
  const stored = await approvals.find(id)
  const isNamed = stored !== undefined && scope.via === 'session' && stored.asked.includes(me.email.toLowerCase())
  if (!isNamed) requireCapability(scope, 'approval.decide')
  if (stored === undefined || !isMine(stored, me)) throw appError('approval.not_found')

  const isSigned = stored.request.signature === 'password'
  if (isSigned && (scope.via !== 'session' || password === undefined)) throw appError('approval.unsigned')
  if (isSigned && !(await isPassword(password ?? ''))) throw appError('approval.wrong_password')
  await castVote({ approvals, approvalRuntime, recordDeed, now }, stored, {
    by: me,
    verdict,
    comment,
    contentHash,
    signedBy: isSigned ? 'password' : null,
  })
  return presentApproval(await requireMine(approvals, me, id), me, now())
}

/** The member behind the caller, as the one who decides. */
function voterOf({ scope, member }: Pick<Context, 'scope' | 'member'>): Voter & { kind: 'member' } {
  return { kind: 'member', userId: scope.userId, name: member.userName, email: member.email, role: scope.role }
}

function seatsOf({ email, role }: Voter & { kind: 'member' }): string[] {
  return [email.toLowerCase(), `role:${role}`]
}

function isMine({ asked, request, votes }: StoredApproval, me: Voter & { kind: 'member' }): boolean {
  return (
    seatsOf(me).some((seat) => asked.includes(seat)) ||
    isAmong(request.approvers, me) ||
    votes.some(({ by }) => by.kind === 'member' && by.userId === me.userId)
  )
}

async function requireMine(
  approvals: Context['approvals'],
  me: Voter & { kind: 'member' },
  id: ApprovalId,
): Promise<StoredApproval> {
  const stored = await approvals.find(id)
  if (stored === undefined || !isMine(stored, me)) throw appError('approval.not_found')
  return stored
}

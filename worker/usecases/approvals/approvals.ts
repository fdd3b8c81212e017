import { isAmong } from '../../approvals/judge-vote.ts'
import type {
  Approval,
  ApprovalListQuery,
  DecideApprovalRequest,
  Signature,
  SignedBy,
  Voter,
} from '../../contract/approval.ts'
import type { Page } from '../../contract/error.ts'
import type { ApprovalId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import type { StoredApproval } from '../../store/approvals.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { ChecksPassword } from '../authenticator/authenticator.ts'
import { takeCode, type CountsAttempts } from '../authenticator/take-code.ts'
import type { Context } from '../context.ts'
import { castVote } from './cast-vote.ts'
import { presentApproval } from './present-approval.ts'

type Needs = Pick<Context, 'scope' | 'member' | 'approvals' | 'now'>

/** How the caller proves once more who they are. */
interface Proves {
  isPassword: ChecksPassword
  count: CountsAttempts
}

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
 * Decides, on behalf of the caller. Who is named by address needs no capability; a key always does. What is to be signed
 * takes the caller's password or a code of their app; a key has neither, so it cannot sign.
 */
export async function decideApproval(
  context: Needs & Pick<Context, 'approvalRuntime' | 'actor' | 'authenticators' | 'vault'>,
  id: ApprovalId,
  { verdict, comment, contentHash, ...given }: DecideApprovalRequest,
  proves: Proves,
): Promise<Approval> {
  const { scope, approvals, approvalRuntime, actor, now } = context
  const me = voterOf(context)
  const stored = await approvals.find(id)
  const isNamed = stored !== undefined && scope.via === 'session' && stored.asked.includes(me.email.toLowerCase())
  if (!isNamed) requireCapability(scope, 'approval.decide')
  if (stored === undefined || !isMine(stored, me)) throw appError('approval.not_found')

  if (stored.request.signature !== 'none' && scope.via !== 'session') throw appError('approval.unsigned')
  const signedBy = await sign(context, stored.request.signature, given, proves)
  await castVote({ approvals, approvalRuntime, now }, stored, {
    by: me,
    verdict,
    comment,
    contentHash,
    signedBy,
    through: { via: actor.via, apiKeyId: actor.apiKeyId, requestId: actor.requestId },
  })
  return presentApproval(await requireMine(approvals, me, id), me, now())
}

/** How it is signed; null where nobody asks. Throws `approval.unsigned`, `.wrong_password`, `.wrong_code`. */
async function sign(
  context: Pick<Context, 'scope' | 'authenticators' | 'vault' | 'now'>,
  signature: Signature,
  { password, code }: Pick<DecideApprovalRequest, 'password' | 'code'>,
  { isPassword, count }: Proves,
): Promise<SignedBy | null> {
  switch (signature) {
    case 'none':
      return null
    case 'password':
      if (password === undefined) throw appError('approval.unsigned')
      if (!(await isPassword(password))) throw appError('approval.wrong_password')
      return 'password'
    case 'totp': {
      if (code === undefined) throw appError('approval.unsigned')
      const signedBy = await takeCode(context, code, count)
      if (signedBy === null) throw appError('approval.wrong_code')
      return signedBy
    }
    default:
      return unreachable(signature)
  }
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

import type { UserId } from '../../contract/id.ts'
import type { ChangeMemberRequest, Member } from '../../contract/member.ts'
import { appError } from '../../lib/app-error.ts'
import { sightOf } from '../../tenancy/roles.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/**
 * Gives a member wider sight, or takes it back: from their next request on. Throws `member.not_found`, and
 * `member.oneself` for the caller's own: what one is given has to outlast one's role only by somebody else's will.
 */
export async function changeMember(
  { scope, members }: Pick<Context, 'scope' | 'members'>,
  userId: UserId,
  { sight }: ChangeMemberRequest,
): Promise<Member> {
  requireCapability(scope, 'member.manage')
  if (userId === scope.userId) throw appError('member.oneself')
  const member = await members.find(userId)
  if (member === undefined) throw appError('member.not_found')
  if (member.givenSight === sight) return member
  if (!(await members.giveSight(member, sight))) throw appError('member.not_found')
  return { ...member, sight: sightOf(member.role, sight), givenSight: sight }
}

import type { UserId } from '../../contract/id.ts'
import type { Member } from '../../contract/member.ts'
import { appError } from '../../lib/app-error.ts'
import { requireNotAbove } from '../../tenancy/giving.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/**
 * Ends a membership: from the next request on the organization is closed to them, and their keys within seconds. Whoever
 * signed in may end their own; a key needs `member.manage` for that too. Throws `member.not_found`, `auth.forbidden` for
 * somebody who may do more than the caller, and `member.last_owner`.
 */
export async function removeMember(
  { scope, members }: Pick<Context, 'scope' | 'members'>,
  userId: UserId,
): Promise<Member> {
  const isLeaving = userId === scope.userId && scope.via === 'session'
  if (!isLeaving) requireCapability(scope, 'member.manage')
  const member = await members.find(userId)
  if (member === undefined) throw appError('member.not_found')
  if (!isLeaving) requireNotAbove(scope, member.role, { userId })
  if (await members.remove(member)) return member
  // They are not what they were a moment ago, or the last who may decide about the organization.
  const now = await members.find(userId)
  if (now === undefined) throw appError('member.not_found')
  if (now.role === member.role) throw appError('member.last_owner')
  return removeMember({ scope, members }, userId)
}

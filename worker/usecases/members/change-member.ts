import type { UserId } from '../../contract/id.ts'
import { Role, type ChangeMemberRequest, type Member, type Sight } from '../../contract/member.ts'
import { appError } from '../../lib/app-error.ts'
import { mayGive, requireMayGive, requireNotAbove } from '../../tenancy/giving.ts'
import { capabilitiesOf, sightOf } from '../../tenancy/roles.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

type Needs = Pick<Context, 'scope' | 'members'>

/**
 * Makes a member something else, gives them wider sight, or takes it back: from their next request on. Throws
 * `member.not_found`; `auth.forbidden` where the role they have or are to have may do more than the caller;
 * `member.last_owner`; and `member.oneself` for the caller's own sight: what one is given has to outlast one's role only by
 * somebody else's will.
 */
export async function changeMember(
  context: Needs,
  userId: UserId,
  { sight, role }: ChangeMemberRequest,
): Promise<Member> {
  const { scope, members } = context
  requireCapability(scope, 'member.manage')
  if (sight !== undefined && userId === scope.userId) throw appError('member.oneself')
  const member = await members.find(userId)
  if (member === undefined) throw appError('member.not_found')
  const placed = role === undefined ? member : await changeRole(context, member, role)
  return sight === undefined ? placed : giveSight(context, placed, sight)
}

async function changeRole({ scope, members }: Needs, member: Member, role: Role): Promise<Member> {
  const { userId } = member
  requireNotAbove(scope, member.role, { userId })
  if (member.role === role) return member
  requireMayGive(scope, role, { userId, role })
  const noLongerGives = Role.options.filter((given) => !mayGive(capabilitiesOf(role), given))
  const isChanged = await members.changeRole(member, role, noLongerGives)
  const now = await members.find(userId)
  if (now === undefined) throw appError('member.not_found')
  if (isChanged) return now
  if (now.role === member.role) throw appError('member.last_owner')
  // Somebody else made them something meanwhile: whether the caller may still do this is another question.
  return changeRole({ scope, members }, now, role)
}

async function giveSight({ members }: Needs, member: Member, sight: Sight | null): Promise<Member> {
  if (member.givenSight === sight) return member
  if (!(await members.giveSight(member, sight))) throw appError('member.not_found')
  return { ...member, sight: sightOf(member.role, sight), givenSight: sight }
}

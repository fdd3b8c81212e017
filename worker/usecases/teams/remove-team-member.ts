import type { TeamId, UserId } from '../../contract/id.ts'
import type { TeamWithMembers } from '../../contract/team.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireTeam } from './require-team.ts'
import { withMembers } from './with-members.ts'

/**
 * Takes a member out of a team, from their next request on; who is not in it stays out. Whoever signed in may leave a team
 * by themselves; a key needs `member.manage` for that too. Throws `team.not_found` and `member.not_found`.
 */
export async function removeTeamMember(
  context: Pick<Context, 'scope' | 'teams' | 'members'>,
  id: TeamId,
  userId: UserId,
): Promise<TeamWithMembers> {
  const { scope, teams, members } = context
  const isLeaving = userId === scope.userId && scope.via === 'session'
  if (!isLeaving) requireCapability(scope, 'member.manage')
  const team = await requireTeam(context, id)
  const member = await members.find(userId)
  if (member === undefined) throw appError('member.not_found')
  await teams.removeMember(team, member)
  return withMembers(context, id)
}

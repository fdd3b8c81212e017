import type { TeamId, UserId } from '../../contract/id.ts'
import type { TeamWithMembers } from '../../contract/team.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireTeam } from './require-team.ts'
import { withMembers } from './with-members.ts'

/**
 * Puts a member of the organization into a team, from their next request on; who is in it already stays. Throws
 * `team.not_found` and `member.not_found`.
 */
export async function addTeamMember(
  context: Pick<Context, 'scope' | 'teams' | 'members' | 'now'>,
  id: TeamId,
  userId: UserId,
): Promise<TeamWithMembers> {
  const { scope, teams, members, now } = context
  requireCapability(scope, 'member.manage')
  const team = await requireTeam(context, id)
  const member = await members.find(userId)
  if (member === undefined) throw appError('member.not_found')
  await teams.addMember(team, member, now())
  return withMembers(context, id)
}

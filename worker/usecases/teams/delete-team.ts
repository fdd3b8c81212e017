import type { TeamId } from '../../contract/id.ts'
import type { Team } from '../../contract/team.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireTeam } from './require-team.ts'

/**
 * Ends a team. What its members made stays as it is, and goes on: shared with their teams, it is seen by the teams that they
 * are in otherwise, and where there is none by them alone and by whoever sees more. Throws `team.not_found`.
 */
export async function deleteTeam(context: Pick<Context, 'scope' | 'teams'>, id: TeamId): Promise<Team> {
  requireCapability(context.scope, 'member.manage')
  const team = await requireTeam(context, id)
  if (!(await context.teams.remove(team))) throw appError('team.not_found')
  return team
}

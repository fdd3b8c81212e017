import type { TeamId } from '../../contract/id.ts'
import type { RenameTeamRequest, Team } from '../../contract/team.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireTeam } from './require-team.ts'

/** Names a team anew; nothing else about it changes. Throws `team.not_found` and `team.exists`. */
export async function renameTeam(
  context: Pick<Context, 'scope' | 'teams' | 'now'>,
  id: TeamId,
  { name }: RenameTeamRequest,
): Promise<Team> {
  const { scope, teams, now } = context
  requireCapability(scope, 'member.manage')
  const team = await requireTeam(context, id)
  if (team.name === name) return team
  if (await teams.rename(team, name, now())) return { ...team, name }
  const present = await requireTeam(context, id)
  if (present.name === team.name) throw appError('team.exists')
  // Somebody else named it meanwhile: the audit is to tell what it was called before.
  return renameTeam(context, id, { name })
}

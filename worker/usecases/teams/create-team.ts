import type { CreateTeamRequest, TeamWithMembers } from '../../contract/team.ts'
import { appError } from '../../lib/app-error.ts'
import { newId } from '../../lib/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** Makes a team that nobody is in yet. Throws `team.exists` and `team.too_many`. */
export async function createTeam(
  { scope, teams, now }: Pick<Context, 'scope' | 'teams' | 'now'>,
  { name }: CreateTeamRequest,
): Promise<TeamWithMembers> {
  requireCapability(scope, 'member.manage')
  const at = now()
  const id = newId('team', at.getTime())
  if (await teams.create({ id, name, at })) {
    return { id, name, memberCount: 0, createdAt: at.toISOString(), members: [] }
  }
  throw appError((await teams.hasName(name)) ? 'team.exists' : 'team.too_many')
}

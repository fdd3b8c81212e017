import type { Team, TeamListQuery } from '../../contract/team.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** The teams that the caller sees, by name; of a `member` those of them that they are in. */
export async function listTeams(
  { scope, teams }: Pick<Context, 'scope' | 'teams'>,
  { member }: TeamListQuery,
): Promise<Team[]> {
  requireCapability(scope, 'member.read')
  return teams.list(member)
}

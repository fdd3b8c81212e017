import type { TeamId } from '../../contract/id.ts'
import type { TeamWithMembers } from '../../contract/team.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { withMembers } from './with-members.ts'

/** A team and who is in it. Throws `team.not_found`, also for one that the caller does not see. */
export async function getTeam(context: Pick<Context, 'scope' | 'teams'>, id: TeamId): Promise<TeamWithMembers> {
  requireCapability(context.scope, 'member.read')
  return withMembers(context, id)
}

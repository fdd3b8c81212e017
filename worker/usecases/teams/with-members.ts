import type { TeamId } from '../../contract/id.ts'
import type { TeamWithMembers } from '../../contract/team.ts'
import type { Context } from '../context.ts'
import { requireTeam } from './require-team.ts'

/** A team as it is now, with who is in it. Throws `team.not_found`. */
export async function withMembers(context: Pick<Context, 'teams'>, id: TeamId): Promise<TeamWithMembers> {
  const team = await requireTeam(context, id)
  const members = await context.teams.membersOf(id)
  return { ...team, memberCount: members.length, members }
}

import type { TeamId } from '../../contract/id.ts'
import type { Team } from '../../contract/team.ts'
import { appError } from '../../lib/app-error.ts'
import type { Context } from '../context.ts'

/** A team that the caller sees. Throws `team.not_found`. */
export async function requireTeam({ teams }: Pick<Context, 'teams'>, id: TeamId): Promise<Team> {
  const team = await teams.find(id)
  if (team === undefined) throw appError('team.not_found')
  return team
}

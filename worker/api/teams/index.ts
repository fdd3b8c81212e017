import { addTeamMember } from '../../usecases/teams/add-team-member.ts'
import { createTeam } from '../../usecases/teams/create-team.ts'
import { deleteTeam } from '../../usecases/teams/delete-team.ts'
import { getTeam } from '../../usecases/teams/get-team.ts'
import { listTeams } from '../../usecases/teams/list-teams.ts'
import { removeTeamMember } from '../../usecases/teams/remove-team-member.ts'
import { renameTeam } from '../../usecases/teams/rename-team.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import * as routes from './routes.ts'

export const teamsApi = createApi()
  .openapi(routes.listTeamsRoute, async (c) =>
    answer(c, { items: await listTeams(c.var.context, c.req.valid('query')) }, 200),
  )
  .openapi(routes.createTeamRoute, async (c) => answer(c, await createTeam(c.var.context, c.req.valid('json')), 201))
  .openapi(routes.getTeamRoute, async (c) => answer(c, await getTeam(c.var.context, c.req.valid('param').teamId), 200))
  .openapi(routes.renameTeamRoute, async (c) =>
    answer(c, await renameTeam(c.var.context, c.req.valid('param').teamId, c.req.valid('json')), 200),
  )
  .openapi(routes.deleteTeamRoute, async (c) =>
    answer(c, await deleteTeam(c.var.context, c.req.valid('param').teamId), 200),
  )
  .openapi(routes.addTeamMemberRoute, async (c) => {
    const { teamId, userId } = c.req.valid('param')
    return answer(c, await addTeamMember(c.var.context, teamId, userId), 200)
  })
  .openapi(routes.removeTeamMemberRoute, async (c) => {
    const { teamId, userId } = c.req.valid('param')
    return answer(c, await removeTeamMember(c.var.context, teamId, userId), 200)
  })

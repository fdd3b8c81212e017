import { changeMember } from '../../usecases/members/change-member.ts'
import { listMembers } from '../../usecases/members/list-members.ts'
import { removeMember } from '../../usecases/members/remove-member.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import * as routes from './routes.ts'

export const membersApi = createApi()
  .openapi(routes.listMembersRoute, async (c) => answer(c, { items: await listMembers(c.var.context) }, 200))
  .openapi(routes.changeMemberRoute, async (c) =>
    answer(c, await changeMember(c.var.context, c.req.valid('param').userId, c.req.valid('json')), 200),
  )
  .openapi(routes.removeMemberRoute, async (c) =>
    answer(c, await removeMember(c.var.context, c.req.valid('param').userId), 200),
  )

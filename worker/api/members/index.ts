import { changeMember } from '../../usecases/members/change-member.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import { changeMemberRoute } from './routes.ts'

export const membersApi = createApi().openapi(changeMemberRoute, async (c) =>
  answer(c, await changeMember(c.var.context, c.req.valid('param').userId, c.req.valid('json')), 200),
)

import { getCurrentMember } from '../../usecases/members/get-current-member.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import { getCurrentMemberRoute } from './routes.ts'

export const meApi = createApi().openapi(getCurrentMemberRoute, async (c) =>
  answer(c, await getCurrentMember(c.var.context), 200),
)

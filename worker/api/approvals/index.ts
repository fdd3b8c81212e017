import { rateLimitStore } from '../../store/rate-limits.ts'
import { decideApproval, getApproval, listApprovals } from '../../usecases/approvals/approvals.ts'
import { countAttempt } from '../auth/sign-in-limits.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import type { ApiContext } from '../env.ts'
import * as routes from './routes.ts'

export const approvalsApi = createApi()
  .openapi(routes.listApprovalsRoute, async (c) => {
    return answer(c, await listApprovals(c.var.context, c.req.valid('query')), 200)
  })
  .openapi(routes.getApprovalRoute, async (c) => {
    return answer(c, await getApproval(c.var.context, c.req.valid('param').approvalId), 200)
  })
  .openapi(routes.decideApprovalRoute, async (c) => {
    const { approvalId } = c.req.valid('param')
    const isPassword = (text: string) => checkPassword(c, text)
    return answer(c, await decideApproval(c.var.context, approvalId, c.req.valid('json'), isPassword), 200)
  })

/** Wrong ones are counted with those of the sign-in: nobody guesses a password here instead. */
async function checkPassword(c: ApiContext, password: string): Promise<boolean> {
  const { auth, db, now } = c.var.backend
  const attempt = { account: c.var.context.member.email, address: c.req.header('cf-connecting-ip') }
  const takeBack = await countAttempt(rateLimitStore(db), attempt, now().getTime())
  const isRight = await auth.verifyPassword(c.req.raw, password)
  if (isRight) await takeBack()
  return isRight
}

import { decideApproval, getApproval, listApprovals } from '../../usecases/approvals/approvals.ts'
import { provesOf } from '../auth/proves.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
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
    return answer(c, await decideApproval(c.var.context, approvalId, c.req.valid('json'), provesOf(c)), 200)
  })

import { countEnrolments } from '../../usecases/enrolments/count-enrolments.ts'
import { listEnrolmentsOfContact, listEnrolmentsOfWorkflow } from '../../usecases/enrolments/list-enrolments.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import * as routes from './routes.ts'

export const enrolmentsApi = createApi()
  .openapi(routes.listWorkflowEnrolmentsRoute, async (c) => {
    const { workflowId } = c.req.valid('param')
    return answer(c, await listEnrolmentsOfWorkflow(c.var.context, workflowId, c.req.valid('query')), 200)
  })
  .openapi(routes.countEnrolmentsRoute, async (c) => {
    return answer(c, await countEnrolments(c.var.context, c.req.valid('param').workflowId), 200)
  })
  .openapi(routes.listContactEnrolmentsRoute, async (c) => {
    const { contactId } = c.req.valid('param')
    return answer(c, await listEnrolmentsOfContact(c.var.context, contactId, c.req.valid('query')), 200)
  })

import { listAudit } from '../../usecases/audit/list-audit.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import { listAuditRoute } from './routes.ts'

export const auditApi = createApi().openapi(listAuditRoute, async (c) =>
  answer(c, await listAudit(c.var.context, c.req.valid('query')), 200),
)

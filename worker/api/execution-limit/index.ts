import { getExecutionLimit } from '../../usecases/execution-limit/get-execution-limit.ts'
import { setExecutionLimit } from '../../usecases/execution-limit/set-execution-limit.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import * as routes from './routes.ts'

export const executionLimitApi = createApi()
  .openapi(routes.getExecutionLimitRoute, async (c) => answer(c, await getExecutionLimit(c.var.context), 200))
  .openapi(routes.setExecutionLimitRoute, async (c) =>
    answer(c, await setExecutionLimit(c.var.context, c.req.valid('json')), 200),
  )

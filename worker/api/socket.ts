import { Hono } from 'hono'
import { ExecutionId } from '../contract/id.ts'
import { appError } from '../lib/app-error.ts'
import { invalidRequest } from '../lib/invalid-request.ts'
import { openExecutionSocket } from '../usecases/executions/open-execution-socket.ts'
import type { ApiEnv } from './env.ts'
import { admitCaller } from './middleware/admit-caller.ts'

/** `GET /ws/executions/:id`: an execution as it goes, in `LiveMessage`s. Not in the OpenAPI document, which has no word for it. */
export const socketApi = new Hono<ApiEnv>().get('/ws/executions/:executionId', admitCaller, async (c) => {
  const id = ExecutionId.safeParse(c.req.param('executionId'))
  if (!id.success) throw appError('execution.not_found')
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
    const problem = { path: 'Upgrade', message: 'must be websocket' }
    throw invalidRequest([problem])
  }
  return openExecutionSocket(c.var.context, id.data, c.req.raw)
})

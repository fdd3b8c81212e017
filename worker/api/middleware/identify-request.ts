import { createMiddleware } from 'hono/factory'
import type { ApiEnv } from '../env.ts'
import { newRequestId } from '../request-id.ts'

/** Gives the request a name, which its answer, its log lines and its audit entries share. */
export const identifyRequest = createMiddleware<ApiEnv>(async (c, next) => {
  c.set('startedAt', Date.now())
  c.set('requestId', newRequestId())
  await next()
  c.header('X-Request-Id', c.var.requestId)
})

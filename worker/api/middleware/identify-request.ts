import { createMiddleware } from 'hono/factory'
import { base32 } from '../../lib/base32.ts'
import type { ApiEnv } from '../env.ts'

/** A name for one request, that nobody can guess or choose. */
export function newRequestId(): string {
  return `req_${base32(crypto.getRandomValues(new Uint8Array(10)))}`
}

/** Gives the request a name, which its answer, its log lines and its audit entries share. */
export const identifyRequest = createMiddleware<ApiEnv>(async (c, next) => {
  c.set('startedAt', Date.now())
  c.set('requestId', newRequestId())
  await next()
  c.header('X-Request-Id', c.var.requestId)
})

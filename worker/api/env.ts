import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { Context } from '../usecases/context.ts'
import type { Backend } from './backend.ts'

/** What middleware has put in place by the time a handler runs. `context` exists once the caller is admitted. */
export interface ApiEnv {
  Variables: {
    requestId: string
    startedAt: number
    backend: Backend
    context: Context
  }
}

export type ApiContext = HonoContext<ApiEnv>
export type Api = OpenAPIHono<ApiEnv>

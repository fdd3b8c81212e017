import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { createApi } from './create-api.ts'
import { answer } from './envelope.ts'
import { errors, json } from './respond.ts'

const healthRoute = createRoute({
  operationId: 'getHealth',
  method: 'get',
  path: '/health',
  tags: ['Operation'],
  summary: 'Whether the Worker answers',
  security: [],
  responses: { 200: json(z.strictObject({ status: z.literal('ok') }), 'It does.'), ...errors() },
})

export const healthApi = createApi().openapi(healthRoute, (c) => answer(c, { status: 'ok' as const }, 200))

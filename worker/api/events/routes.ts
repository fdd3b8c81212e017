import { createRoute } from '@hono/zod-openapi'
import { AcceptedEvent, EventRequest } from '../../contract/trigger.ts'
import { IdempotencyKey } from '../headers.ts'
import { errors, json, jsonBody } from '../respond.ts'

export const sendEventRoute = createRoute({
  operationId: 'sendEvent',
  method: 'post',
  path: '/events',
  tags: ['Events'],
  summary: 'Send an event',
  description:
    'For every active workflow that listens to its type. When this answers, the event is on disk. The same `id` (or ' +
    '`Idempotency-Key`) starts nothing twice within 7 days.',
  request: { headers: IdempotencyKey, body: jsonBody(EventRequest) },
  responses: {
    202: json(AcceptedEvent, 'The event is accepted.'),
    ...errors('contact.not_found', 'hook.conflict', 'service.unavailable'),
  },
})

import { sendEvent } from '../../usecases/events/send-event.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import { sendEventRoute } from './routes.ts'

export const eventsApi = createApi().openapi(sendEventRoute, async (c) => {
  const key = c.req.valid('header')['idempotency-key']
  const event = c.req.valid('json')
  const named = key === undefined || event.id !== undefined ? event : { ...event, id: key }
  return answer(c, await sendEvent(c.var.context, named), 202)
})

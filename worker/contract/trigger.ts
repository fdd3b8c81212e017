import { z } from 'zod'
import { Cause } from './cause.ts'
import { Contact } from './contact.ts'
import { ContactId } from './id.ts'
import { Json, JsonObject } from './json.ts'

/** What a webhook workflow reads as `trigger`. Header names are lower case; a query key given twice is a list. */
export const WebhookTrigger = z
  .strictObject({
    type: z.literal('webhook'),
    method: z.string(),
    headers: z.record(z.string(), z.string()),
    query: JsonObject,
    body: Json,
  })
  .meta({ id: 'WebhookTrigger' })
export type WebhookTrigger = z.infer<typeof WebhookTrigger>

/** A webhook's data as somebody who starts the workflow by hand gives it: the rest is filled in. */
export const WebhookInput = WebhookTrigger.omit({ type: true }).partial()
export type WebhookInput = z.infer<typeof WebhookInput>

/** What an event workflow reads as `trigger`. */
export const EventTrigger = z
  .strictObject({
    type: z.string(),
    data: Json,
    id: z.string(),
    occurredAt: z.string(),
    /** The contact it is about, where it names one. */
    contactId: ContactId.optional(),
    /** The contact as the event found it; in a contact’s own events `data` holds it. */
    contact: Contact.optional(),
    /** Of our own events: why it happened. */
    cause: Cause.optional(),
  })
  .meta({ id: 'EventTrigger' })
export type EventTrigger = z.infer<typeof EventTrigger>

/** An event's data as somebody who starts the workflow by hand gives it. */
export const EventInput = EventTrigger.partial()
export type EventInput = z.infer<typeof EventInput>

/** What a workflow started by a person or by `execute` reads as `trigger`. */
export const ManualTrigger = z.strictObject({ type: z.literal('manual'), data: Json }).meta({ id: 'ManualTrigger' })
export type ManualTrigger = z.infer<typeof ManualTrigger>

/** `POST /events`. `id` is the sender's own name for the event: the same id starts nothing twice within 7 days. */
export const EventRequest = z
  .strictObject({
    type: z
      .string()
      .min(1)
      .max(120)
      .regex(/^[a-zA-Z0-9_]+([.:/-][a-zA-Z0-9_]+)*$/, 'must be words joined by dots, such as order.paid')
      .describe('What happened: words joined by dots, such as `order.paid`. Workflows listen to it.'),
    data: Json.optional().describe('What there is to say about it; workflows read it as `trigger.data`.'),
    id: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Your own name for the event: the same one starts nothing twice within 7 days.'),
    occurredAt: z.iso.datetime({ offset: true }).optional().describe('When it happened; now when left out.'),
    contactId: ContactId.optional().describe('The contact it is about: its workflows read it as `contactAtStart`.'),
  })
  .meta({ id: 'EventRequest' })
export type EventRequest = z.infer<typeof EventRequest>

/** An accepted trigger: on disk before anybody is told so. `executions` are those that will start if nothing changes. */
export const AcceptedEvent = z
  .strictObject({
    eventId: z.string(),
    /** The execution, when exactly one workflow listens. */
    executionId: z.string().optional(),
    executionIds: z
      .array(z.string())
      .meta({ description: 'Those that began at once. Others may begin a moment later: `GET /executions?eventId=…`.' }),
    duplicate: z.boolean(),
  })
  .meta({ id: 'AcceptedEvent' })
export type AcceptedEvent = z.infer<typeof AcceptedEvent>

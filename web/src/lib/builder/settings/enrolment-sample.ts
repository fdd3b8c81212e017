import type { Json } from '#contract/json.ts'
import { sampleContact } from '../model/sample-contact.ts'
import type { SampleScope } from '../model/sample-scope.ts'

const event: Json = { type: 'order.paid', data: { total: 120 }, occurredAt: '2026-01-31T09:00:00.000Z' }

/** What conditions about enrolment can read, as an example: the contact, and the event that let it in or that came since. */
export const enrolmentSample: SampleScope & { contact: Json; event: Json } = {
  trigger: event,
  steps: {},
  vars: {},
  execution: { id: '', generation: 1, startedAt: '', mode: 'production' },
  workflow: { id: '', name: '', version: 1 },
  contact: sampleContact,
  event,
}

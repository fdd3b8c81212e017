import type { Json } from '#contract/json.ts'
import type { SampleScope } from '../model/sample-scope.ts'

const contact: Json = {
  id: 'con_01jd4x8m3w5q7r9t1v3x5z7b9d',
  name: 'Ada Lovelace',
  firstName: 'Ada',
  lastName: 'Lovelace',
  company: 'Engines',
  jobTitle: null,
  source: 'webinar',
  email: 'ada@example.com',
  phone: '+442079460958',
  address: { line1: null, line2: null, city: 'London', region: null, postalCode: null, country: 'GB' },
  language: 'en-GB',
  timeZone: 'Europe/London',
  tags: ['lead'],
  custom: {},
}
const event: Json = { type: 'order.paid', data: { total: 120 }, occurredAt: '2026-01-31T09:00:00.000Z' }

/** What conditions about enrolment can read, as an example: the contact, and the event that let it in or that came since. */
export const enrolmentSample: SampleScope & { contact: Json; event: Json } = {
  trigger: event,
  steps: {},
  vars: {},
  execution: { id: '', generation: 1, startedAt: '', mode: 'production' },
  workflow: { id: '', name: '', version: 1 },
  contact,
  event,
}

import type { JsonObject } from '#contract/json.ts'

/** A contact as an example, without fields of the organization's own. */
export const sampleContact: JsonObject = {
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

import { z } from 'zod'
import { standardFieldNames } from '../../contacts/standard-fields.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { ParamProblem } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { field } from '../params/field.ts'
import type { ParamsOf } from '../params/lazy-schema.ts'

export const contactId = () =>
  z
    .string()
    .min(1)
    .max(200)
    .meta(
      field({
        title: 'Contact',
        description: 'The id of the contact. Left as it is, the one that the event names.',
        control: 'text',
        placeholder: '{{ trigger.contactId }}',
      }),
    )

/** For the default of `contactId`: every event about a contact names it. */
export const triggerContact = '{{ trigger.contactId }}'

export const contactFields = () =>
  z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[a-zA-Z][a-zA-Z0-9_]{0,39}(?:\.[a-zA-Z][a-zA-Z0-9_]{0,39})?$/, 'must be a field of contacts')
          .meta(field({ title: 'Field', control: 'text', placeholder: 'firstName', expressions: false })),
        value: anyJson.meta(field({ title: 'Value', control: 'json', placeholder: '{{ trigger.body.name }}' })),
      }),
    )
    .max(100)
    .meta(
      field({
        title: 'Fields',
        description: 'Such as firstName, email, address.city or custom.plan. An empty value empties the field.',
        control: 'fields',
      }),
    )

/** Tags as people write them, `vip, lead`, or a list that an expression gives. */
export const contactTags = () => z.union([z.string().max(4_000), z.array(z.string()).max(100)])

/** The tags without blanks around them; empty ones are left out. */
export function tagsOf(tags: ParamsOf<typeof contactTags>): string[] {
  const all = typeof tags === 'string' ? tags.split(',') : tags
  return all.map((tag) => tag.trim()).filter((tag) => tag !== '')
}

/** Rows as fields by name; of two rows of one name the last counts. */
export function fieldsOf(rows: ParamsOf<typeof contactFields>): Record<string, Json> {
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

/** Names that no contact has: a field of one's own is called `custom.…`, and is known to its organization only. */
export function checkFields({ fields }: JsonObject): ParamProblem[] {
  if (!Array.isArray(fields)) return []
  return fields.flatMap((row, index): ParamProblem[] => {
    const name = typeof row === 'object' && row !== null && !Array.isArray(row) ? row['name'] : undefined
    if (typeof name !== 'string' || name.startsWith('custom.') || standardFieldNames.has(name)) return []
    const message = `Contacts have no field “${name}”. A custom field is called custom.${name}.`
    return [{ severity: 'error', code: 'contact.unknown_field', message, path: ['fields', index, 'name'] }]
  })
}

/** A contact as steps give it, for mapping before anything ran. */
export const sampleContact: JsonObject = {
  id: 'con_01jd4x8m3w5q7r9t1v3x5z7b9d',
  revision: 3,
  name: 'Ada Lovelace',
  firstName: 'Ada',
  lastName: 'Lovelace',
  email: 'ada@example.com',
  phone: '+442079460958',
  company: 'Analytical Engines',
  jobTitle: null,
  address: { line1: null, line2: null, city: 'London', region: null, postalCode: null, country: 'GB' },
  language: 'en-GB',
  timeZone: 'Europe/London',
  source: 'website',
  ownerId: null,
  visibility: 'organization',
  tags: ['lead', 'vip'],
  custom: { plan: 'team' },
  createdAt: '2026-01-15T09:30:00.000Z',
  updatedAt: '2026-02-01T14:00:00.000Z',
}

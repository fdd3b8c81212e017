import fc from 'fast-check'
import type { ContactField } from '../../worker/contract/contact-field.ts'
import type { CustomValue } from '../../worker/contract/contact.ts'
import { newId } from '../../worker/lib/id.ts'
import { emptyContact } from '../../worker/contacts/change-contact.ts'
import type { ContactChange } from '../../worker/contacts/read-change.ts'

const define = (key: string, type: ContactField['type'], options: string[] = []): ContactField => ({
  key,
  label: key,
  type,
  options,
  createdAt: '2026-01-01T00:00:00.000Z',
})

/** One field of each kind. */
export const definitions: ContactField[] = [
  define('note', 'longText'),
  define('score', 'number'),
  define('opted', 'boolean'),
  define('birthday', 'date'),
  define('seenAt', 'dateTime'),
  define('plan', 'select', ['free', 'team', 'company']),
  define('topics', 'multiSelect', ['news', 'offers', 'events']),
  define('second', 'email'),
  define('site', 'url'),
]

const texts = fc.option(fc.string({ minLength: 1, maxLength: 8 }), { nil: null })
const tag = fc.constantFrom('vip', 'lead', 'news', 'old')

const values: Record<string, fc.Arbitrary<CustomValue>> = {
  firstName: texts,
  lastName: texts,
  company: texts,
  'address.city': texts,
  email: fc.constantFrom(null, 'ada@example.com', 'ben@example.com'),
  'custom.score': fc.option(fc.integer({ min: -3, max: 3 }), { nil: null }),
  'custom.plan': fc.constantFrom(null, 'free', 'team'),
  'custom.topics': fc.option(fc.subarray(['news', 'offers', 'events'], { minLength: 1 }), { nil: null }),
}

/** A change as `readChange` gives it. */
export const changes: fc.Arbitrary<ContactChange> = fc
  .record({
    fields: fc.record(values, { requiredKeys: [] }),
    tags: fc.option(fc.uniqueArray(tag), { nil: undefined }),
    add: fc.array(tag, { maxLength: 2 }),
    remove: fc.array(tag, { maxLength: 2 }),
  })
  .map(({ tags, fields, ...rest }) => ({
    ...rest,
    fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value ?? null])),
    ...(tags === undefined ? {} : { tags }),
  }))

export const ada = () => emptyContact(newId('contact'), Date.parse('2026-01-15T09:30:00Z'))

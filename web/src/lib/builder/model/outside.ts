import type { ContactField } from '#contract/contact-field.ts'
import type { Json, JsonObject } from '#contract/json.ts'
import type { Variable } from '#contract/variable.ts'
import { unreachable } from '../../../../../worker/lib/unreachable.ts'
import { sampleContact } from './sample-contact.ts'

/** What expressions read that is not in the graph: the organization's variables, and contacts with their own fields. */
export interface Outside {
  /** By name; undefined where they are not known, which is not the same as none. */
  organization: JsonObject | undefined
  contact: JsonObject
}

/** As long as nothing is known, and for those who may not see it. */
export const unknownOutside: Outside = { organization: undefined, contact: sampleContact }

interface Known {
  variables: readonly Pick<Variable, 'name' | 'value'>[] | undefined
  fields: readonly Pick<ContactField, 'key' | 'type' | 'options'>[]
  /** The most used first. */
  tags: readonly string[]
}

/** It, made of what could be read. */
export function outsideOf({ variables, fields, tags }: Known): Outside {
  return {
    organization: variables && Object.fromEntries(variables.map(({ name, value }) => [name, value])),
    contact: {
      ...sampleContact,
      ...(tags.length > 0 && { tags: tags.slice(0, 3) }),
      custom: Object.fromEntries(fields.map((field) => [field.key, exampleOf(field)])),
    },
  }
}

/** A value such as a field of a contact holds. */
export function exampleOf({ type, options: [first = 'a'] }: Pick<ContactField, 'type' | 'options'>): Json {
  switch (type) {
    case 'number':
      return 42
    case 'boolean':
      return true
    case 'date':
      return '2026-01-31'
    case 'dateTime':
      return '2026-01-31T09:00:00.000Z'
    case 'select':
      return first
    case 'multiSelect':
      return [first]
    case 'email':
      return 'ada@example.com'
    case 'phone':
      return '+442079460958'
    case 'url':
      return 'https://example.com/'
    case 'text':
    case 'longText':
      return 'text'
    default:
      return unreachable(type)
  }
}

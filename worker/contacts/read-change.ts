// read-change
//
// What somebody wants of a contact, brought into the form in which contacts are kept. The one place that decides what
// a value may be: requests, steps and imports all come through here, so a stored contact never needs checking again.

import type { ContactField } from '../contract/contact-field.ts'
import type { ChangeContactRequest, CustomValue } from '../contract/contact.ts'
import { readCustom } from './custom-fields.ts'
import { normalizeTag } from './normalize-tag.ts'
import { standardFields } from './standard-fields.ts'

/** Fields to set, by their names in events: `email`, `address.city`, `custom.plan`. Null empties a field. */
export type FieldValues = Readonly<Record<string, CustomValue>>

/** What is to become of a contact. `tags` replaces all of them; `add` and `remove` leave the others alone. */
export interface ContactChange {
  fields: FieldValues
  tags?: readonly string[]
  add: readonly string[]
  remove: readonly string[]
}

export interface ContactProblem {
  path: string
  message: string
}

export type ReadChange = { change: ContactChange } | { problems: ContactProblem[] }

/** A request with its fields by name: `{ address: { city } }` is `address.city`. */
export function flattenFields({ address, custom, ...rest }: ChangeContactRequest): Record<string, unknown> {
  const { tags: _, addTags: __, removeTags: ___, ...plain } = rest
  return { ...plain, ...named('address', address), ...named('custom', custom) }
}

/** Reads fields given by name, and tags. All that is wrong is said at once. */
export function readChange(
  fields: Readonly<Record<string, unknown>>,
  {
    tags,
    add = [],
    remove = [],
  }: { tags?: readonly string[] | undefined; add?: readonly string[]; remove?: readonly string[] },
  definitions: readonly ContactField[],
): ReadChange {
  const problems: ContactProblem[] = []
  const values: Record<string, CustomValue> = {}
  const custom = new Map(definitions.map((definition) => [`custom.${definition.key}`, definition]))
  for (const [name, given] of Object.entries(fields)) {
    if (given === undefined) continue
    const definition = custom.get(name)
    const read = definition === undefined ? ownOf(standardFields, name) : readCustom(definition)
    if (read === undefined) {
      problems.push({ path: name, message: 'is not a field of contacts here' })
      continue
    }
    const result = read(given)
    if ('problem' in result) problems.push({ path: name, message: result.problem })
    else values[name] = result.value
  }

  const readTags = (given: readonly string[], path: string): string[] =>
    given.flatMap((text, index) => {
      const tag = normalizeTag(text)
      if (tag !== null) return [tag]
      problems.push({ path: `${path}.${index}`, message: 'must have 1 to 60 characters and no comma' })
      return []
    })
  const change = {
    fields: values,
    ...(tags === undefined ? {} : { tags: readTags(tags, 'tags') }),
    add: readTags(add, 'addTags'),
    remove: readTags(remove, 'removeTags'),
  }
  return problems.length > 0 ? { problems } : { change }
}

function named(prefix: string, values: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [`${prefix}.${key}`, value]))
}

function ownOf<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

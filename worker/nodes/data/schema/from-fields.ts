import type { Json, JsonObject } from '../../../contract/json.ts'
import { isPlain, type Schema } from './schema.ts'

/** What a field may hold, in the order in which the form offers it. */
export const fieldKinds = {
  text: 'Text',
  number: 'Number',
  integer: 'Whole number',
  boolean: 'Yes or no',
  email: 'E-mail address',
  url: 'Link',
  date: 'Date',
  dateTime: 'Date and time',
  list: 'List',
  object: 'Object',
  any: 'Anything',
} as const
export type FieldKind = keyof typeof fieldKinds

export interface FieldRule {
  /** A name, or names joined by dots that lead into objects. */
  name: string
  kind: FieldKind
  isRequired: boolean
  /** Of a number its size, of a text its characters, of a list its items. */
  least?: number | undefined
  most?: number | undefined
  pattern: string
  /** The values it may have, with commas between them. */
  oneOf: string
}

/** The schema that friendly fields stand for: what a person fills in by rows is checked by the same code. */
export function schemaFromFields(fields: readonly FieldRule[], allowsMore: boolean): Schema {
  const root = emptyObject(allowsMore)
  for (const field of fields) {
    const names = field.name.split('.')
    let parent = root
    for (const name of names.slice(0, -1)) {
      const inside = parent.properties[name]
      const next = isOpen(inside) ? inside : emptyObject(allowsMore)
      parent.properties[name] = next
      // What has a required part is required itself.
      if (field.isRequired) require(parent, name)
      parent = next
    }
    const name = names.at(-1) ?? ''
    const before = parent.properties[name]
    const schema = schemaOf(field)
    // A row for an object may come before or after the rows for what is in it.
    parent.properties[name] = isOpen(before) && field.kind === 'object' ? before : schema
    if (field.isRequired) require(parent, name)
  }
  return root
}

type OpenObject = JsonObject & { type: 'object'; properties: { [name: string]: Json }; required: Json[] }

function emptyObject(allowsMore: boolean): OpenObject {
  return { type: 'object', properties: {}, required: [], ...(!allowsMore && { additionalProperties: false }) }
}

function isOpen(schema: Json | undefined): schema is OpenObject {
  return isPlain(schema) && isPlain(schema['properties']) && Array.isArray(schema['required'])
}

function require({ required }: OpenObject, name: string): void {
  if (!required.includes(name)) required.push(name)
}

function schemaOf({ kind, least, most, pattern, oneOf, isRequired }: FieldRule): JsonObject {
  const allowed = oneOf.split(',').flatMap((value) => (value.trim() === '' ? [] : [value.trim()]))
  const isNumber = kind === 'number' || kind === 'integer'
  return {
    ...typeOf(kind, isRequired),
    ...(allowed.length > 0 && { enum: allowed.map((value) => (isNumber ? Number(value) : value)) }),
    ...(pattern !== '' && { pattern }),
    ...(least !== undefined && { [limitNames(kind)[0]]: least }),
    ...(most !== undefined && { [limitNames(kind)[1]]: most }),
  }
}

function limitNames(kind: FieldKind): [string, string] {
  if (kind === 'number' || kind === 'integer') return ['minimum', 'maximum']
  return kind === 'list' ? ['minItems', 'maxItems'] : ['minLength', 'maxLength']
}

/** A required text has something in it: an empty one is what a form sends for a field that nobody filled in. */
function typeOf(kind: FieldKind, isRequired: boolean): JsonObject {
  switch (kind) {
    case 'text':
      return { type: 'string', ...(isRequired && { minLength: 1 }) }
    case 'number':
    case 'integer':
    case 'boolean':
    case 'object':
      return { type: kind }
    case 'list':
      return { type: 'array' }
    case 'email':
    case 'date':
      return { type: 'string', format: kind }
    case 'url':
      return { type: 'string', format: 'uri' }
    case 'dateTime':
      return { type: 'string', format: 'date-time' }
    case 'any':
      return {}
  }
}

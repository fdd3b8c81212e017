import type { Json, JsonObject } from '../../../contract/json.ts'

/** A JSON Schema as far as it is understood here. A draft may hold anything: `checkSchema` says what is wrong. */
export type Schema = boolean | JsonObject

/** Keywords that say what a value must be. */
export const keywords = [
  'type',
  'enum',
  'const',
  'properties',
  'required',
  'additionalProperties',
  'minProperties',
  'maxProperties',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'uniqueItems',
  'contains',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  '$ref',
] as const

/** Keywords that say something about the schema and nothing about values. */
export const remarks = [
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
] as const

export const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const
export type TypeName = (typeof types)[number]

export const formats = ['email', 'uri', 'url', 'date', 'date-time', 'time', 'uuid', 'ipv4'] as const

/** Schemas inside one another, and references that lead to one another, at most. */
export const deepestSchema = 32

/** True of what can stand for a schema: an object, or true and false for anything and nothing. */
export function isSchema(value: Json | undefined): value is Schema {
  return typeof value === 'boolean' || isPlain(value)
}

/** True of objects with keys. */
export function isPlain(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The schema that a local reference such as `#/$defs/address` leads to. */
export function findSchema(root: Schema, reference: string): Schema | undefined {
  if (reference === '#') return root
  if (!reference.startsWith('#/')) return undefined
  let found: Json | undefined = root
  for (const part of reference.slice(2).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(found)) found = found[Number(key)]
    else found = isPlain(found) && Object.hasOwn(found, key) ? found[key] : undefined
  }
  return isSchema(found) ? found : undefined
}

// hold-against
//
// A value held against a schema: every place where it does not meet it, in words.
//
// Invariants:
//
//   S1. The work is paid for, place by place: a schema whose parts lead to one another ends with the budget.
//   S2. Patterns are searched in time in proportion to the text.
//   S3. Errors are at most `mostErrors`, in the order of the schema; the value is never changed.

import type { Json, JsonObject } from '../../../contract/json.ts'
import type { Computation } from '../../../expressions/index.ts'
import { hasFormat } from './format.ts'
import { deepestSchema, findSchema, isPlain, isSchema, type Schema, type TypeName } from './schema.ts'

/** Where a value does not meet its schema. */
export type SchemaError = {
  /** As an expression would read it: `customer.emails[0]`; empty for the value itself. */
  path: string
  /** The keyword of the schema. */
  rule: string
  /** A sentence about what must be. */
  message: string
}

export const mostErrors = 100

interface Held {
  root: Schema
  work: Computation
  errors: SchemaError[]
}

/** Every error, and none when the value meets the schema. Throws `ExpressionError` when that is too much work. */
export function holdAgainst(schema: Schema, value: Json, work: Computation): SchemaError[] {
  const held: Held = { root: schema, work, errors: [] }
  hold(schema, value, '', held, 0)
  return held.errors
}

/** `references` counts the steps that were taken without going down into the value: those must end. */
function hold(schema: Schema, value: Json, path: string, held: Held, references: number): void {
  held.work.spend(1)
  if (schema === true || held.errors.length >= mostErrors) return
  if (schema === false) return say(held, path, 'false', 'must not be there')

  const { $ref: reference } = schema
  if (typeof reference === 'string') {
    const found = references < deepestSchema ? findSchema(held.root, reference) : undefined
    if (found === undefined) say(held, path, '$ref', 'has a schema that leads nowhere')
    else hold(found, value, path, held, references + 1)
  }
  if (!hasType(schema['type'], value)) {
    return say(held, path, 'type', `must be ${wordsFor(schema['type'])}, and is ${kindOf(value)}`)
  }
  holdGeneral(schema, value, path, held)
  if (typeof value === 'string') holdText(schema, value, path, held)
  else if (typeof value === 'number') holdNumber(schema, value, path, held)
  else if (Array.isArray(value)) holdList(schema, value, path, held)
  else if (isPlain(value)) holdObject(schema, value, path, held)
  holdJoined(schema, value, path, held, references)
}

function say({ errors }: Held, path: string, rule: string, what: string): void {
  if (errors.length < mostErrors) errors.push({ path, rule, message: `${path === '' ? 'It' : `“${path}”`} ${what}.` })
}

function holdGeneral(schema: JsonObject, value: Json, path: string, held: Held): void {
  const { enum: allowed, const: only } = schema
  if (Array.isArray(allowed) && held.work.method(allowed, 'includes', value) !== true) {
    const shown = allowed.slice(0, 10).map((each) => JSON.stringify(each).slice(0, 60))
    say(held, path, 'enum', `must be one of ${shown.join(', ')}${allowed.length > 10 ? ' …' : ''}`)
  }
  if (only !== undefined && held.work.method([only], 'includes', value) !== true) {
    say(held, path, 'const', `must be ${JSON.stringify(only).slice(0, 60)}`)
  }
}

function holdText(schema: JsonObject, text: string, path: string, held: Held): void {
  const { minLength, maxLength, pattern, format } = schema
  // People count what they see as one: an accent or an emoji is no second character.
  const length = minLength === undefined && maxLength === undefined ? 0 : [...text].length
  held.work.spend(length >> 8)
  if (typeof minLength === 'number' && length < minLength) {
    say(held, path, 'minLength', minLength === 1 ? 'must not be empty' : `must have at least ${characters(minLength)}`)
  }
  if (typeof maxLength === 'number' && length > maxLength) {
    say(held, path, 'maxLength', `must have at most ${characters(maxLength)}`)
  }
  if (typeof pattern === 'string' && held.work.method(text, 'matches', pattern) !== true) {
    say(held, path, 'pattern', `must fit the pattern ${pattern.slice(0, 80)}`)
  }
  if (typeof format === 'string' && !hasFormat(text, format, held.work)) {
    say(held, path, 'format', `must be ${formatWords[format] ?? `a ${format}`}`)
  }
}

function holdNumber(schema: JsonObject, number: number, path: string, held: Held): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  if (typeof minimum === 'number' && number < minimum) say(held, path, 'minimum', `must be at least ${minimum}`)
  if (typeof maximum === 'number' && number > maximum) say(held, path, 'maximum', `must be at most ${maximum}`)
  if (typeof exclusiveMinimum === 'number' && number <= exclusiveMinimum) {
    say(held, path, 'exclusiveMinimum', `must be more than ${exclusiveMinimum}`)
  }
  if (typeof exclusiveMaximum === 'number' && number >= exclusiveMaximum) {
    say(held, path, 'exclusiveMaximum', `must be less than ${exclusiveMaximum}`)
  }
  if (typeof multipleOf === 'number' && multipleOf > 0) {
    const times = number / multipleOf
    // 0.3 is three times 0.1, though not for a computer.
    const isMultiple = Math.abs(times - Math.round(times)) <= Number.EPSILON * Math.max(1, Math.abs(times)) * 4
    if (!isMultiple) say(held, path, 'multipleOf', `must be a multiple of ${multipleOf}`)
  }
}

function holdList(schema: JsonObject, list: Json[], path: string, held: Held): void {
  const { items, prefixItems, minItems, maxItems, uniqueItems, contains } = schema
  const first = Array.isArray(prefixItems) ? prefixItems : []
  if (typeof minItems === 'number' && list.length < minItems) {
    say(held, path, 'minItems', minItems === 1 ? 'must not be empty' : `must have at least ${minItems} items`)
  }
  if (typeof maxItems === 'number' && list.length > maxItems) {
    say(held, path, 'maxItems', `must have at most ${maxItems} items`)
  }
  for (const [index, item] of list.entries()) {
    const own = index < first.length ? first[index] : items
    if (isSchema(own)) hold(own, item, `${path}[${index}]`, held, 0)
  }
  if (uniqueItems === true && size(held.work.method(list, 'unique')) < list.length) {
    say(held, path, 'uniqueItems', 'must not have the same item twice')
  }
  if (isSchema(contains) && !list.some((item) => meets(contains, item, held, 0))) {
    say(held, path, 'contains', 'must have an item that it has not')
  }
}

function size(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}

function holdObject(schema: JsonObject, object: JsonObject, path: string, held: Held): void {
  const { properties, required, additionalProperties, minProperties, maxProperties } = schema
  const known = isPlain(properties) ? properties : {}
  for (const name of Array.isArray(required) ? required : []) {
    if (typeof name === 'string' && !Object.hasOwn(object, name)) {
      say(held, joined(path, name), 'required', 'is missing')
    }
  }
  for (const [name, value] of Object.entries(object)) {
    const own = Object.hasOwn(known, name) ? known[name] : additionalProperties
    if (own === false) say(held, joined(path, name), 'additionalProperties', 'must not be there')
    else if (isSchema(own)) hold(own, value, joined(path, name), held, 0)
  }
  const count = Object.keys(object).length
  if (typeof minProperties === 'number' && count < minProperties) {
    say(held, path, 'minProperties', `must have at least ${minProperties} fields`)
  }
  if (typeof maxProperties === 'number' && count > maxProperties) {
    say(held, path, 'maxProperties', `must have at most ${maxProperties} fields`)
  }
}

function holdJoined(schema: JsonObject, value: Json, path: string, held: Held, references: number): void {
  const { allOf, anyOf, oneOf, not } = schema
  for (const each of schemasIn(allOf)) hold(each, value, path, held, references)
  if (Array.isArray(anyOf) && !schemasIn(anyOf).some((each) => meets(each, value, held, references))) {
    say(held, path, 'anyOf', 'has none of the forms it may have')
  }
  if (Array.isArray(oneOf)) {
    const fitting = schemasIn(oneOf).filter((each) => meets(each, value, held, references)).length
    if (fitting === 0) say(held, path, 'oneOf', 'has none of the forms it may have')
    if (fitting > 1) say(held, path, 'oneOf', `has ${fitting} of the forms of which it may have one`)
  }
  if (isSchema(not) && meets(not, value, held, references)) say(held, path, 'not', 'has a form that it must not have')
}

function schemasIn(list: Json | undefined): Schema[] {
  return Array.isArray(list) ? list.filter((each) => isSchema(each)) : []
}

function meets(schema: Schema, value: Json, { root, work }: Held, references: number): boolean {
  const apart: Held = { root, work, errors: [] }
  // Counted as a step on the way of references: a schema that is one of its own forms would not end otherwise.
  hold(schema, value, '', apart, references + 1)
  return apart.errors.length === 0
}

function hasType(type: Json | undefined, value: Json): boolean {
  if (type === undefined) return true
  return (Array.isArray(type) ? type : [type]).some((each) => isOf(each, value))
}

function isOf(type: Json, value: Json): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isPlain(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

const typeWords: Record<TypeName, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

const formatWords: Record<string, string> = {
  email: 'an e-mail address',
  uri: 'an address such as https://example.com',
  url: 'an address such as https://example.com',
  date: 'a date such as 2026-01-31',
  'date-time': 'a date and time such as 2026-01-31T09:30:00Z',
  time: 'a time of day such as 09:30',
  uuid: 'a UUID',
  ipv4: 'an IP address such as 192.0.2.1',
}

function wordsFor(type: Json | undefined): string {
  const named = Array.isArray(type) ? type : [type]
  return named
    .map((each) => (typeof each === 'string' && isTypeName(each) ? typeWords[each] : String(each)))
    .join(' or ')
}

function isTypeName(name: string): name is TypeName {
  return Object.hasOwn(typeWords, name)
}

function kindOf(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'string' ? 'a text' : typeof value === 'object' ? 'an object' : JSON.stringify(value)
}

function characters(count: number): string {
  return count === 1 ? '1 character' : `${count} characters`
}

/** The path as an expression reads it, so that it can be pasted into one. */
function joined(path: string, name: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) return `${path}[${JSON.stringify(name.slice(0, 80))}]`
  return path === '' ? name : `${path}.${name}`
}

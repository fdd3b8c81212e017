// value
//
// What an expression computes with: JSON, `undefined` for what is not there, and dates. Nothing else can occur:
// no functions, no class instances, no host objects.
//
// Invariants:
//
//   V1. Objects are read by their own keys alone, so `constructor`, `__proto__` and `toString` are missing like any
//       other key that the data does not have.
//   V2. An object made by an expression never takes `__proto__` as a key, so no result carries a surprise.
//   V3. Values are never changed once made: results share parts with the data they come from.

import type { Json } from '../contract/json.ts'
import { DateValue } from './dates/date-value.ts'

export type Value = undefined | null | boolean | number | string | DateValue | Value[] | ValueObject
export type ValueObject = { [key: string]: Value }

export type Kind = 'missing' | 'null' | 'boolean' | 'number' | 'text' | 'date' | 'list' | 'object'

/** What a value is, as people call it. */
export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'undefined':
      return 'missing'
    default:
      if (value === null) return 'null'
      if (Array.isArray(value)) return 'list'
      return value instanceof DateValue ? 'date' : 'object'
  }
}

/** The kind with its article, for messages. */
export function describeKind(value: Value): string {
  const kind = kindOf(value)
  switch (kind) {
    case 'missing':
      return 'missing'
    case 'null':
      return 'null'
    case 'boolean':
      return String(value)
    case 'text':
      return 'text'
    case 'object':
      return 'an object'
    default:
      return `a ${kind}`
  }
}

/** True of objects with keys: no list, no date, no null. */
export function isObject(value: Value): value is ValueObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof DateValue)
}

/** What stands under a key, or undefined. Texts and lists have `length` and whole numbers from 0; see V1. */
export function readKey(value: Json, key: string | number): Json | undefined
export function readKey(value: Value, key: string | number): Value
export function readKey(value: Value, key: string | number): Value {
  if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) return readIndex(value, key)
    if (value instanceof DateValue) return undefined
    return Object.hasOwn(value, key) ? value[key] : undefined
  }
  return typeof value === 'string' ? readIndex(value, key) : undefined
}

function readIndex(value: Value[] | string, key: string | number): Value {
  if (key === 'length') return value.length
  const index = typeof key === 'number' ? key : /^(?:0|[1-9]\d{0,8})$/.test(key) ? Number(key) : -1
  return Number.isInteger(index) && index >= 0 && index < value.length ? value[index] : undefined
}

/** Puts a value under a key of an object that is being made; see V2. */
export function setKey(target: ValueObject, key: string, value: Value): void {
  if (key !== '__proto__') target[key] = value
}

/** As in JavaScript: missing, null, false, 0, NaN and the empty text are false. */
export function isTruthy(value: Value): boolean {
  return Boolean(value)
}

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/

/** The number that a text writes in decimal (blanks around it allowed), or undefined. */
export function numberOf(text: string): number | undefined {
  if (text.length > 64) return undefined
  const trimmed = text.trim()
  if (!decimal.test(trimmed)) return undefined
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : undefined
}

import type { Json, JsonObject } from '../contract/json.ts'
import { DateValue } from './dates/date-value.ts'
import { toIso } from './dates/format-date.ts'
import { limits } from './limits.ts'
import { Problem } from './problem.ts'
import type { Value, ValueObject } from './value.ts'

/** Bytes of JSON that may still be given. Shared by all expressions of one template. */
export interface ByteBudget {
  left: number
}

/**
 * A value as the JSON that leaves an expression, paid for from the budget. Dates become ISO text; what is missing
 * becomes null in a list and at the top, and no key in an object; `__proto__` is never a key. Parts that need no change
 * are shared with the value.
 */
export function toJson(value: Value, budget: ByteBudget): Json {
  if (value === null || typeof value === 'boolean') return value
  const quick = { left: budget.left }
  try {
    const json = leave(value, quick, 0, quickTextBytes)
    budget.left = quick.left
    return json
  } catch (error) {
    if (!(error instanceof Problem) || quick.left >= 0) throw error
  }
  // The quick count takes every character for six bytes. Only a large result is counted exactly.
  return leave(value, budget, 0, exactTextBytes)
}

function leave(value: Value, budget: ByteBudget, depth: number, textBytes: TextBytes): Json {
  switch (typeof value) {
    case 'string':
      pay(budget, textBytes(value) + 2)
      return value
    case 'number':
      if (!Number.isFinite(value)) {
        throw new Problem('expression.type', 'The result is not a number, for example after a division by zero.')
      }
      pay(budget, 8)
      return value
    case 'boolean':
      pay(budget, 5)
      return value
    case 'undefined':
      pay(budget, 4)
      return null
    default:
      if (value === null) {
        pay(budget, 4)
        return value
      }
      if (depth >= limits.valueDepth) {
        throw new Problem('expression.limit_exceeded', `The result is nested deeper than ${limits.valueDepth} levels.`)
      }
      pay(budget, 2)
      if (Array.isArray(value)) return leaveList(value, budget, depth, textBytes)
      if (value instanceof DateValue) {
        pay(budget, 24)
        return toIso(value)
      }
      return leaveObject(value, budget, depth, textBytes)
  }
}

type TextBytes = (text: string) => number

function leaveList(list: Value[], budget: ByteBudget, depth: number, textBytes: TextBytes): Json {
  let copy: Json[] | undefined
  for (const [index, item] of list.entries()) {
    pay(budget, 1)
    const left = leave(item, budget, depth + 1, textBytes)
    if (copy === undefined && left !== item) copy = list.slice(0, index).map(unchanged)
    copy?.push(left)
  }
  return copy ?? unchanged(list)
}

function leaveObject(object: ValueObject, budget: ByteBudget, depth: number, textBytes: TextBytes): Json {
  let copy: JsonObject | undefined
  const keys = Object.keys(object)
  for (const [index, key] of keys.entries()) {
    const item = object[key]
    const dropped = item === undefined || key === '__proto__'
    if (!dropped) pay(budget, textBytes(key) + 4)
    const left = dropped ? null : leave(item, budget, depth + 1, textBytes)
    if (copy === undefined && (dropped || left !== item)) {
      copy = {}
      for (const before of keys.slice(0, index)) copy[before] = unchanged(object[before])
    }
    if (copy !== undefined && !dropped) copy[key] = left
  }
  return copy ?? unchanged(object)
}

/** A value of which every part has been seen to be JSON: the one thing here that the compiler cannot see. */
function unchanged(value: Value): Json {
  return value as Json
}

function pay(budget: ByteBudget, bytes: number): void {
  budget.left -= bytes
  if (budget.left < 0) throw new Problem('expression.limit_exceeded', 'The result is too large.')
}

/** No character takes more than six bytes of JSON, and few do: see `toJson`. */
function quickTextBytes(text: string): number {
  return text.length * 6
}

function exactTextBytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x20) bytes += unit >= 8 && unit <= 13 && unit !== 11 ? 1 : 5
    else if (unit === 0x22 || unit === 0x5c) bytes += 1
    else if (unit >= 0xd800 && unit <= 0xdfff) bytes += 1
    else if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1
  }
  return bytes
}

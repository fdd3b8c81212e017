// operators
//
// What every comparison of a condition means, for every kind of value. "Nothing" is a missing field or null; a missing
// field is never an error. Text is compared in Unicode's composed form (NFC) and with its case.
//
//   ==  equals              nothing equals nothing and no other value. A number equals the text that writes it in
//                           decimal (10 and "10.0"), a boolean the text "true" or "false". Two texts are equal letter
//                           for letter ("10" is not "10.0"). Lists and objects are equal when their parts are.
//   !=  not_equals          exactly when == is not: a missing field is != 5
//   >   greater_than        both numbers or decimal texts: by size. Else both texts: by instant when both write a date
//   >=  greater_or_equal    in ISO 8601, otherwise letter by letter (by code unit). Everything else has no order, and
//   <   less_than           without order all four are false: nothing is neither > 5 nor <= 5
//   <=  less_or_equal
//   contains, includes      a list: one of its items == the value. A text, or a number as its text: the value's text
//                           occurs in it. Anything else: false
//   not_contains, not_includes   exactly when contains is not
//   starts_with, ends_with  texts, or numbers as their text; anything else: false
//   matches_regex           as contains, with an RE2 pattern found anywhere in the text; (?i) at its start for any case
//   in                      one item of the value (a list; any other value counts as its only item) == the field; of a
//                           field that is a list, also one of its items
//   not_in                  exactly when in is not
//   exists, not_exists      the field is not nothing, or is
//   is_empty                nothing, a text of blanks, [] or {}; never a number or boolean
//   is_not_empty            exactly when is_empty is not
//   before_date, after_date instants: ISO 8601, or epoch seconds (below 100,000,000,000) or milliseconds. A date alone
//                           is its midnight in UTC. What is no date is neither before nor after
//   between_dates           the value is [from, to] or { from, to }, both included; a `to` without a time is that
//                           whole day in UTC
//   newer_than, older_than  later, or earlier, than the length of time before now: "24 hours", "P7D" or
//                           { amount: 7, unit: "days" }; what is no date is neither

import type { ConditionOperator } from '../../contract/condition.ts'
import type { Json } from '../../contract/json.ts'
import { parseDuration } from '../../lib/duration.ts'
import { compilePattern, searchCost } from '../pattern.ts'
import { firstPlaceOf } from '../search.ts'
import { instantOf, isEqual, isNothing, order, textOf, type Operand, type Spend } from './compare.ts'
import { equalToOneOf } from './equal-to-one-of.ts'

/** With what a comparison is made: `now` in epoch ms, and what pays for its work. */
export interface Means {
  readonly now: number
  readonly spend: Spend
}

export interface Operator {
  /** Whether the comparison looks at the value at all. */
  takesValue: boolean
  test(field: Operand, value: Operand, means: Means): boolean
  /** What is wrong with a value that is written out, as a sentence. */
  check?(value: Operand): string | undefined
}

const equals = comparison((field, value, { spend }) => isEqual(field, value, spend))
const greaterThan = comparison((field, value, { spend }) => (order(field, value, spend) ?? 0) > 0)
const lessThan = comparison((field, value, { spend }) => (order(field, value, spend) ?? 0) < 0)
const greaterOrEqual = comparison((field, value, { spend }) => (order(field, value, spend) ?? -1) >= 0)
const lessOrEqual = comparison((field, value, { spend }) => (order(field, value, spend) ?? 1) <= 0)
const contains = comparison(has)
const isIn = comparison(isAmong)
const exists: Operator = { takesValue: false, test: (field) => !isNothing(field) }
const isEmpty: Operator = { takesValue: false, test: hasNoContent }

/** What each operator of conditions does, by the name that conditions have for it. */
export const operators: Record<ConditionOperator, Operator> = {
  '==': equals,
  '!=': not(equals),
  '>': greaterThan,
  '>=': greaterOrEqual,
  '<': lessThan,
  '<=': lessOrEqual,
  equals,
  not_equals: not(equals),
  greater_than: greaterThan,
  less_than: lessThan,
  greater_or_equal: greaterOrEqual,
  less_or_equal: lessOrEqual,
  contains,
  not_contains: not(contains),
  includes: contains,
  not_includes: not(contains),
  starts_with: onTexts((text, value) => text.startsWith(value)),
  ends_with: onTexts((text, value) => text.endsWith(value)),
  matches_regex: { ...onTexts(matches), check: checkPattern },
  in: isIn,
  not_in: not(isIn),
  exists,
  not_exists: not(exists),
  is_empty: isEmpty,
  is_not_empty: not(isEmpty),
  before_date: { ...onDates((field, value) => field < value), check: checkDate },
  after_date: { ...onDates((field, value) => field > value), check: checkDate },
  between_dates: { ...comparison(isBetween), check: checkRange },
  newer_than: onAge((field, limit) => field > limit),
  older_than: onAge((field, limit) => field < limit),
}

function comparison(test: Operator['test']): Operator {
  return { takesValue: true, test }
}

function not({ takesValue, test }: Operator): Operator {
  return { takesValue, test: (field, value, means) => !test(field, value, means) }
}

function onTexts(test: (field: string, value: string, spend: Spend) => boolean): Operator {
  return comparison((field, value, { spend }) => {
    const text = textOf(field, spend)
    const part = textOf(value, spend)
    return text !== undefined && part !== undefined && test(text, part, spend)
  })
}

function onDates(test: (field: number, value: number) => boolean): Operator {
  return comparison((field, value) => {
    const at = instantOf(field)
    const other = instantOf(value)
    return at !== undefined && other !== undefined && test(at, other)
  })
}

function onAge(test: (field: number, limit: number) => boolean): Operator {
  return {
    takesValue: true,
    test(field, value, { now }) {
      const at = instantOf(field)
      const length = parseDuration(value)
      return at !== undefined && length !== undefined && test(at, now - length)
    },
    check: (value) =>
      parseDuration(value) === undefined
        ? 'The value must be a length of time such as "24 hours" or "7 days".'
        : undefined,
  }
}

function has(field: Operand, value: Operand, { spend }: Means): boolean {
  if (Array.isArray(field)) return hasAny(field, equalToOneOf([value], spend), spend)
  const text = textOf(field, spend)
  const part = textOf(value, spend)
  return text !== undefined && part !== undefined && firstPlaceOf(text, part) >= 0
}

function isAmong(field: Operand, value: Operand, { spend }: Means): boolean {
  const isWanted = equalToOneOf(Array.isArray(value) ? value : [value], spend)
  return isWanted(field) || (Array.isArray(field) && hasAny(field, isWanted, spend))
}

function hasAny(list: readonly Json[], isWanted: (value: Operand) => boolean, spend: Spend): boolean {
  spend(list.length >> 2)
  return list.some(isWanted)
}

function hasNoContent(field: Operand): boolean {
  if (isNothing(field)) return true
  if (typeof field === 'string') return field.trim() === ''
  return typeof field === 'object' && (Array.isArray(field) ? field : Object.keys(field)).length === 0
}

function matches(text: string, pattern: string, spend: Spend): boolean {
  const compiled = compilePattern(pattern)
  spend(searchCost(compiled, text) >> 8)
  return compiled.test(text)
}

function isBetween(field: Operand, value: Operand): boolean {
  const at = instantOf(field)
  const range = rangeOf(value)
  return at !== undefined && range !== undefined && at >= range.from && at <= range.to
}

function rangeOf(value: Operand): { from: number; to: number } | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const ends: Operand[] = Array.isArray(value)
    ? value
    : [Object.hasOwn(value, 'from') ? value['from'] : undefined, Object.hasOwn(value, 'to') ? value['to'] : undefined]
  if (ends.length !== 2) return undefined
  const from = instantOf(ends[0])
  const to = instantOf(ends[1])
  if (from === undefined || to === undefined) return undefined
  const isWholeDay = typeof ends[1] === 'string' && /^\s*\d{4}-\d{2}-\d{2}\s*$/.test(ends[1])
  return { from, to: isWholeDay ? to + 86_399_999 : to }
}

function checkPattern(value: Operand): string | undefined {
  const pattern = typeof value === 'number' ? String(value) : value
  if (typeof pattern !== 'string') return 'The value must be a pattern, as text.'
  compilePattern(pattern)
  return undefined
}

function checkDate(value: Operand): string | undefined {
  return instantOf(value) === undefined
    ? 'The value must be a date such as 2026-01-31 or 2026-01-31T09:30:00Z.'
    : undefined
}

function checkRange(value: Operand): string | undefined {
  return rangeOf(value) === undefined ? 'The value must be two dates: ["2026-01-01", "2026-01-31"].' : undefined
}

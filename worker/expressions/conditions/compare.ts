import type { Json } from '../../contract/json.ts'
import { dateFromNumber, parseDate } from '../dates/parse-date.ts'
import { numberOf } from '../value.ts'

/** What a condition looks at. Undefined is a missing field. */
export type Operand = Json | undefined

/** Pays for work, in the units of `limits.fuel`. Throws a `Problem` when there is no more to spend. */
export type Spend = (units: number) => void

/** `==` of conditions; see operators.ts. */
export function isEqual(left: Operand, right: Operand, spend: Spend): boolean {
  if (left === right) return true
  if (isNothing(left) || isNothing(right)) return isNothing(left) && isNothing(right)
  if (typeof left === 'object' && typeof right === 'object') return haveEqualParts(left, right, spend)
  if (typeof left === 'string' && typeof right === 'string') return composed(left, spend) === composed(right, spend)
  if (typeof left === 'string') return isWrittenBy(left, right)
  return typeof right === 'string' && isWrittenBy(right, left)
}

/** Whether a text writes the number or boolean. */
function isWrittenBy(text: string, value: Json): boolean {
  return typeof value === 'number' ? numberOf(text) === value : typeof value === 'boolean' && text === String(value)
}

function haveEqualParts(
  left: Json[] | { [key: string]: Json },
  right: Json[] | { [key: string]: Json },
  spend: Spend,
): boolean {
  spend(1)
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index], paid(spend, index)))
    )
  }
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key, index) => Object.hasOwn(right, key) && isEqual(left[key], right[key], paid(spend, index)))
  )
}

/** The same, after one unit more for each fourth part of a list or an object. */
function paid(spend: Spend, index: number): Spend {
  if (index % 4 === 3) spend(1)
  return spend
}

/** A text in Unicode's composed form (NFC): what is compared and looked for. */
export function composed(text: string, spend: Spend): string {
  spend(text.length >> 8)
  // Below U+0300 every text is composed already, and nearly every text is below it.
  return beyondLatin.test(text) ? text.normalize() : text
}

const beyondLatin = /[\u0300-\uffff]/

/** Negative, zero or positive, or undefined when the two have no order. */
export function order(left: Operand, right: Operand, spend: Spend): number | undefined {
  const a = typeof left === 'string' ? numberOf(left) : left
  const b = typeof right === 'string' ? numberOf(right) : right
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof left !== 'string' || typeof right !== 'string') return undefined
  const dateA = parseDate(left)
  const dateB = dateA === undefined ? undefined : parseDate(right)
  if (dateA !== undefined && dateB !== undefined) return dateA.epochMs - dateB.epochMs
  const textA = composed(left, spend)
  const textB = composed(right, spend)
  return textA < textB ? -1 : textA > textB ? 1 : 0
}

/** A text, or the text of a number, in Unicode's composed form; undefined for anything else. */
export function textOf(value: Operand, spend: Spend): string | undefined {
  if (typeof value === 'string') return composed(value, spend)
  return typeof value === 'number' ? String(value) : undefined
}

/** The instant that an ISO text or an epoch figure writes. */
export function instantOf(value: Operand): number | undefined {
  if (typeof value === 'string') return parseDate(value)?.epochMs
  return typeof value === 'number' ? dateFromNumber(value)?.epochMs : undefined
}

/** True of null and of what is missing. */
export function isNothing(value: Operand): value is null | undefined {
  return value === null || value === undefined
}

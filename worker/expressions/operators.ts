// operators
//
// What the operators mean for JSON values and dates.
//
//   +            adds numbers; as soon as one side is text, joins texts (null is empty, a list or object is JSON)
//   - * / % **   take numbers and texts that write a decimal number; a date minus a date is milliseconds
//   < <= > >=    numbers (and decimal texts) by size, texts by code unit, dates by instant (against ISO text, too)
//   === !==      same kind and same content, through lists and objects; dates by instant
//   == !=        as ===, and besides: null equals missing, "10" equals 10, a date equals the text of the same instant
//   in           key of an object, value in a list, text in a text

import { DateValue } from './dates/date-value.ts'
import { dateFromNumber, parseDate } from './dates/parse-date.ts'
import type { Evaluation } from './evaluation.ts'
import { limits } from './limits.ts'
import { Problem } from './problem.ts'
import { firstPlaceOf } from './search.ts'
import { toText } from './text.ts'
import { describeKind, isObject, numberOf, type Value } from './value.ts'

export type Arithmetic = '-' | '*' | '/' | '%' | '**'

/** The operator `+`. Throws `Problem` where the two have no sum, and pays for the text that it makes. */
export function add(evaluation: Evaluation, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return finite(left + right)
  if (typeof left === 'string' || typeof right === 'string') {
    const text = toText(left, evaluation) + toText(right, evaluation)
    evaluation.spendText(text.length)
    return text
  }
  if (left instanceof DateValue || right instanceof DateValue) {
    throw new Problem('expression.type', '“+” does not move dates. Write date.add(2, "days").')
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    throw new Problem('expression.type', '“+” does not join lists. Write [...a, ...b] or a.concat(b).')
  }
  return finite(operand('+', left) + operand('+', right))
}

/** An operator of arithmetic but for `+`. Throws `Problem` for what is no number, and for no finite result. */
export function calculate(operator: Arithmetic, left: Value, right: Value): Value {
  if (operator === '-' && left instanceof DateValue && right instanceof DateValue) {
    return left.epochMs - right.epochMs
  }
  const a = operand(operator, left)
  const b = operand(operator, right)
  switch (operator) {
    case '-':
      return finite(a - b)
    case '*':
      return finite(a * b)
    case '/':
      if (b === 0) throw new Problem('expression.value', `${a} cannot be divided by zero.`)
      return finite(a / b)
    case '%':
      if (b === 0) throw new Problem('expression.value', `${a} cannot be divided by zero.`)
      return finite(a % b)
    case '**':
      return finite(a ** b)
  }
}

/** The number of one side of an arithmetic operator. */
export function operand(operator: string, value: Value): number {
  if (typeof value === 'number') return value
  const number = typeof value === 'string' ? numberOf(value) : undefined
  if (number !== undefined) return number
  if (value instanceof DateValue) {
    throw new Problem('expression.type', `“${operator}” needs numbers. Move a date with date.add(2, "days").`)
  }
  const shown = typeof value === 'string' ? `the text “${value.slice(0, 40)}”` : describeKind(value)
  throw new Problem('expression.type', `“${operator}” needs numbers, and this is ${shown}.`)
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new Problem('expression.value', 'The result is no finite number.')
  return value
}

/** Negative, zero or positive. Throws when the two cannot be ordered. */
export function compare(left: Value, right: Value): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0
  if (left instanceof DateValue || right instanceof DateValue) {
    const a = instantOf(left)
    const b = instantOf(right)
    if (a !== undefined && b !== undefined) return a - b
  } else {
    const a = typeof left === 'string' ? numberOf(left) : left
    const b = typeof right === 'string' ? numberOf(right) : right
    if (typeof a === 'number' && typeof b === 'number') return a - b
  }
  throw new Problem('expression.type', `${describeKind(left)} and ${describeKind(right)} have no order.`)
}

function instantOf(value: Value): number | undefined {
  if (value instanceof DateValue) return value.epochMs
  if (typeof value === 'string') return parseDate(value)?.epochMs
  return typeof value === 'number' ? dateFromNumber(value)?.epochMs : undefined
}

/** `===` */
export function isSame(evaluation: Evaluation, left: Value, right: Value, depth = 0): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (left instanceof DateValue || right instanceof DateValue) {
    return left instanceof DateValue && right instanceof DateValue && left.epochMs === right.epochMs
  }
  if (depth >= limits.valueDepth) {
    throw new Problem('expression.limit_exceeded', `Values nested deeper than ${limits.valueDepth} cannot be compared.`)
  }
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    evaluation.spendItems(left.length)
    return left.every((item, index) => isSame(evaluation, item, right[index], depth + 1))
  }
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  evaluation.spendItems(keys.length)
  return keys.every((key) => Object.hasOwn(right, key) && isSame(evaluation, left[key], right[key], depth + 1))
}

/** `==` */
export function isEqual(evaluation: Evaluation, left: Value, right: Value): boolean {
  if (left === null || left === undefined) return right === null || right === undefined
  if (typeof left === 'number' && typeof right === 'string') return numberOf(right) === left
  if (typeof left === 'string' && typeof right === 'number') return numberOf(left) === right
  if (left instanceof DateValue || right instanceof DateValue) {
    const instant = instantOf(left)
    return instant !== undefined && instant === instantOf(right)
  }
  return isSame(evaluation, left, right)
}

/** `in` */
export function isIn(evaluation: Evaluation, left: Value, right: Value): boolean {
  if (Array.isArray(right)) {
    evaluation.spendItems(right.length)
    return right.some((item) => isSame(evaluation, item, left))
  }
  if (typeof right === 'string' && typeof left === 'string') {
    evaluation.spendText(right.length)
    return firstPlaceOf(right, left) >= 0
  }
  if (isObject(right) && (typeof left === 'string' || typeof left === 'number')) return Object.hasOwn(right, left)
  throw new Problem(
    'expression.type',
    `“in” looks for a key in an object, a value in a list or a text in a text, and on its right is ${describeKind(right)}.`,
  )
}

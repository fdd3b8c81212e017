import { DateValue } from './dates/date-value.ts'
import { toIso } from './dates/format-date.ts'
import type { Evaluation } from './evaluation.ts'
import { toJson } from './leave.ts'
import { limits } from './limits.ts'
import type { Value } from './value.ts'

/** A value inside text: nothing for null and missing, ISO for dates, JSON for lists and objects. */
export function toText(value: Value, evaluation: Evaluation): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'boolean':
      return String(value)
    case 'undefined':
      return ''
    default:
      if (value === null) return ''
      return value instanceof DateValue ? toIso(value) : toJsonText(value, evaluation)
  }
}

/** A value as JSON text. Measured before it is made: values can share their parts many times over. */
export function toJsonText(value: Value, evaluation: Evaluation, indent = 0): string {
  const budget = { left: limits.textLength }
  const json = toJson(value, budget)
  evaluation.spendText(limits.textLength - budget.left)
  return JSON.stringify(json, null, indent)
}

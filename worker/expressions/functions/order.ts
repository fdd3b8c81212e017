import { DateValue } from '../dates/date-value.ts'
import type { Value } from '../value.ts'

/**
 * One order over all values, for sort, min and max: numbers by size, dates by instant, texts by code unit, then
 * booleans, lists and objects as they come, and at the end what is null or missing.
 */
export function orderValues(a: Value, b: Value): number {
  const rankA = rankOf(a)
  const rankB = rankOf(b)
  if (rankA !== rankB) return rankA - rankB
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  return a instanceof DateValue && b instanceof DateValue ? a.epochMs - b.epochMs : 0
}

/** Where a value stands among kinds; see `orderValues`. */
function rankOf(value: Value): number {
  if (value === undefined || value === null) return 9
  if (typeof value === 'number') return 0
  if (value instanceof DateValue) return 1
  if (typeof value === 'string') return 2
  if (typeof value === 'boolean') return 3
  return Array.isArray(value) ? 4 : 5
}

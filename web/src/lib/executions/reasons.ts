import type { ConditionOperator } from '#contract/condition.ts'
import type { Json } from '#contract/json.ts'

// Why a step took the way it took. The engine records the comparisons that decided, with the values they saw; here
// they become sentences. What is of another shape (another kind of step, another release) is shown as it is.

export interface Reason {
  /** `trigger.body.total` */
  subject: string
  /** `is more than 50` */
  claim: string
  /** `42`, or `missing` */
  seen: string
  holds: boolean
}

/** The recorded reasons in words; undefined when they are of a shape we do not know. */
export function toReasons(because: Json | undefined): Reason[] | undefined {
  if (!Array.isArray(because) || because.length === 0) return undefined
  const reasons = because.map(toReason)
  return reasons.every((reason) => reason !== undefined) ? reasons : undefined
}

function toReason(recorded: Json): Reason | undefined {
  if (typeof recorded !== 'object' || recorded === null || Array.isArray(recorded)) return undefined
  const { field, operator, actual = null, expected = null, found, result } = recorded
  if (typeof field !== 'string' || typeof operator !== 'string' || typeof result !== 'boolean') return undefined
  const words = (operatorWords as Record<string, string | undefined>)[operator]
  if (words === undefined) return undefined
  return {
    subject: field,
    claim: words.replace('…', shown(expected)),
    seen: found === false ? 'missing' : shown(actual),
    holds: result,
  }
}

function shown(value: Json): string {
  return typeof value === 'string' ? `“${value}”` : JSON.stringify(value)
}

/** What each comparison claims; `…` stands for the value it was compared with. */
const operatorWords: Record<ConditionOperator, string> = {
  '==': 'equals …',
  '!=': 'is not …',
  '>': 'is more than …',
  '>=': 'is at least …',
  '<': 'is less than …',
  '<=': 'is at most …',
  equals: 'equals …',
  not_equals: 'is not …',
  greater_than: 'is more than …',
  less_than: 'is less than …',
  greater_or_equal: 'is at least …',
  less_or_equal: 'is at most …',
  contains: 'contains …',
  not_contains: 'does not contain …',
  includes: 'contains …',
  not_includes: 'does not contain …',
  starts_with: 'starts with …',
  ends_with: 'ends with …',
  matches_regex: 'matches the pattern …',
  in: 'is one of …',
  not_in: 'is none of …',
  exists: 'is there',
  not_exists: 'is not there',
  is_empty: 'is empty',
  is_not_empty: 'is not empty',
  before_date: 'is before …',
  after_date: 'is after …',
  between_dates: 'is between …',
  newer_than: 'is newer than …',
  older_than: 'is older than …',
}

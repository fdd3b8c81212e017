import type { ConditionOperator } from '#contract/condition.ts'
import { operatorWords } from '#lib/graph/model/condition-words.ts'

/** The operators on offer: one of each that mean the same, in an order that puts the common ones first. */
const offered = [
  'equals',
  'not_equals',
  'greater_than',
  'greater_or_equal',
  'less_than',
  'less_or_equal',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'in',
  'not_in',
  'includes',
  'not_includes',
  'exists',
  'not_exists',
  'is_empty',
  'is_not_empty',
  'before_date',
  'after_date',
  'between_dates',
  'newer_than',
  'older_than',
  'matches_regex',
] as const satisfies readonly ConditionOperator[]

/** Those that are not on offer, and what is offered in their place. A new operator stands in one of the two lists. */
export const sameAs: Readonly<Record<Exclude<ConditionOperator, (typeof offered)[number]>, (typeof offered)[number]>> =
  {
    '==': 'equals',
    '!=': 'not_equals',
    '>': 'greater_than',
    '>=': 'greater_or_equal',
    '<': 'less_than',
    '<=': 'less_or_equal',
  }

/** What a select of operators shows. One that is in use is always among them, an imported `==` too. */
export function operatorChoices(used: ConditionOperator): { value: ConditionOperator; label: string }[] {
  const all: readonly ConditionOperator[] = Object.hasOwn(sameAs, used) ? [used, ...offered] : offered
  return all.map((value) => ({ value, label: operatorWords[value] }))
}

import type { ConditionGroup, ConditionOperator } from '../../contract/condition.ts'

/** With nothing to compare with, these let nearly everything through, or nothing: the empty text is in every text. */
const needValue: ReadonlySet<ConditionOperator> = new Set([
  '>',
  '>=',
  '<',
  '<=',
  'greater_than',
  'greater_or_equal',
  'less_than',
  'less_or_equal',
  'contains',
  'not_contains',
  'includes',
  'not_includes',
  'starts_with',
  'ends_with',
  'matches_regex',
  'in',
  'not_in',
])

/** Where in a group the values are that nobody gave, of comparisons that say nothing without one. */
export function unfinishedComparisons(group: ConditionGroup): (string | number)[][] {
  return group.conditions.flatMap((part, index) => {
    const at = ['conditions', index]
    if ('conditions' in part) return unfinishedComparisons(part).map((inner) => [...at, ...inner])
    // A pattern that is not there at all is told as the mistake of writing that it is.
    const isGiven = part.value === undefined ? part.operator === 'matches_regex' : part.value !== ''
    return isGiven || !needValue.has(part.operator) ? [] : [[...at, 'value']]
  })
}

export const unfinished = { code: 'condition.no_value', message: 'Say with what it is compared.' } as const

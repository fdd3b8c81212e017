import type { Condition, ConditionGroup, ConditionOperator } from '#contract/condition.ts'
import type { Json } from '#contract/json.ts'

/** How a comparison is called on a card and in a menu. */
export const operatorWords: Record<ConditionOperator, string> = {
  '==': '=',
  '!=': '≠',
  '>': '>',
  '>=': '≥',
  '<': '<',
  '<=': '≤',
  equals: 'is',
  not_equals: 'is not',
  greater_than: '>',
  less_than: '<',
  greater_or_equal: '≥',
  less_or_equal: '≤',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'starts with',
  ends_with: 'ends with',
  matches_regex: 'matches',
  in: 'is one of',
  not_in: 'is none of',
  includes: 'includes',
  not_includes: 'does not include',
  exists: 'exists',
  not_exists: 'does not exist',
  is_empty: 'is empty',
  is_not_empty: 'is not empty',
  before_date: 'is before',
  after_date: 'is after',
  between_dates: 'is between',
  newer_than: 'is newer than',
  older_than: 'is older than',
}

const joints = { AND: ' and ', OR: ' or ', NOT: ' nor ' } as const

/** Operators that look at the left side alone. */
export const unaryOperators: ReadonlySet<ConditionOperator> = new Set([
  'exists',
  'not_exists',
  'is_empty',
  'is_not_empty',
])

/** Whether a param holds a group of conditions. */
export function isGroup(value: Json | undefined): value is Json & ConditionGroup {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return ['AND', 'OR', 'NOT'].includes(String(value['operator'])) && Array.isArray(value['conditions'])
}

/** A group in one line: `total > 5 and (country is NL or country is BE)`. Empty for an empty group. */
export function conditionWords(group: ConditionGroup): string {
  const words = group.conditions.map((part) => {
    if (!('conditions' in part)) return comparisonWords(part)
    const inner = conditionWords(part)
    return inner === '' || (part.conditions.length < 2 && part.operator !== 'NOT') ? inner : `(${inner})`
  })
  const line = words.filter((word) => word !== '').join(joints[group.operator])
  return group.operator === 'NOT' && line !== '' ? `not ${line}` : line
}

function comparisonWords({ field, operator, value }: Condition): string {
  const left = lastNames(field)
  if (left === '') return ''
  if (unaryOperators.has(operator)) return `${left} ${operatorWords[operator]}`
  return `${left} ${operatorWords[operator]} ${valueWords(value)}`.trim()
}

/** `trigger.body.order.total` → `order.total`: the end of a path is what tells it apart. */
function lastNames(field: string): string {
  const path = field.replace(/^\s*\{\{\s*|\s*\}\}\s*$/g, '').trim()
  return /^[\w.[\]'"?]+$/.test(path) ? path.split('.').slice(-2).join('.') : path
}

function valueWords(value: Json | undefined): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map(valueWords).join(', ')
  if (typeof value === 'string') return value.includes('{{') ? lastNames(value) : value
  return JSON.stringify(value)
}

import type { ConditionOperator } from '../../contract/condition.ts'
import { compilePattern, searchCost } from '../pattern.ts'
import type { Operand } from './compare.ts'

/** What one comparison costs where many are paid for together, in the units of `limits.fuel`. Throws as a search does. */
export function costOf(operator: ConditionOperator, field: Operand, value: Operand): number {
  if (operator === 'matches_regex' && typeof field === 'string' && typeof value === 'string') {
    return 2 + (searchCost(compilePattern(value), field) >> 8)
  }
  // Lists on both sides are compared item by item.
  return 2 + ((entriesOf(field) * entriesOf(value)) >> 2) + ((lengthOf(field) + lengthOf(value)) >> 8)
}

function entriesOf(operand: Operand): number {
  return Array.isArray(operand) ? operand.length + 1 : 1
}

function lengthOf(operand: Operand): number {
  return typeof operand === 'string' ? operand.length : 0
}

import type { Condition, ConditionGroup } from '../../contract/condition.ts'
import type { Json } from '../../contract/json.ts'
import type { ParamProblem } from '../define.ts'

/** Warnings where a group decides nothing, or one inside it: an empty one is always true, or, with OR, never. */
export function emptyConditions(group: Json | ConditionGroup | undefined, path: ParamProblem['path']): ParamProblem[] {
  if (typeof group !== 'object' || group === null || Array.isArray(group)) return []
  const { operator, conditions } = group
  if (!Array.isArray(conditions)) return []
  if (conditions.length > 0) {
    return conditions.flatMap((part: Json | Condition | ConditionGroup, index) =>
      typeof part === 'object' && part !== null && 'conditions' in part
        ? emptyConditions(part, [...path, 'conditions', index])
        : [],
    )
  }
  const always = operator === 'OR' ? 'never' : 'always'
  const message = `Without a condition this is ${always} true. Add one.`
  return [{ severity: 'warning', code: 'conditions.empty', message, path }]
}

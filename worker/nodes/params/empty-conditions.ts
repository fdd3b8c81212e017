import type { ConditionGroup } from '../../contract/condition.ts'
import type { Json } from '../../contract/json.ts'
import type { ParamProblem } from '../define.ts'

/** A warning when a group decides nothing: an empty one is always true, or, with OR, never. */
export function emptyConditions(group: Json | ConditionGroup | undefined, path: ParamProblem['path']): ParamProblem[] {
  if (typeof group !== 'object' || group === null || Array.isArray(group)) return []
  const { operator, conditions } = group
  if (!Array.isArray(conditions) || conditions.length > 0) return []
  const always = operator === 'OR' ? 'never' : 'always'
  const message = `Without a condition this is ${always} true. Add one.`
  return [{ severity: 'warning', code: 'conditions.empty', message, path }]
}

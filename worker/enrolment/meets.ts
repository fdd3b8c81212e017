import type { ConditionGroup } from '../contract/condition.ts'
import { compileConditions, ExpressionError, type ExpressionScope } from '../expressions/index.ts'

const compiled = new WeakMap<ConditionGroup, ReturnType<typeof compileConditions>>()

/** Whether conditions hold. Those that cannot be decided do not: a mistake in one must not stop events. */
export function meets(group: ConditionGroup, scope: ExpressionScope): boolean {
  try {
    let conditions = compiled.get(group)
    if (conditions === undefined) {
      conditions = compileConditions(group)
      compiled.set(group, conditions)
    }
    return conditions.evaluate(scope).result
  } catch (error) {
    if (error instanceof ExpressionError) return false
    throw error
  }
}

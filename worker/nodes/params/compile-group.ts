import { ConditionGroup } from '../../contract/condition.ts'
import type { Json } from '../../contract/json.ts'
import { StepFailure, type Scope } from '../../engine/behaviour.ts'
import { compileConditions } from '../../expressions/index.ts'
import { deferred } from './compile-params.ts'
import { expressionScope } from './expression-scope.ts'

export interface Decision {
  result: boolean
  /** The comparisons that decided, with the values they saw. */
  because: Json
}

/** Conditions made ready once. Never throws; the function it gives throws `StepFailure`. */
export function compileGroup(conditions: Json | ConditionGroup | undefined): (scope: Scope) => Decision {
  return deferred(() => {
    const parsed = ConditionGroup.safeParse(conditions)
    if (!parsed.success) {
      throw new StepFailure({
        kind: 'terminal',
        code: 'params.invalid',
        message: 'The param "conditions" is not a group of conditions.',
        details: { param: 'conditions' },
      })
    }
    const compiled = compileConditions(parsed.data)
    return (scope) => compiled.evaluate(expressionScope(scope))
  })
}

import type { Json } from '../../contract/json.ts'
import { Computation, ExpressionError } from '../../expressions/index.ts'
import type { ParamProblem } from '../define.ts'
import { holdsExpression } from '../params/holds-expression.ts'

/** What is wrong with a pattern, before any text is searched. Of one that is computed nothing can be said. */
export function checkPattern(pattern: Json | undefined, path: ParamProblem['path']): ParamProblem[] {
  if (typeof pattern !== 'string' || pattern === '' || holdsExpression(pattern)) return []
  try {
    new Computation({ now: 0 }).method('', 'matches', pattern)
    return []
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return [{ severity: 'error', code: 'pattern.invalid', message: error.message, path }]
  }
}

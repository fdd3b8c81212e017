import { StepFailure } from '../../engine/behaviour.ts'
import { ExpressionError, toFailure } from '../../expressions/index.ts'

/** What a behaviour may throw, made of what was thrown. An error that is nobody's mistake but ours goes through. */
export function asStepFailure(error: unknown): unknown {
  return error instanceof ExpressionError ? new StepFailure(toFailure(error)) : error
}

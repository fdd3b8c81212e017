/** The outer door of expressions and conditions. Runs in the Worker and in the browser alike. */
export { compileExpression, compileTemplate, type Template } from './template.ts'
export {
  ExpressionError, expressionErrorCodes, toFailure,
  type ExpressionErrorCode, type ExpressionErrorData, type ExpressionPosition,
} from './error.ts'
export type { EvaluateOptions, ExpressionScope } from './evaluation.ts'
export { compileConditions, type Conditions, type Outcome, type Reason } from './conditions/compile-conditions.ts'
export { limits } from './limits.ts'

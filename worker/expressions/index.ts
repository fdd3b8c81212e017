/** The outer door of expressions and conditions. Runs in the Worker and in the browser alike. */
export { compileExpression, compileTemplate, type Template } from './template.ts'
export {
  ExpressionError,
  expressionErrorCodes,
  toFailure,
  type ExpressionErrorCode,
  type ExpressionErrorData,
  type ExpressionPosition,
} from './error.ts'
export type { EvaluateOptions, ExpressionScope } from './evaluation.ts'
export { compileConditions, type Conditions, type Outcome, type Reason } from './conditions/compile-conditions.ts'
export { limits } from './limits.ts'
export { catalogueScope, functionCatalogue, type CatalogueEntry } from './functions/catalogue.ts'
export { checkConditions, checkTemplate, defaultRoots, type CheckContext } from './check.ts'
export { references, type References } from './references.ts'
export { renameStep, renameStepInConditions } from './rename-step.ts'

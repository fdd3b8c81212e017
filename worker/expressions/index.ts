// The outer door of expressions and conditions: pure, synchronous, bounded, for the Worker and the browser alike.
//
//   parse/       text → syntax tree (acorn), and why a construct is refused
//   compile/     syntax tree → closures; paths, calls, arrow functions, what is missing
//   functions/   the closed table of functions and methods, as data with implementations
//   dates/       instants, time zones, calendar arithmetic, patterns
//   conditions/  groups of comparisons, and why they came out as they did
//   template.ts  JSON values with {{ … }};  per-item.ts  texts for each item of a list;  computation.ts  functions by name
//   json-text.ts  JSON as text with {{ … }}, fill-json.ts  and how it is filled in
//   leave.ts  what a result may be;  limits.ts  what it may cost

export { Computation } from './computation.ts'
export { compileExpression, compileTemplate, type Template, type TemplateOptions } from './template.ts'
export { jsonTextProblem } from './json-text.ts'
export { compilePerItem, type PerItem } from './per-item.ts'
export { isObject, kindOf, describeKind, numberOf, readKey, setKey, type Value, type ValueObject } from './value.ts'
export type { Lambda } from './functions/define.ts'
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
export { parseFieldPath, readPath, type FieldPath } from './conditions/field-path.ts'
export { dateFromNumber, parseDate } from './dates/parse-date.ts'
export { isZone } from './dates/zone.ts'
export { limits } from './limits.ts'
export { catalogueScope, functionCatalogue, type CatalogueEntry } from './functions/catalogue.ts'
export { checkConditions, checkTemplate, defaultRoots, type CheckContext } from './check.ts'
export { references, type References } from './references.ts'
export { nearestName } from './suggest.ts'
export { renameStep, renameStepInConditions } from './rename-step.ts'

import type { Failure } from '../contract/failure.ts'
import type { JsonObject } from '../contract/json.ts'

/** Codes are API: never rename one. */
export const expressionErrorCodes = [
  /** The text is not an expression, or uses a construct that expressions do not have. */
  'expression.syntax',
  /** A root, function or method that does not exist. */
  'expression.unknown_name',
  /** The path names something that is not there, or leads through null. */
  'expression.missing_path',
  /** `steps.x` where the step x has given no result in this execution. */
  'expression.step_not_run',
  /** A value of a type that the operator, function or method cannot use. */
  'expression.type',
  /** A value of the right type that makes no sense there: an unknown time zone, a pattern with a mistake … */
  'expression.value',
  /** Too long, too deep, too much work or too much output. See `limits`. */
  'expression.limit_exceeded',
] as const
export type ExpressionErrorCode = (typeof expressionErrorCodes)[number]

export interface ExpressionPosition {
  /** Characters before the place, in the whole text that holds the expression. */
  offset: number
  /** Where the faulty part ends, in the same count. */
  end: number
  /** Line and column of `offset`, both from 1. */
  line: number
  column: number
}

export interface ExpressionErrorData {
  code: ExpressionErrorCode
  message: string
  /** The source between the braces, without surrounding blanks. */
  expression: string
  /** Where `expression` begins in the whole text, so that `position.offset - expressionOffset` points into it. */
  expressionOffset: number
  position: ExpressionPosition
  /** The path that led nowhere, such as `trigger.body.customer.emial`. */
  missingPath?: string
  /** A name that exists and is written nearly the same. */
  suggestion?: string
  /** It is a mistake only if nothing changes until it is evaluated. */
  isWarning?: true
  /** Where in the template or condition group the text is: keys and indexes from the outside in. */
  path?: (string | number)[]
}

/** Why an expression could not be read or evaluated, in words that say what to do. The only error of this folder. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
  readonly data: ExpressionErrorData

  constructor(data: ExpressionErrorData) {
    super(data.message)
    this.data = data
  }

  get code(): ExpressionErrorCode {
    return this.data.code
  }

  /** The same error, placed inside the value that holds its text. */
  within(path: readonly (string | number)[]): ExpressionError {
    return new ExpressionError({ ...this.data, path: [...path, ...(this.data.path ?? [])] })
  }
}

/** The error as data for a journal: trying again cannot help, so it is terminal. */
export function toFailure(error: ExpressionError): Failure {
  const { code, message, ...rest } = error.data
  const details: JsonObject = {
    expression: rest.expression,
    expressionOffset: rest.expressionOffset,
    position: { ...rest.position },
    ...(rest.missingPath === undefined ? {} : { missingPath: rest.missingPath }),
    ...(rest.suggestion === undefined ? {} : { suggestion: rest.suggestion }),
    ...(rest.path === undefined ? {} : { path: rest.path }),
  }
  return { kind: 'terminal', code, message, details }
}

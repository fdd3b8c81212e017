import type { z } from 'zod'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { Scope } from '../../engine/behaviour.ts'
import type { StepPath } from '../../engine/event.ts'
import { compileExpression, compileTemplate, ExpressionError, type TemplateOptions } from '../../expressions/index.ts'
import { asStepFailure } from './as-step-failure.ts'
import { asTemplate } from './as-template.ts'
import { expressionScope } from './expression-scope.ts'
import { jsonTextParams } from './json-text-params.ts'
import { parseParams, type ParsedParams } from './parse-params.ts'

/**
 * Params of one node, made ready once per version: `resolve` evaluates their expressions and checks the result. Params
 * without expressions are checked now and cost nothing later.
 *
 * Never throws: what is wrong with a draft is thrown by `resolve`, as `StepFailure`, so that the step fails which is
 * wrong and the rest can be tried.
 */
export function compileParams<Schema extends z.ZodType>(
  schema: Schema,
  params: JsonObject,
  options: Pick<TemplateOptions, 'written'> = {},
): (scope: Scope) => ParsedParams<z.output<Schema>> {
  return deferred(() => {
    const template = compileTemplate(params, { ...options, jsonTexts: jsonTextParams(schema, params) })
    if (template.isConstant) {
      const parsed = parseParams(schema, params)
      return () => parsed
    }
    return (scope) => parseParams(schema, template.evaluate(expressionScope(scope)) as JsonObject)
  })
}

/** The value of `param`, a text or JSON with expressions. Throws `StepFailure` from the function it gives. */
export function compileValue(value: Json, param: string): (scope: Scope) => Json {
  return deferred(() => {
    const template = compileTemplate(value)
    if (template.isConstant) return () => value
    return (scope) => template.evaluate(expressionScope(scope))
  }, param)
}

/**
 * The value of `param`, an expression with or without braces. Throws `StepFailure` from the function it gives, whose place
 * is one in the text as it was written.
 */
export function compileWritten(text: string, param: string): (scope: Scope) => Json {
  if (text.trim() === '' || text.includes('{{')) return compileValue(asTemplate(text), param)
  return deferred(() => {
    const expression = compileExpression(text)
    return (scope) => expression.evaluate(expressionScope(scope))
  }, param)
}

/**
 * Compiles now; what is thrown then or later comes out of the function as `StepFailure`. Errors of expressions name the
 * `param` that they are in, where it is given.
 */
export function deferred<Result>(compile: () => Compiled<Result>, param?: string): Compiled<Result> {
  const toFailure = (error: unknown) =>
    asStepFailure(param !== undefined && error instanceof ExpressionError ? error.within([param]) : error)
  let evaluate: Compiled<Result>
  try {
    evaluate = compile()
  } catch (error) {
    const failure = toFailure(error)
    return () => {
      throw failure
    }
  }
  return (scope, path) => {
    try {
      return evaluate(scope, path)
    } catch (error) {
      throw toFailure(error)
    }
  }
}

/** `path` is the step it is evaluated for, where that is known. */
type Compiled<Result> = (scope: Scope, path?: StepPath) => Result

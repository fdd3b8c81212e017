import type { z } from 'zod'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { Scope } from '../../engine/behaviour.ts'
import { compileTemplate } from '../../expressions/index.ts'
import { asStepFailure } from './as-step-failure.ts'
import { expressionScope } from './expression-scope.ts'
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
): (scope: Scope) => ParsedParams<z.output<Schema>> {
  return deferred(() => {
    const template = compileTemplate(params)
    if (template.isConstant) {
      const parsed = parseParams(schema, params)
      return () => parsed
    }
    return (scope) => parseParams(schema, template.evaluate(expressionScope(scope)) as JsonObject)
  })
}

/** One text or JSON value with expressions. Throws `StepFailure` from the function it gives. */
export function compileValue(value: Json): (scope: Scope) => Json {
  return deferred(() => {
    const template = compileTemplate(value)
    if (template.isConstant) return () => value
    return (scope) => template.evaluate(expressionScope(scope))
  })
}

/** Compiles now; what is thrown then or later comes out of the function as `StepFailure`. */
export function deferred<Result>(compile: () => (scope: Scope) => Result): (scope: Scope) => Result {
  let evaluate: (scope: Scope) => Result
  try {
    evaluate = compile()
  } catch (error) {
    const failure = asStepFailure(error)
    return () => {
      throw failure
    }
  }
  return (scope) => {
    try {
      return evaluate(scope)
    } catch (error) {
      throw asStepFailure(error)
    }
  }
}

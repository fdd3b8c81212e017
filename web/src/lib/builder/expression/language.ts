// The expression language in the browser: the same code that runs workflows, loaded when an expression is first shown.

import type { Json } from '#contract/json.ts'
import {
  compileExpression,
  compileTemplate,
  ExpressionError,
  functionCatalogue,
} from '../../../../../worker/expressions/index.ts'
import type { SampleScope } from '../model/sample-scope.ts'
import type { KnownFunction } from './completions.ts'

export const knownFunctions: readonly KnownFunction[] = functionCatalogue

/** What a value with expressions gives with the sample data, or why it gives nothing. */
export type Preview =
  | { kind: 'value'; value: Json }
  | { kind: 'error'; message: string; suggestion: string | undefined }

/** Evaluates a template, or with `isBare` an expression that may stand without braces. Never throws. */
export function preview(value: Json, scope: SampleScope, isBare: boolean): Preview {
  try {
    const isExpression = isBare && typeof value === 'string' && !value.includes('{{')
    const template = isExpression ? compileExpression(value) : compileTemplate(value)
    return { kind: 'value', value: template.evaluate({ ...scope, now: Date.now() }) }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return { kind: 'error', message: error.message, suggestion: error.data.suggestion }
  }
}

import { DateValue } from '../dates/date-value.ts'
import type { ExpressionError } from '../error.ts'
import type { Evaluate } from '../evaluation.ts'
import { findFunction } from '../functions/registry.ts'
import { errorAt, type Source, type Span } from '../source.ts'
import { listNames, nearestName } from '../suggest.ts'
import { isObject } from '../value.ts'

/**
 * `now` is a date; every other root is JSON as it stands in the scope. A root taken `whole` is a copy, one level deep:
 * `steps` grows after the expression has given it, and a step whose output held it would come to hold itself.
 */
export function compileRoot(source: Source, name: string, span: Span, taken: 'whole' | 'inPart'): Evaluate {
  return (evaluation) => {
    evaluation.spend(1)
    const { scope } = evaluation
    const found = Object.hasOwn(scope, name) ? scope[name] : undefined
    if (found === undefined) throw unknownRoot(source, name, span, Object.keys(scope))
    if (name === 'now' && typeof found === 'number') return new DateValue(found)
    return taken === 'whole' && isObject(found) ? { ...found } : found
  }
}

/** A name that is none of the roots of the scope. */
export function unknownRoot(source: Source, name: string, span: Span, roots: readonly string[]): ExpressionError {
  const suggestion = nearestName(name, roots)
  const isFunction = findFunction(name) !== undefined
  const hint = isFunction
    ? ` It is a function: write ${name}(…).`
    : suggestion === undefined
      ? ''
      : ` Did you mean “${suggestion}”?`
  return errorAt(
    source,
    span,
    'expression.unknown_name',
    `There is no “${name.slice(0, 60)}” here.${hint} An expression begins with one of: ${listNames(roots)}.`,
    { missingPath: name, ...(suggestion === undefined ? {} : { suggestion }) },
  )
}

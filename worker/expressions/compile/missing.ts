import type { ExpressionError } from '../error.ts'
import { findMethods, methodFor } from '../functions/registry.ts'
import { errorAt, type Source, type Span } from '../source.ts'
import { listNames, nearestName } from '../suggest.ts'
import { isObject, kindOf, type Value } from '../value.ts'

interface Step {
  /** The part before the key, as written, and what it gave. */
  owner: Span
  /** The path with the key. */
  whole: Span
  key: string | number
}

/** A path that leads nowhere: `container` is what the owner gave. */
export function missingKey(source: Source, step: Step, container: Value): ExpressionError {
  const owner = shorten(source, step.owner)
  const path = shorten(source, step.whole)
  const fail = (message: string, suggestion?: string): ExpressionError =>
    errorAt(source, step.whole, 'expression.missing_path', message, {
      missingPath: path,
      ...(suggestion === undefined ? {} : { suggestion }),
    })

  const { key } = step
  const named = typeof key === 'string' ? findMethods(key) : undefined
  if (named !== undefined && methodFor(named, kindOf(container)) !== undefined && !isObject(container)) {
    return fail(`“${key}” is a method: write ${path}( ).`)
  }
  if (container === null || container === undefined) {
    const state = container === null ? 'is null' : 'is missing'
    return fail(`${owner} ${state}, so “${key}” cannot be read. Write ${owner}?.… or … ?? "default" if that is fine.`)
  }
  if (Array.isArray(container)) {
    if (typeof key === 'number' || /^\d+$/.test(key)) {
      return fail(`${owner} has ${container.length} items, counted from 0, so there is no [${key}].`)
    }
    return fail(
      `${owner} is a list and has no “${key}”. For each item write ${owner}.map(item => item.${key}), for one ${owner}[0].${key}.`,
    )
  }
  if (isObject(container)) {
    const keys = Object.keys(container)
    const suggestion = nearestName(String(key), keys)
    const hint = suggestion === undefined ? '' : ` Did you mean “${suggestion}”?`
    const has = keys.length === 0 ? 'It is empty.' : `It has ${listNames(keys)}.`
    return fail(`${owner} has no “${key}”.${hint} ${has} If it may be missing, write ${path} ?? "default".`, suggestion)
  }
  if (typeof container === 'string') {
    const looksLikeJson = /^\s*[[{]/.test(container)
    return fail(
      `${owner} is text and has no “${key}”.${looksLikeJson ? ` To read JSON write parseJson(${owner}).${key}.` : ''}`,
    )
  }
  return fail(`${owner} is a ${kindOf(container)} and has no “${key}”.`)
}

/** `steps.x` where x has no result. */
export function stepNotRun(source: Source, step: Step, steps: Value): ExpressionError {
  const finished = isObject(steps) ? Object.keys(steps) : []
  const suggestion = nearestName(String(step.key), finished)
  const hint = suggestion === undefined ? '' : ` Did you mean “${suggestion}”?`
  const have = finished.length === 0 ? 'No step has a result yet.' : `Steps with a result: ${listNames(finished)}.`
  return errorAt(
    source,
    step.whole,
    'expression.step_not_run',
    `The step “${step.key}” has not run in this execution, so it has no result.${hint} ${have}`,
    { missingPath: shorten(source, step.whole), ...(suggestion === undefined ? {} : { suggestion }) },
  )
}

/** What the expression says there, short enough for a sentence. */
export function shorten(source: Source, span: Span): string {
  const words = source.text.slice(source.offset + span.start, source.offset + span.end).replace(/\s+/g, ' ')
  return words.length > 120 ? `${words.slice(0, 119)}…` : words
}

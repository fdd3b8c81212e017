// template
//
// A JSON value whose texts may hold `{{ … }}`, compiled once and evaluated many times.
//
// Invariants:
//
//   T1. One pass: what an expression gives is data and is never read for expressions again.
//   T2. Keys of objects are never templates.
//   T3. Parts without expressions are shared with the compiled value and cost nothing.
//   T4. A text that is one expression and nothing else gives the value itself; inside other text a value is written:
//       nothing for null, JSON for lists and objects, ISO 8601 for dates.
//   T5. A text that is named as JSON and begins as a list or an object gives that; see json-text.ts.

import type { Json, JsonObject } from '../contract/json.ts'
import { compilePart } from './compile/compile.ts'
import type { Read } from './compile/compiler.ts'
import { ExpressionError } from './error.ts'
import type { EvaluateOptions, ExpressionScope } from './evaluation.ts'
import { fillJsonText } from './fill-json.ts'
import { fillText, fillWhole, type Fill, type Fuel, type Path } from './fill.ts'
import { beginsAsJson } from './json-text.ts'
import type { ByteBudget } from './leave.ts'
import { limits } from './limits.ts'
import { errorAt, type Source } from './source.ts'
import { scanText } from './scan.ts'

/** A path of the scope that a template reads, and the text it stands in. */
export interface TemplateRead extends Read {
  /** Keys and indexes from the template's outside to the text. */
  at: (string | number)[]
  source: Source
}

export interface Template {
  /** Whether there is nothing to replace in it: `evaluate` gives the value itself. */
  readonly isConstant: boolean
  /** What it reads from the scope, for static analysis. */
  readonly reads: readonly TemplateRead[]
  /** The value with every expression replaced by its result. Throws `ExpressionError`. */
  evaluate(scope: ExpressionScope, options?: EvaluateOptions): Json
}

/** A part of the value: as it stands, or to be filled in. */
type Part = { constant: Json } | { fill: Fill }

export interface TemplateOptions {
  /** Keys of the outermost object whose texts are JSON where they begin as such. */
  jsonTexts?: readonly string[]
  /** Keys of the outermost object whose texts are expressions, written with or without braces; an empty one is null. */
  written?: readonly string[]
}

/** Compiles the expressions in a JSON value. Throws `ExpressionError` whose `path` says which text is wrong. */
export function compileTemplate(value: Json, options: TemplateOptions = {}): Template {
  return compileReporting(
    value,
    (error) => {
      throw error
    },
    options,
  )
}

/** As `compileTemplate`, and goes on after an error: the text with the error stays as it is. */
export function compileReporting(
  value: Json,
  report: (error: ExpressionError) => void,
  { jsonTexts = [], written = [] }: TemplateOptions = {},
): Template {
  const reads: TemplateRead[] = []
  let expressions = 0

  function compileAny(json: Json, at: Path): Part {
    if (typeof json === 'string') return compileText(json, at)
    if (typeof json !== 'object' || json === null) return { constant: json }
    return Array.isArray(json) ? compileItems(json, at) : compileKeys(json, at)
  }

  function compileText(text: string, at: Path): Part {
    const isBare = at.length === 1 && written.includes(String(at[0])) && !text.includes('{{')
    if (isBare && text.trim() === '') return { constant: null }
    if (!isBare && !text.includes('{{')) return { constant: text }
    try {
      const pieces = isBare ? [compilePart(text, 0, '')] : scanText(text)
      const parts = pieces.filter((piece) => typeof piece !== 'string')
      expressions += parts.length
      const [first] = parts
      if (first === undefined) return fillAlways(pieces.join(''))
      if (expressions > limits.expressions) {
        const message = `At most ${limits.expressions} expressions can stand here. Split the step in two.`
        throw errorAt(first.source, { start: 0, end: 0 }, 'expression.limit_exceeded', message)
      }
      for (const part of parts) for (const read of part.reads) reads.push({ ...read, at: [...at], source: part.source })
      if (at.length === 1 && jsonTexts.includes(String(at[0])) && beginsAsJson(pieces)) {
        return { fill: fillJsonText(pieces, at) }
      }
      const isWhole = pieces.every((piece) => typeof piece !== 'string' || piece.trim() === '')
      return { fill: isWhole && parts.length === 1 ? fillWhole(first, at) : fillText(pieces, at) }
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      report(error.within(at))
      return { constant: text }
    }
  }

  function compileItems(list: Json[], at: Path): Part {
    const parts = list.map((item, index) => compileAny(item, [...at, index]))
    if (parts.every((part, index) => 'constant' in part && part.constant === list[index])) return { constant: list }
    return { fill: (scope, budget, fuel) => parts.map((part) => fillPart(part, scope, budget, fuel)) }
  }

  function compileKeys(object: JsonObject, at: Path): Part {
    const parts = Object.entries(object).map(([key, item]) => ({ key, part: compileAny(item, [...at, key]) }))
    if (parts.every(({ key, part }) => 'constant' in part && part.constant === object[key])) return { constant: object }
    const kept = parts.filter(({ key }) => key !== '__proto__')
    return {
      fill: (scope, budget, fuel) => {
        const filled: JsonObject = {}
        for (const { key, part } of kept) filled[key] = fillPart(part, scope, budget, fuel)
        return filled
      },
    }
  }

  return toTemplate(compileAny(value, []), reads)
}

/** Compiles one expression, written without braces. Throws `ExpressionError`. */
export function compileExpression(source: string): Template {
  const part = compilePart(source, 0, '')
  return toTemplate(
    { fill: fillWhole(part, []) },
    part.reads.map((read) => ({ ...read, at: [], source: part.source })),
  )
}

function toTemplate(part: Part, reads: readonly TemplateRead[]): Template {
  return {
    isConstant: 'constant' in part,
    reads,
    evaluate: (scope, options) =>
      fillPart(
        part,
        scope,
        { left: options?.outputBytes ?? limits.outputBytes },
        options?.payer ?? options?.fuel ?? limits.fuel,
      ),
  }
}

function fillPart(part: Part, scope: ExpressionScope, budget: ByteBudget, fuel: Fuel): Json {
  return 'constant' in part ? part.constant : part.fill(scope, budget, fuel)
}

/** A text in which only `\\{{` was replaced. */
function fillAlways(text: string): Part {
  return { fill: () => text }
}

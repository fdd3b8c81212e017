// compute
//
// What the nodes of this family share. A node is a form and, for each of its operations, a few calls of functions and
// methods of the expression language: there is one implementation of each, and forms add words to it.
//
// Invariants:
//
//   N1. Only params that the form shows are evaluated. What was typed for another operation is kept and has no effect.
//   N2. Params that are read per item, and those that take no expressions, are left as they are; the rest is evaluated.
//   N3. One evaluation of a node has one budget, whatever it does: `budget`.

import type { z } from 'zod'
import type { ConditionGroup } from '../../contract/condition.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { Behaviour, Outcome, Scope } from '../../engine/behaviour.ts'
import {
  compileConditions,
  compilePerItem,
  compileTemplate,
  Computation,
  ExpressionError,
  type Conditions,
  type ExpressionScope,
  type Lambda,
  type PerItem,
  type Template,
} from '../../expressions/index.ts'
import { deferred } from '../params/compile-params.ts'
import { expressionScope } from '../params/expression-scope.ts'
import type { FieldMeta } from '../params/field.ts'
import { parseParams } from '../params/parse-params.ts'

/** Enough for ten simple parts of an expression on each of 10,000 items; some ten milliseconds at the very most. */
const budget = { fuel: 100_000 }
/** What is read may be as large as what may come in: 1 MB. What is given is as large as any result. */
const readBytes = 1_024 * 1_024

type Missing = 'required' | 'maybe' | 'forgiving'

/** The means of one evaluation of a node. */
export class Work extends Computation {
  readonly #compiled: Compiled

  constructor(scope: ExpressionScope, compiled: Compiled) {
    super(scope, budget)
    this.#compiled = compiled
  }

  /**
   * A param's text as a function: of `item` and `index` unless other names are given. `missing` says what may be
   * missing in it: nothing, the last key (of a test), or any part of a path.
   */
  item(text: string, at: Path, missing: Missing = 'required', names: readonly string[] = ofItem): Lambda {
    const { perItem } = this.#compiled
    const compiled = once(perItem, `${at.join('.')} ${missing}`, at, () => compilePerItem(text, names, missing))
    return placed(this.each(compiled), at)
  }

  /** Conditions about `item` and `index` as a test. */
  passes(conditions: ConditionGroup, at: Path): Lambda {
    return placed(this.test(once(this.#compiled.tests, at.join('.'), at, () => compileConditions(conditions))), at)
  }

  /** A JSON value whose texts are templates about `item` and `index`. */
  filled(value: Json, at: Path): Lambda {
    return placed(this.fill(once(this.#compiled.templates, at.join('.'), at, () => compileTemplate(value))), at)
  }
}

type Path = readonly (string | number)[]
const ofItem = ['item', 'index'] as const

/** What is compiled from a node's own texts, which are the same at each of its evaluations, by where they stand. */
interface Compiled {
  perItem: Map<string, PerItem>
  tests: Map<string, Conditions>
  templates: Map<string, Template>
}

function once<Made>(made: Map<string, Made>, key: string, at: Path, make: () => Made): Made {
  const known = made.get(key)
  if (known !== undefined) return known
  try {
    const fresh = make()
    made.set(key, fresh)
    return fresh
  } catch (error) {
    throw error instanceof ExpressionError ? error.within(at) : error
  }
}

/** Errors of a function say in which param its text stands. */
function placed(lambda: Lambda, at: Path): Lambda {
  return (...items) => {
    try {
      return lambda(...items)
    } catch (error) {
      throw error instanceof ExpressionError ? error.within(at) : error
    }
  }
}

/**
 * A behaviour that computes. `run` gets the params that the form shows, evaluated and checked, with their defaults.
 * Never throws: what is wrong is thrown as `StepFailure` when the step's turn comes.
 */
export function compute<Schema extends z.ZodObject>(
  schema: Schema,
  given: JsonObject,
  run: (params: z.output<Schema>, work: Work) => Outcome,
): Behaviour {
  return {
    kind: 'pure',
    evaluate: deferred(() => {
      const { kept, filled, written, source } = readings(schema, given)
      const template = compileTemplate(filled, { written })
      const readSource = source === undefined ? undefined : compileSource(source, given, written)
      const compiled: Compiled = { perItem: new Map(), tests: new Map(), templates: new Map() }
      return (scope: Scope) => {
        const seen = expressionScope(scope)
        const values: JsonObject = {
          ...(template.evaluate(seen, { outputBytes: readBytes }) as JsonObject),
          ...(readSource !== undefined && { source: readSource(seen) }),
          ...kept,
        }
        return run(parseParams(schema, values).params, new Work(seen, compiled))
      }
    }),
  }
}

/**
 * The shown params by how they are read: per item, as templates (those under `written` are expressions, with or without
 * braces), and what the node works on.
 */
function readings(schema: z.ZodObject, given: JsonObject) {
  const kept: JsonObject = {}
  const filled: JsonObject = {}
  const written: string[] = []
  let source: Json | undefined
  for (const [key, value] of Object.entries(given)) {
    const meta = metaOf(schema, key)
    if (!isShown(schema, given, meta)) continue
    if (meta?.each !== undefined || meta?.expressions === false) kept[key] = value
    else if (key === 'source') source = value
    else filled[key] = value
    if (meta?.control === 'expression') written.push(key)
  }
  return { kept, filled, written, source }
}

/** What the node works on. Where it says what to take when it is missing, a path that leads nowhere is missing too. */
function compileSource(
  source: Json,
  { fallback }: JsonObject,
  written: readonly string[],
): (scope: ExpressionScope) => Json {
  const template = compileTemplate({ source }, { written })
  return (scope) => {
    try {
      return (template.evaluate(scope, { outputBytes: readBytes }) as JsonObject)['source']!
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      const isMissing = error.code === 'expression.missing_path' || error.code === 'expression.step_not_run'
      if (isMissing && fallback !== undefined && fallback !== '') return null
      throw error
    }
  }
}

function isShown(schema: z.ZodObject, given: JsonObject, meta: Partial<FieldMeta> | undefined): boolean {
  return Object.entries(meta?.showWhen ?? {}).every(([key, wanted]) => {
    const value = given[key] ?? schema.shape[key]?.safeParse(undefined).data
    return Array.isArray(wanted) ? wanted.includes(value) : value === wanted
  })
}

function metaOf(schema: z.ZodObject, key: string): Partial<FieldMeta> | undefined {
  const param: z.ZodType | undefined = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined
  // Every param of a node type is described with `field`.
  return param?.meta() as Partial<FieldMeta> | undefined
}

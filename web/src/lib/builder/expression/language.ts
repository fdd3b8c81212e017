// The expression language in the browser: the same code that runs workflows, loaded when an expression is first shown.

import type { CalendarSnapshot } from '#contract/calendar.ts'
import type { Condition } from '#contract/condition.ts'
import type { GraphNode } from '#contract/graph.ts'
import type { Json } from '#contract/json.ts'
import { withAppended } from '../../../../../worker/engine/appended.ts'
import type { Behaviour } from '../../../../../worker/engine/behaviour.ts'
import {
  compileConditions,
  compileExpression,
  compileTemplate,
  ExpressionError,
  functionCatalogue,
} from '../../../../../worker/expressions/index.ts'
import { compileNode } from '../../../../../worker/nodes/compile-node.ts'
import type { Foresee, SampleScope } from '../model/sample-scope.ts'
import type { KnownFunction } from './completions.ts'

export const knownFunctions: readonly KnownFunction[] = functionCatalogue

/** What a value with expressions gives with the sample data, or why it gives nothing. */
export type Preview =
  | { kind: 'value'; value: Json }
  | {
      kind: 'error'
      message: string
      suggestion: string | undefined
      /** Wrong whatever the data: checking the graph says so too. */
      isFinal: boolean
    }

export interface SeenCondition {
  /** What is compared, shortened; undefined where there is nothing of that name. */
  actual: Json | undefined
  holds: boolean
}

/** How a field's value is read, where that is not as a template. */
export interface Reading {
  /** An expression that may stand without braces. */
  isBare?: boolean
  /** JSON with expressions in it. */
  readsJsonText?: boolean
}

/** Evaluates what stands in a field. Never throws. */
export function preview(value: Json, scope: SampleScope, { isBare, readsJsonText }: Reading = {}): Preview {
  try {
    const isExpression = isBare === true && typeof value === 'string' && !value.includes('{{')
    const template = isExpression
      ? compileExpression(value)
      : compileTemplate({ value }, { jsonTexts: readsJsonText === true ? ['value'] : [] })
    const given = template.evaluate({ ...scope, now: Date.now() })
    return { kind: 'value', value: isExpression ? given : valueIn(given) }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const isFinal = error.code === 'expression.syntax' || error.code === 'expression.unknown_name'
    return { kind: 'error', message: error.message, suggestion: error.data.suggestion, isFinal }
  }
}

function valueIn(given: Json): Json {
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? (given['value'] ?? null) : given
}

/** What a param that may be an expression without braces gives with the sample data; undefined when it gives nothing. */
export function sampleOf(value: Json | undefined, scope: SampleScope): Json | undefined {
  if (value === undefined || value === '') return undefined
  const shown = preview(value, scope, { isBare: true })
  return shown.kind === 'value' ? shown.value : undefined
}

/** What a condition sees in the sample data, and whether it holds; undefined while it is unfinished or cannot be worked out. */
export function previewCondition(condition: Condition, scope: SampleScope): SeenCondition | undefined {
  if (condition.field.trim() === '') return undefined
  try {
    const { because } = compileConditions({ operator: 'AND', conditions: [condition] }).evaluate({
      ...scope,
      now: Date.now(),
    })
    const [seen] = because
    return seen && { actual: seen.found ? seen.actual : undefined, holds: seen.result }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return undefined
  }
}

/** A node is compiled once for as long as it stays as it is. */
const compiled = new WeakMap<GraphNode, Behaviour>()

/** The scope as behaviours take it. */
function engineScope({ organization = {}, loop: _, loops: __, ...scope }: SampleScope) {
  return { ...scope, organization: { vars: organization } }
}

/** What a step that only computes gives, by the very code that runs it. */
export const foresee: Foresee = (node, scope) => {
  const behaviour = compiled.get(node) ?? compileNode(node)
  compiled.set(node, behaviour)
  if (behaviour.kind !== 'pure') return undefined
  try {
    const { output, vars, appended } = behaviour.evaluate({ ...engineScope(scope), now: Date.now() })
    if (appended !== undefined)
      return { output, vars: { [appended.name]: withAppended(scope.vars[appended.name], appended) } }
    return vars === undefined ? { output } : { output, vars }
  } catch {
    // What it needs is not known yet; its own panel says so.
    return undefined
  }
}

export { snapshotOf } from '../../../../../worker/calendar/snapshot.ts'

/**
 * When a waiting step would go on if it began at `now` (epoch ms), with the sample data; `skipped` when it would not.
 * Undefined for a step that does not wait, and while its settings or the data do not say.
 */
export function foreseeWake(
  node: GraphNode,
  scope: SampleScope,
  calendars: CalendarSnapshot,
  now: number,
): number | 'skipped' | undefined {
  const behaviour = compileNode(node, { calendars })
  if (behaviour.kind !== 'wait') return undefined
  try {
    const until = behaviour.until({ ...engineScope(scope), now })
    return typeof until === 'number' ? until : 'skipped'
  } catch {
    return undefined
  }
}

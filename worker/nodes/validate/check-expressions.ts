import { ConditionGroup } from '../../contract/condition.ts'
import type { Graph } from '../../contract/graph.ts'
import type { Json } from '../../contract/json.ts'
import type { Problem } from '../../contract/problem.ts'
import {
  checkConditions,
  checkTemplate,
  defaultRoots,
  type CheckContext,
  type ExpressionErrorData,
} from '../../expressions/index.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { asTemplate } from '../params/as-template.ts'
import { unfinished, unfinishedComparisons } from '../params/unfinished-comparisons.ts'
import type { ExpressionUse } from './expression-uses.ts'
import { findNodeType } from '../registry.ts'
import { handlingNodes, nodesAfterEnd } from './after-end.ts'
import { nodesBefore, type GraphIndex, type IndexedNode } from './graph-index.ts'
import { ownersIn } from './inside-of.ts'
import { inParams, type SayAt } from './problem-at.ts'

/** What is wrong with a node's expressions: mistakes of writing, and names that lead nowhere from here. */
export function checkExpressions(
  index: GraphIndex,
  indexed: IndexedNode,
  uses: readonly ExpressionUse[],
  say: SayAt = inParams,
): Problem[] {
  const { node, definition } = indexed
  const contexts = new Map<ExpressionUse['readIn'], CheckContext>()
  return uses.flatMap((use) => {
    if (use.kind === 'plain' || (use.kind === 'template' && !mentions(use.value, '{{'))) return []
    const context =
      contexts.get(use.readIn) ??
      (definition?.kind === 'trigger' ? beforeExecution : contextAt(index, node.id, use.readIn))
    contexts.set(use.readIn, context)
    const missing = use.kind === 'conditions' ? valuesMissingIn(use.value) : []
    const known = use.names === undefined ? context : withNames(context, use.names)
    const errors = errorsIn(use, known).flatMap((error) => {
      // Written without braces, an expression stands three characters earlier than in the template made of it.
      const shift = use.kind === 'expression' && !String(use.value).includes('{{') ? 3 : 0
      const position = Math.max(0, error.position.offset - shift)
      const path = [...use.at, ...(use.kind === 'template' || use.kind === 'conditions' ? (error.path ?? []) : [])]
      const severity = error.isWarning === true ? 'warning' : 'error'
      return say(indexed, path, { code: error.code, message: error.message, position, severity })
    })
    return [...errors, ...missing.map((path) => say(indexed, [...use.at, ...path], unfinished))]
  })
}

function valuesMissingIn(conditions: Json | ConditionGroup): (string | number)[][] {
  const group = ConditionGroup.safeParse(conditions)
  return group.success ? unfinishedComparisons(group.data) : []
}

function withNames(context: CheckContext, names: readonly string[]): CheckContext {
  return { ...context, knownRoots: [...names, ...context.knownRoots] }
}

function errorsIn(use: ExpressionUse, context: CheckContext): ExpressionErrorData[] {
  switch (use.kind) {
    case 'plain':
      return []
    case 'template':
      return checkTemplate(use.value, context)
    case 'expression':
      return String(use.value).trim() === '' ? [] : checkTemplate(asTemplate(String(use.value)), context)
    case 'field':
      return typeof use.value === 'string' && use.value.trim() !== '' ? checkField(use.value, context) : []
    case 'conditions': {
      const group = ConditionGroup.safeParse(use.value)
      return group.success ? checkConditions(group.data, context) : []
    }
    default:
      return unreachable(use)
  }
}

/** A field is checked as the one thing it is elsewhere: the left side of a comparison. */
function checkField(field: string, context: CheckContext): ExpressionErrorData[] {
  return checkConditions({ operator: 'AND', conditions: [{ field, operator: 'exists' }] }, context)
}

/** What can be read besides, by when an expression is read. */
const rootsOf: Partial<Record<NonNullable<ExpressionUse['readIn']>, readonly string[]>> = {
  child: ['child'],
  event: ['event', 'contact'],
}

/** A trigger's own conditions are decided before there is an execution. */
const beforeExecution: CheckContext = { knownRoots: ['trigger', 'now'] }

function contextAt(index: GraphIndex, id: string, readIn?: ExpressionUse['readIn']): CheckContext {
  const vars = variablesOf(index.graph)
  const steps = stepsBefore(index, id)
  const owners = ownersIn(index)
  const isInLoop =
    readIn === 'iteration' ||
    readIn === 'entry' ||
    owners.some(({ owner, inside }) => inside.has(id) && owner.definition?.inside?.goesRound)
  if (readIn === 'iteration') {
    for (const each of owners.find(({ owner }) => owner.node.id === id)?.inside ?? []) steps.add(each)
  }
  return {
    knownRoots: [...defaultRoots, ...(isInLoop ? ['loop', 'loops'] : []), ...(rootsOf[readIn ?? 'entry'] ?? [])],
    knownSteps: [...steps],
    allSteps: [...index.nodes.keys()],
    ...(vars === null ? {} : { knownVars: vars }),
    ...(index.organization === undefined ? {} : { knownOrganization: index.organization }),
  }
}

/** Steps whose results can be read at a node: those before it, and what went on inside of them where that is kept. */
function stepsBefore(index: GraphIndex, id: string): Set<string> {
  const before = nodesBefore(index, id)
  for (const { owner, inside, after } of ownersIn(index)) {
    if (owner.definition?.inside?.goesRound !== false || !after.has(id)) continue
    for (const each of inside) before.add(each)
  }
  // Whatever was done by then may be read.
  if (!handlingNodes(index).has(id)) return before
  const after = nodesAfterEnd(index)
  const inLoops = new Set(
    ownersIn(index).flatMap(({ owner, inside }) => (owner.definition?.inside?.goesRound ? [...inside] : [])),
  )
  for (const each of index.nodes.keys()) if (!after.has(each) && !inLoops.has(each)) before.add(each)
  return before
}

/** The variables that the graph declares and its nodes set; null when a node sets whatever an object holds. */
function variablesOf(graph: Graph): string[] | null {
  const names = Object.keys(graph.variables ?? {})
  for (const { type, params } of graph.nodes) {
    const named = params[findNodeType(type)?.setsVariable ?? '']
    if (typeof named === 'string') names.push(named)
    if (type !== 'data.set' || params['storeAs'] !== 'variables') continue
    if (params['base'] !== undefined && params['base'] !== '') return null
    for (const field of Array.isArray(params['fields']) ? params['fields'] : []) {
      if (typeof field === 'object' && field !== null && !Array.isArray(field) && typeof field['name'] === 'string') {
        names.push(field['name'].split('.')[0]!)
      }
    }
  }
  return names
}

function mentions(value: Json, text: string): boolean {
  if (typeof value === 'string') return value.includes(text)
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((child) => mentions(child, text))
}

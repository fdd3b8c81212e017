import { effectiveRetry, stepTimeFor, type FullRetryPolicy } from '../contract/effective-retry.ts'
import type { Graph, GraphNode } from '../contract/graph.ts'
import type { Json } from '../contract/json.ts'
import { handlerNode, undoPort } from './aftermath/aftermath.ts'
import type { Behaviour, ChildBehaviour, Guard, Scope } from './behaviour.ts'
import type { ContactReads } from './contact-parts.ts'
import type { Plan, PlanNode } from './plan.ts'
import { mergeSites } from './merge-sites.ts'

/** What a node type makes of one node. */
export interface CompiledNode {
  readonly behaviour: Behaviour
  /** Where the node goes on when it is passed through, when it has waited, or when its failure is passed over. */
  readonly firstPort: string
  /** A trigger's behaviour gives the trigger's data; executions start there, and it cannot be passed through. */
  readonly isTrigger: boolean
  /** A trigger that starts nothing: the execution's own error handler begins here. */
  readonly isHandler?: boolean
  /** Absent: it is always executed. */
  readonly executeIf?: Guard
  /** The key of its settings' cache, where that has one. */
  readonly cacheKey?: (scope: Scope) => Json
  /** What its expressions read of the live contact; absent: none of it. */
  readonly contactReads?: ContactReads
}

/** What holds where neither the node nor the graph says. Times in ms. */
export const defaults = {
  timeoutMs: 30_000,
  activeTimeoutMs: 3_600_000,
} as const

/** The limits of every execution. A node may say less than `maxIterations` and never more. Source: semantics 7 and 9. */
export const planLimits = { maxSteps: 10_000, maxIterations: 1_000 } as const

/**
 * A validated graph as a plan. Edges from or to nodes that do not exist are left out, and an edge drawn twice counts
 * once; what `compileNode` throws is thrown.
 */
export function compilePlan({
  graph,
  workflow,
  compileNode,
  maxSteps = planLimits.maxSteps,
}: {
  graph: Graph
  workflow: Plan['workflow']
  compileNode: (node: GraphNode) => CompiledNode
  /** Fewer steps, for tests and measurements. */
  maxSteps?: number
}): Plan {
  const { settings = {}, variables = {} } = graph
  const next = targetsByPort(graph)
  const retry = effectiveRetry(settings.retry)
  const nodes = new Map<string, PlanNode>()
  const triggers: string[] = []
  const undo = takeUndo(graph, next)
  let handler: string | null = null
  let contactReads: ContactReads | null = null

  for (const node of graph.nodes) {
    const { id, settings: own = {} } = node
    const retryOfNode = effectiveRetry(settings.retry, own.retry)
    const compiled = compileNode(node)
    const { behaviour, firstPort, isTrigger, isHandler, executeIf = null, cacheKey = null } = compiled
    if (isTrigger) triggers.push(id)
    if (isHandler === true && own.disabled !== true) handler ??= id
    if (compiled.contactReads !== undefined) contactReads = [...(contactReads ?? []), ...compiled.contactReads]
    nodes.set(id, {
      id,
      name: node.name,
      type: node.type,
      behaviour,
      next: next.get(id) ?? noTargets,
      undo: undo.get(id) ?? [],
      undoesUnknown: own.undoWhenUnknown === true && undo.has(id),
      firstPort,
      onError: own.onError ?? settings.onError ?? 'stop',
      retry: retryOfNode,
      timeoutMs: own.timeoutMs ?? defaults.timeoutMs,
      stepTimeoutMs: own.stepTimeoutMs ?? stepTimeFor(retryOfNode),
      onAmbiguous: own.onAmbiguous ?? 'retry',
      disabled: own.disabled === true && !isTrigger,
      executeIf: isTrigger ? null : executeIf,
      cache: own.cache === undefined ? null : { ttlMs: own.cache.ttlMs, key: cacheKey },
    })
  }
  const { errorHandler } = settings
  if (errorHandler !== undefined && handler === null) {
    handler = handlerNode
    nodes.set(handlerNode, nodeOfHandler(errorHandler.workflowId, retry))
  }
  const activeTimeoutMs = settings.activeTimeoutMs ?? defaults.activeTimeoutMs
  return {
    workflow,
    nodes,
    triggers,
    handler,
    undoesCancelled: settings.undoWhenCancelled === true,
    aside: asideOf(nodes, triggers, handler),
    mergeSites: sitesOf(nodes, triggers),
    variables,
    contactReads,
    activeTimeoutMs,
    maxSteps,
    maxIterations: planLimits.maxIterations,
  }
}

const noTargets: ReadonlyMap<string, readonly string[]> = new Map()

function sitesOf(nodes: ReadonlyMap<string, PlanNode>, triggers: readonly string[]): Plan['mergeSites'] {
  const merges = [...nodes.values()].filter(({ behaviour }) => behaviour.kind === 'merge').map(({ id }) => id)
  if (merges.length === 0) return new Map()
  const ways = waysOf(nodes)
  const sites = new Map(triggers.map((trigger) => [trigger, mergeSites(ways, trigger, merges)]))
  for (const [id, { undo }] of nodes) {
    if (undo.length > 0) sites.set(id, mergeSites(new Map(ways).set(id, [undo]), id, merges))
  }
  return sites
}

function waysOf(nodes: ReadonlyMap<string, PlanNode>): Map<string, (readonly string[])[]> {
  return new Map([...nodes].map(([id, { next }]) => [id, [...next.values()]]))
}

/** What is done after the end is another workflow, called by a step that no graph draws. */
function nodeOfHandler(workflowId: string, retry: FullRetryPolicy): PlanNode {
  const behaviour: ChildBehaviour = {
    kind: 'child',
    resolve: ({ failed }) => ({ workflowId, input: failed ?? null }),
    waits: true,
    timeoutMs: null,
    failsWithChild: true,
    combine: (_, { output }) => ({ output, port: 'out' }),
  }
  return {
    id: handlerNode,
    name: 'Error handler',
    type: handlerNode,
    behaviour,
    next: noTargets,
    undo: [],
    undoesUnknown: false,
    firstPort: 'out',
    onError: 'stop',
    retry,
    timeoutMs: defaults.timeoutMs,
    stepTimeoutMs: stepTimeFor(retry),
    onAmbiguous: 'retry',
    disabled: false,
    executeIf: null,
    cache: null,
  }
}

/** Nodes that tokens of the execution itself never come to. */
function asideOf(
  nodes: ReadonlyMap<string, PlanNode>,
  triggers: readonly string[],
  handler: string | null,
): ReadonlySet<string> {
  const undone = [...nodes.values()].flatMap(({ undo }) => undo)
  if (handler === null && undone.length === 0) return nowhere
  const ways = waysOf(nodes)
  const own = reachedBy(
    ways,
    triggers.filter((id) => id !== handler),
  )
  const aside = reachedBy(ways, handler === null ? undone : [handler, ...undone])
  for (const id of own) aside.delete(id)
  return aside
}

const nowhere: ReadonlySet<string> = new Set()

function reachedBy(ways: ReadonlyMap<string, readonly (readonly string[])[]>, starts: readonly string[]): Set<string> {
  const found = new Set(starts)
  for (const id of found) for (const targets of ways.get(id) ?? []) targets.forEach((target) => found.add(target))
  return found
}

/** Takes the ways that lead to what undoes a step out of all others: no token of the execution itself takes them. */
function takeUndo({ nodes }: Graph, next: Map<string, Map<string, string[]>>): Map<string, string[]> {
  const undo = new Map<string, string[]>()
  for (const { id, settings } of nodes) {
    const targets = settings?.undo === true ? next.get(id)?.get(undoPort) : undefined
    if (targets === undefined) continue
    undo.set(id, targets)
    next.get(id)?.delete(undoPort)
  }
  return undo
}

function targetsByPort({ nodes, edges }: Graph): Map<string, Map<string, string[]>> {
  const byNode = new Map<string, Map<string, string[]>>()
  for (const { id } of nodes) byNode.set(id, new Map())
  for (const { source, sourcePort, target } of edges) {
    const ports = byNode.get(source)
    if (ports === undefined || !byNode.has(target)) continue
    const targets = ports.get(sourcePort)
    if (targets === undefined) ports.set(sourcePort, [target])
    else if (!targets.includes(target)) targets.push(target)
  }
  return byNode
}

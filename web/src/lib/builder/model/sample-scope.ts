import type { Graph, GraphNode } from '#contract/graph.ts'
import type { Execution } from '#contract/execution.ts'
import type { Json, JsonObject } from '#contract/json.ts'
import type { NodeTypeLookup } from './ports.ts'
import { readingOrder, reachable } from './walk.ts'

/** Where a value to map from was taken. */
export type SampleSource = 'execution' | 'example' | 'none'

/** Something an expression at a node can read, with the best value known for it. */
export interface SampleRoot {
  /** How expressions begin: `trigger`, `steps.score`. */
  path: string
  /** The step's name, or what the root is. */
  title: string
  source: SampleSource
  value: Json | undefined
  nodeId: string | undefined
}

/** What expressions of a node would see, as far as it is known before they run. */
export interface SampleScope {
  trigger: Json
  steps: JsonObject
  vars: JsonObject
  execution: JsonObject
  workflow: JsonObject
}

interface Args {
  graph: Graph
  lookup: NodeTypeLookup
  nodeId: string
  workflowName: string
  /** The last execution of this draft, whose values beat the types' examples. */
  execution: Execution | undefined
}

/** What can be read at a node: the trigger, every step before it (the nearest first), then the rest. */
export function sampleRoots(args: Args): SampleRoot[] {
  const { graph, lookup, nodeId, execution } = args
  const before = reachable(graph, new Set([nodeId]), 'upstream')
  const earlier = readingOrder(graph)
    .filter((node) => before.has(node.id))
    .reverse()
  const isTrigger = (node: GraphNode) => lookup(node.type)?.isTrigger === true
  const triggers = earlier.filter(isTrigger)
  const self = graph.nodes.find((node) => node.id === nodeId)
  const start = triggers[0] ?? (self && isTrigger(self) ? self : undefined)
  const roots: SampleRoot[] = []
  if (start !== undefined) roots.push(triggerRoot(start, lookup, execution))
  for (const node of earlier) if (!isTrigger(node)) roots.push(stepRoot(node, lookup, execution))
  const rest = restOf(args)
  for (const path of ['vars', 'execution', 'workflow'] as const) {
    const title = { vars: 'Variables', execution: 'This execution', workflow: 'This workflow' }[path]
    const isEmpty = path === 'vars' && Object.keys(rest.vars).length === 0
    if (!isEmpty) roots.push({ path, title, source: 'example', value: rest[path], nodeId: undefined })
  }
  return roots
}

/** The roots as one scope to evaluate in. Steps without a known value are absent, as they would be if they never ran. */
export function sampleScope(args: Args): SampleScope {
  const roots = sampleRoots(args)
  const steps = roots.flatMap(({ path, value }) =>
    path.startsWith('steps.') && value !== undefined ? [[path.slice('steps.'.length), value] as const] : [],
  )
  const trigger = roots.find(({ path }) => path === 'trigger')?.value ?? {}
  return { trigger, steps: Object.fromEntries(steps), ...restOf(args) }
}

function triggerRoot(node: GraphNode, lookup: NodeTypeLookup, execution: Execution | undefined): SampleRoot {
  const root = { path: 'trigger', title: node.name, nodeId: node.id }
  const ranHere = execution?.steps.some((step) => step.nodeId === node.id) === true
  if (execution !== undefined && ranHere) return { ...root, source: 'execution', value: execution.triggerData }
  const value = ownSample(node) ?? lookup(node.type)?.sampleOutput
  return { ...root, source: value === undefined ? 'none' : 'example', value }
}

/** A manual trigger may carry an example of its data. */
function ownSample({ type, params }: GraphNode): Json | undefined {
  const sample = params['sample']
  return type === 'trigger.manual' && sample !== undefined ? { type: 'manual', data: sample } : undefined
}

function stepRoot(node: GraphNode, lookup: NodeTypeLookup, execution: Execution | undefined): SampleRoot {
  const root = { path: `steps.${node.id}`, title: node.name, nodeId: node.id }
  const step = execution?.steps.findLast(({ nodeId, output }) => nodeId === node.id && output !== undefined)
  if (step !== undefined) return { ...root, source: 'execution', value: step.output }
  const value = lookup(node.type)?.sampleOutput
  return { ...root, source: value === undefined ? 'none' : 'example', value }
}

function restOf({ graph, workflowName, execution }: Args): Pick<SampleScope, 'vars' | 'execution' | 'workflow'> {
  return {
    vars: graph.variables ?? {},
    execution: {
      id: execution?.id ?? 'exe_01jd4x8m3w5q7r9t1v3x5z7b9d',
      generation: execution?.generation ?? 1,
      startedAt: execution?.acceptedAt ?? '2026-01-15T09:30:00.000Z',
      mode: 'live',
    },
    workflow: {
      id: execution?.workflowId ?? 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d',
      name: workflowName,
      version: execution?.versionNumber ?? 0,
    },
  }
}

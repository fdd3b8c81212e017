// sample-scope
//
// What expressions of a node would read, as far as that is known before they run:
//
//   1. what tests are told that it gives: a pinned output,
//   2. what the last test of the draft gave,
//   3. what tests begin with: the data that the person put there,
//   4. what a step that only computes gives with the values known so far,
//   5. the example of its type.

import type { Graph, GraphNode } from '#contract/graph.ts'
import { failureTrigger } from '#contract/facts/graph.ts'
import type { Execution } from '#contract/execution.ts'
import type { Json, JsonObject } from '#contract/json.ts'
import type { NodeType } from '#contract/node-type.ts'
import { columnsOf } from '../layout/layers.ts'
import type { Outside } from './outside.ts'
import { errorPort, type NodeTypeLookup } from '#lib/graph/model/ports.ts'
import { reachable } from '#lib/graph/model/walk.ts'

/** Where a value to map from was taken. */
export type SampleSource = 'execution' | 'given' | 'computed' | 'example' | 'none'

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

export interface SampleScope {
  trigger: Json
  steps: JsonObject
  vars: JsonObject
  execution: { id: string; generation: number; startedAt: string; mode: string }
  workflow: { id: string; name: string; version: number }
  contact?: Json
  contactAtStart?: Json
  /** The organization's variables, by name. */
  organization?: JsonObject
  /** Inside loops: the nearest iteration, and each one around it by the loop's node. */
  loop?: Json
  loops?: JsonObject
  /** Of a step that calls a workflow: how that ended. */
  child?: Json
}

/** What a step gives with these values; undefined when it acts on the world, or cannot be computed. */
export type Foresee = (node: GraphNode, scope: SampleScope) => { output: Json; vars?: JsonObject } | undefined

/** What a run has shown, as far as samples are taken from it. */
export type SampleRun = Pick<Execution, 'steps' | 'triggerData'> &
  Partial<Pick<Execution, 'id' | 'generation' | 'acceptedAt' | 'workflowId' | 'versionNumber'>>

/** What the person set up for tests, which holds before anything ran. */
export interface GivenData {
  /** What an expression reads as `trigger` when a test begins at this node; undefined where nothing was put there. */
  triggerOf(node: GraphNode): Json | undefined
  /** What a step gives in every test; undefined where it does what it does. */
  outputOf(nodeId: string): Json | undefined
}

interface Args {
  graph: Graph
  lookup: NodeTypeLookup
  nodeId: string
  workflowName: string
  /** The last test of this draft. */
  execution: SampleRun | undefined
  given?: GivenData | undefined
  foresee?: Foresee | undefined
  /** What a param that may be an expression gives, for the items of loops. */
  sampleOf?: ((value: Json | undefined, scope: SampleScope) => Json | undefined) | undefined
  /** What is read that is not in the graph. */
  outside?: Outside | undefined
}

export interface Samples {
  /** The trigger, every step before the node (the nearest first), then the rest. */
  roots: readonly SampleRoot[]
  /** The same as one scope. Steps without a known value are absent, as they would be if they never ran. */
  scope: SampleScope
}

export function samplesFor(args: Args): Samples {
  const { graph, lookup, nodeId, execution, given, foresee } = args
  const before = readableAt(graph, nodeId)
  const earlier = inOrder(graph, before)
  // What an error handler begins with is read as a step.
  const isTrigger = (node: GraphNode) => lookup(node.type)?.isTrigger === true && node.type !== failureTrigger
  const self = graph.nodes.find((node) => node.id === nodeId)
  const start = earlier.find(isTrigger) ?? (self && isTrigger(self) ? self : undefined)

  const trigger = start && triggerRoot(start, args)
  const { outside } = args
  let scope: SampleScope = { trigger: trigger?.value ?? {}, steps: {}, ...constants(args) }
  if (outside !== undefined) {
    const { contact, organization } = outside
    scope = { ...scope, contact, contactAtStart: contactOf(scope.trigger) ?? contact }
    if (organization !== undefined) scope = { ...scope, organization }
  }
  const steps: SampleRoot[] = []
  for (const node of earlier) {
    if (isTrigger(node)) continue
    const hasFailed = isReachedByFailure(graph, node, nodeId)
    const ran = execution?.steps.findLast(
      (step) => step.nodeId === node.id && step.output !== undefined && (!hasFailed || isError(step.output)),
    )
    const pinned = hasFailed ? undefined : given?.outputOf(node.id)
    const foreseen = pinned === undefined && ran === undefined && !hasFailed ? foresee?.(node, scope) : undefined
    const example = hasFailed ? errorOf(lookup(node.type)) : lookup(node.type)?.sampleOutput
    const value = pinned ?? ran?.output ?? foreseen?.output ?? example
    const source = sourceOf({ pinned, ran, foreseen: foreseen?.output, value, trigger })
    steps.unshift({ path: `steps.${node.id}`, title: node.name, source, value, nodeId: node.id })
    if (value === undefined) continue
    scope = { ...scope, steps: { ...scope.steps, [node.id]: value }, vars: { ...scope.vars, ...foreseen?.vars } }
  }
  scope = { ...scope, ...loopsAround(args, scope), ...(self?.type === 'flow.call' && { child: sampleChild }) }
  return { roots: [...(trigger ? [trigger] : []), ...loopRoots(scope), ...steps, ...constantRoots(scope)], scope }
}

/** Whether a step leads to the node by its error branch alone: who comes there reads its error. */
function isReachedByFailure(graph: Graph, { id, settings }: GraphNode, nodeId: string): boolean {
  if (settings?.onError !== 'branch') return false
  const leads = (edges: Graph['edges']) => {
    const first = new Set(edges.map(({ target }) => target))
    return first.has(nodeId) || reachable(graph, first, 'downstream').has(nodeId)
  }
  const outgoing = graph.edges.filter(({ source }) => source === id)
  return (
    leads(outgoing.filter(({ sourcePort }) => sourcePort === errorPort.name)) &&
    !leads(outgoing.filter(({ sourcePort }) => sourcePort !== errorPort.name))
  )
}

function isError(output: Json | undefined): boolean {
  return isObject(output) && isObject(output['error'])
}

/** What a step of this type gives when it failed. */
function errorOf(type: NodeType | undefined): Json {
  return { error: type?.sampleError ?? { code: 'step.failed', message: 'It failed.', kind: 'terminal', attempt: 1 } }
}

interface Known {
  pinned: Json | undefined
  ran: unknown
  foreseen: Json | undefined
  value: Json | undefined
  trigger: SampleRoot | undefined
}

/** Where the value was taken that holds; what is computed from an example is one. */
function sourceOf({ pinned, ran, foreseen, value, trigger }: Known): SampleSource {
  if (pinned !== undefined) return 'given'
  if (ran !== undefined) return 'execution'
  if (value === undefined) return 'none'
  return foreseen !== undefined && trigger?.source !== 'example' ? 'computed' : 'example'
}

/** Read by every step, and known as they are. */
const known: ReadonlySet<string> = new Set(['execution', 'workflow', 'vars', 'organization'])

/** Whether what a value reads, in expressions, is partly made up: what an example lacks, real data may well have. */
export function readsExamples(value: Json, roots: readonly SampleRoot[]): boolean {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return roots.some(({ path, source }) => {
    if (source !== 'example' || known.has(path)) return false
    return new RegExp(`(?<![\\w.])${path.replaceAll('.', '\\.')}(?!\\w)`).test(text)
  })
}

/** What leads to a node; in an error handler whatever else was done besides. */
function readableAt(graph: Graph, nodeId: string): ReadonlySet<string> {
  const before = reachable(graph, new Set([nodeId]), 'upstream')
  const isHandling = graph.nodes.some(({ id, type }) => type === failureTrigger && before.has(id))
  if (!isHandling) return before
  const entries = graph.nodes.filter(({ type }) => type === failureTrigger).map(({ id }) => id)
  const handling = reachable(graph, new Set(entries), 'downstream')
  const others = graph.nodes.map(({ id }) => id).filter((id) => !handling.has(id) && !entries.includes(id))
  return new Set([...before, ...others])
}

/** These nodes so that each comes after what leads to it. */
function inOrder(graph: Graph, ids: ReadonlySet<string>): GraphNode[] {
  const nodes = graph.nodes.filter((node) => ids.has(node.id))
  const links = graph.edges
    .filter((edge) => ids.has(edge.source) && ids.has(edge.target))
    .map(({ source, target }) => ({ source, target, port: 0 }))
  const columns = columnsOf(
    nodes.map((node) => node.id),
    links,
  )
  return nodes.sort((a, b) => (columns.get(a.id) ?? 0) - (columns.get(b.id) ?? 0))
}

function triggerRoot(node: GraphNode, { lookup, execution, given }: Args): SampleRoot {
  const root = { path: 'trigger', title: node.name, nodeId: node.id }
  const ranHere = execution?.steps.some((step) => step.nodeId === node.id) === true
  if (execution !== undefined && ranHere) return { ...root, source: 'execution', value: execution.triggerData }
  const put = given?.triggerOf(node)
  if (put !== undefined) return { ...root, source: 'given', value: put }
  const value = ownSample(node) ?? lookup(node.type)?.sampleOutput
  return { ...root, source: value === undefined ? 'none' : 'example', value }
}

/** A manual trigger may carry an example of its data. */
function ownSample({ type, params }: GraphNode): Json | undefined {
  const sample = params['sample']
  return type === 'trigger.manual' && sample !== undefined ? { type: 'manual', data: sample } : undefined
}

function constants({ graph, workflowName, execution }: Args): Pick<SampleScope, 'vars' | 'execution' | 'workflow'> {
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

/** The contact that a trigger brings along, where it does. */
function contactOf(trigger: Json): Json | undefined {
  if (!isObject(trigger)) return undefined
  const { contact, data } = trigger
  return contact ?? (isObject(data) ? data['contact'] : undefined)
}

const loopTypes: readonly string[] = ['flow.forEach', 'flow.for', 'flow.while']
const sampleChild: Json = { executionId: 'exe_01jd4x8m3w5q7r9t1v3x5z7b9d', status: 'completed', output: {} }

/** The first iteration of each loop that a node lies in, the nearest as `loop`. */
function loopsAround({ graph, nodeId, sampleOf }: Args, scope: SampleScope): Pick<SampleScope, 'loop' | 'loops'> {
  const around = graph.nodes.flatMap((node) => {
    if (!loopTypes.includes(node.type)) return []
    const inside = bodyOf(graph, node)
    return inside.has(nodeId) ? [{ node, size: inside.size }] : []
  })
  const self = graph.nodes.find(({ id, type }) => id === nodeId && loopTypes.includes(type))
  // What a loop that lies in no other reads is its own iteration: what it keeps of each, and when it stops.
  if (around.length === 0 && self !== undefined) around.push({ node: self, size: 0 })
  let known: Pick<SampleScope, 'loop' | 'loops'> = {}
  // What lies in several has the most steps in the outermost, and what the others go through may be made of its items.
  for (const { node } of around.toSorted((one, other) => other.size - one.size)) {
    const loop = iterationOf(node, sampleOf?.(node.params['items'], { ...scope, ...known }))
    known = { loop, loops: { ...known.loops, [node.id]: loop } }
  }
  return known
}

/** What is done in each iteration. */
function bodyOf(graph: Graph, { id }: GraphNode): ReadonlySet<string> {
  const starts = graph.edges.filter(({ source, sourcePort }) => source === id && sourcePort === 'body')
  const first = new Set(starts.map(({ target }) => target))
  return new Set([...first, ...reachable(graph, first, 'downstream')])
}

function iterationOf({ type, params }: GraphNode, items: Json | undefined): Json {
  const list = Array.isArray(items) ? items : undefined
  return {
    item: type === 'flow.for' ? (params['from'] ?? 1) : (list?.[0] ?? null),
    index: 0,
    total: list?.length ?? null,
    isFirst: true,
    isLast: list?.length === 1,
    previous: null,
  }
}

function loopRoots({ loop }: SampleScope): SampleRoot[] {
  if (loop === undefined) return []
  return [{ path: 'loop', title: 'This iteration', source: 'example', value: loop, nodeId: undefined }]
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function constantRoots({ vars, organization = {}, contact, child, execution, workflow }: SampleScope): SampleRoot[] {
  const root = (path: string, title: string, value: Json): SampleRoot => {
    return { path, title, source: 'example', value, nodeId: undefined }
  }
  return [
    ...(contact === undefined ? [] : [root('contact', 'The contact, as it is now', contact)]),
    ...(child === undefined ? [] : [root('child', 'The workflow called', child)]),
    ...(Object.keys(vars).length === 0 ? [] : [root('vars', 'Variables', vars)]),
    ...(Object.keys(organization).length === 0
      ? []
      : [root('organization', 'The organization’s variables', organization)]),
    root('execution', 'This execution', execution),
    root('workflow', 'This workflow', workflow),
  ]
}

import type { Graph, GraphNode, GraphSettings, NodeSettings } from '../../../worker/contract/graph.ts'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import type {
  ApprovalBehaviour,
  Arrived,
  Behaviour,
  BranchOutcome,
  ChildBehaviour,
  Guard,
  ListenBehaviour,
  LoopBehaviour,
  Outcome,
  ParallelBehaviour,
  Scope,
} from '../../../worker/engine/behaviour.ts'
import { compilePlan, type CompiledNode } from '../../../worker/engine/compile-plan.ts'
import type { LoopRange } from '../../../worker/engine/event.ts'
import type { ContactReads } from '../../../worker/engine/contact-parts.ts'
import type { Plan } from '../../../worker/engine/plan.ts'

/** What a node of a drawing does. Nodes that are not mentioned give their own id and go on at `out`. */
export interface Sketch {
  behaviour: Behaviour
  settings?: NodeSettings
  firstPort?: string
  executeIf?: Guard
  /** An error handler begins here. */
  isHandler?: true
  /** What it reads of the live contact. */
  contactReads?: ContactReads
}

export interface Drawing {
  /** Lines such as `start > fetch > send` and `fetch:error > rescue`. The first node is the trigger. */
  edges: string
  nodes?: Record<string, Sketch>
  settings?: GraphSettings
  variables?: JsonObject
  maxSteps?: number
}

/** A drawing as a plan. */
export function draw(drawing: Drawing): Plan {
  const { nodes = {}, maxSteps } = drawing
  const graph = toGraph(drawing)
  const trigger = graph.nodes[0]!.id
  return compilePlan({
    graph,
    workflow: { id: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d', name: 'Drawn', version: 1 },
    compileNode: (node) => compile(node, sketchOf(nodes, node.id), node.id === trigger),
    ...(maxSteps !== undefined && { maxSteps }),
  })
}

/** A drawing as a graph. */
export function toGraph({ edges: text, nodes: sketches = {}, settings, variables }: Drawing): Graph {
  const ids = new Set<string>()
  const edges: Graph['edges'] = []
  for (const line of text.split(/[\n;]/)) {
    const stops = line.split('>').map((stop) => stop.trim().split(':'))
    for (const [index, [source, sourcePort = 'out']] of stops.entries()) {
      if (source === undefined || source === '') continue
      ids.add(source)
      const target = stops[index + 1]?.[0]
      if (target !== undefined) edges.push({ id: `e${edges.length}`, source, sourcePort, target })
    }
  }
  const nodes = [...ids].map((id) => toNode(id, sketchOf(sketches, id)?.settings))
  return { version: 1, nodes, edges, ...(settings && { settings }), ...(variables && { variables }) }
}

function sketchOf(sketches: Record<string, Sketch>, id: string): Sketch | undefined {
  return Object.hasOwn(sketches, id) ? sketches[id] : undefined
}

function toNode(id: string, settings: NodeSettings | undefined): GraphNode {
  return { id, type: 'test.node', name: id, position: { x: 0, y: 0 }, params: {}, ...(settings && { settings }) }
}

function compile({ id }: GraphNode, sketch: Sketch | undefined, isTrigger: boolean): CompiledNode {
  const firstPort = sketch?.firstPort ?? 'out'
  if (isTrigger) return { isTrigger, firstPort, behaviour: give((scope) => scope.trigger).behaviour }
  const { behaviour, executeIf, isHandler, contactReads } = sketch ?? give(() => id)
  const reads = contactReads && { contactReads }
  if (isHandler) return { isTrigger: true, isHandler, firstPort, behaviour, ...reads }
  return { isTrigger, firstPort, behaviour, ...(executeIf && { executeIf }), ...reads }
}

/** A node that gives a value and goes on. */
export function give(value: (scope: Scope) => Outcome['output'], settings?: NodeSettings): Sketch {
  return pure((scope) => ({ output: value(scope), port: 'out' }), settings)
}

/** A node that decides its way. */
export function pure(evaluate: (scope: Scope) => Outcome, settings?: NodeSettings): Sketch {
  return { behaviour: { kind: 'pure', evaluate }, ...(settings && { settings }) }
}

/** A node that waits for an event of a type and gives what it holds, or goes on at `late`. */
export function listen(
  match: string,
  { forMs, everyMs = null, ask = () => null }: { forMs: number; everyMs?: number | null; ask?: ListenBehaviour['ask'] },
  settings?: NodeSettings,
): Sketch {
  const behaviour: ListenBehaviour = {
    kind: 'listen',
    begin: ({ now }) => ({ topic: { match, contact: 'ada', since: now }, dueAt: now + forMs, everyMs }),
    take: (_, { type, data }) => (type === match ? { output: data, port: 'out' } : null),
    ask,
    lapse: () => ({ output: null, port: 'late' }),
  }
  return { behaviour, ...(settings && { settings }) }
}

/** A node that asks Ada and Grace, reminds at 1,000 and escalates at 2,000 ms; both have to agree. */
export function approve(): Sketch {
  const behaviour: ApprovalBehaviour = {
    kind: 'approval',
    begin: ({ now }) => ({
      request: {
        content: { title: 'Pay?', message: '', details: null },
        approvers: { emails: ['ada@example.com', 'grace@example.com'], roles: [] },
        quorum: 'all',
        fourEyes: false,
        signature: 'none',
        remindAt: [now + 1_000],
        escalation: { at: now + 2_000, approvers: { emails: ['boss@example.com'], roles: [] } },
      },
      dueAt: now + 60_000,
    }),
    judge: () => null,
    settle: ({ votes }) => (votes.length === 2 ? { output: votes.length, port: 'out' } : null),
    lapse: () => ({ output: null, port: 'late' }),
  }
  return { behaviour }
}

/** A node that calls the world. Without jitter, so that times can be read off the drawing. */
export function call(settings: NodeSettings = {}, resolve: (scope: Scope) => JsonObject = () => ({})): Sketch {
  const retry = { jitter: 'none', ...settings.retry } as const
  return { behaviour: { kind: 'effect', resolve }, settings: { ...settings, retry } }
}

/** A node that joins branches: `needs` of them, or all that can come. It gives what each brought. */
export function merge(needs: number | null = null, settings?: NodeSettings): Sketch {
  return { behaviour: { kind: 'merge', needs, combine: byBranch }, ...(settings && { settings }) }
}

function byBranch(arrived: readonly Arrived[]): Outcome {
  const sorted = arrived.toSorted((one, other) => one.place - other.place)
  return { output: Object.fromEntries(sorted.map(({ branch, output }) => [branch, output])), port: 'out' }
}

/** A node with branches `a`, `b` … of its own. It gives what came of each, and goes on at `done`. */
export function parallel(
  branches: string,
  { settings, ...rest }: Partial<Omit<ParallelBehaviour, 'kind' | 'branches'>> & { settings?: NodeSettings } = {},
): Sketch {
  return {
    behaviour: {
      kind: 'parallel',
      branches: branches.split(' '),
      waitFor: 'all',
      stopsAtFailure: true,
      timeoutMs: null,
      combine: (results) => ({ output: Object.fromEntries(results.map(resultOf)), port: 'done' }),
      ...rest,
    },
    firstPort: 'done',
    ...(settings && { settings }),
  }
}

function resultOf(result: BranchOutcome): [string, Json] {
  return [result.branch, 'failure' in result ? { failed: result.failure.code } : result.output]
}

/** A node that goes round from its port `body`, and on at `done` with the results and a count. */
export function loop(
  range: (scope: Scope) => LoopRange | null,
  { settings, ...rest }: Partial<Omit<LoopBehaviour, 'kind' | 'range'>> & { settings?: NodeSettings } = {},
): Sketch {
  return {
    behaviour: {
      kind: 'loop',
      body: 'body',
      range,
      goesOn: null,
      asksFirst: false,
      skips: null,
      breaks: null,
      collect: null,
      keeps: true,
      atOnce: 1,
      maxIterations: 10_000,
      failsAtLimit: true,
      stopsAtFailure: true,
      combine: ({ done, skipped, failures, stopped }) => ({
        output: {
          done,
          ...(skipped > 0 && { skipped }),
          ...(failures.length > 0 && { failed: failures.map(({ index, failure }) => [index, failure.code]) }),
          ...(stopped !== null && { stopped }),
        },
        port: 'done',
        ...(rest.keeps !== false && { collected: 'results' }),
      }),
      ...rest,
    },
    firstPort: 'done',
    ...(settings && { settings }),
  }
}

/** A node that calls a workflow of its own name, with `input`, and gives what came of it. */
export function child({
  settings,
  input = () => null,
  ...rest
}: Partial<Omit<ChildBehaviour, 'kind' | 'resolve'>> & {
  settings?: NodeSettings
  input?: (scope: Scope) => Json
} = {}): Sketch {
  return {
    behaviour: {
      kind: 'child',
      resolve: (scope) => ({ workflowId: 'other', input: input(scope) }),
      waits: true,
      timeoutMs: null,
      failsWithChild: true,
      combine: (_, { status, output }) => ({ output: { status, output }, port: 'out' }),
      ...rest,
    },
    ...(settings && { settings }),
  }
}

/** A node that goes to where its port `jump` leads, so often, and then on at `onward`. */
export function goTo(
  limit: number,
  { failsAtLimit = false, settings }: { failsAtLimit?: boolean; settings?: NodeSettings } = {},
): Sketch {
  return {
    behaviour: { kind: 'goTo', jump: 'jump', onward: 'onward', limit, failsAtLimit },
    firstPort: 'onward',
    ...(settings && { settings }),
  }
}

/** A loop through these. */
export function each(items: Json[], options: Parameters<typeof loop>[1] = {}): Sketch {
  return loop(() => ({ items }), options)
}

/** Yes or no, as a loop asks. */
export function asked(decide: (scope: Scope) => boolean): Guard {
  return (scope) => ({ result: decide(scope), because: 'as drawn' })
}

/** A node that is executed only when this says so. */
export function onlyIf(decide: (scope: Scope) => boolean, sketch: Sketch): Sketch {
  return { ...sketch, executeIf: (scope) => ({ result: decide(scope), because: 'as drawn' }) }
}

/** A node that waits. */
export function wait(until: (scope: Scope) => number, settings?: NodeSettings): Sketch {
  return { behaviour: { kind: 'wait', until }, ...(settings && { settings }) }
}

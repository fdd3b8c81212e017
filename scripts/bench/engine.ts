// What the engine costs by itself: no storage, no network, no waiting. One transition is one step of one
// execution. Run with `node scripts/bench/engine.ts [--json]`.

import type { Graph, GraphNode } from '../../worker/contract/graph.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { advance } from '../../worker/engine/advance.ts'
import { compilePlan, type CompiledNode } from '../../worker/engine/compile-plan.ts'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { fold } from '../../worker/engine/fold.ts'
import type { Plan } from '../../worker/engine/plan.ts'
import { project } from '../../worker/engine/projection.ts'
import { newState } from '../../worker/engine/state.ts'
import { compiledNode } from '../../worker/nodes/compiled-node.ts'

export interface EngineRates {
  /** Steps a second through a trigger and four more nodes that do nothing, a new execution each time. */
  engineTransitions: number
  /** The same with the journal entry as JSON text, as a host stores it. */
  engineTransitionsStored: number
  /** The same with the nodes people use: webhook, if, set, switch, transform. */
  engineTransitionsReal: number
  /** Steps a second of one long execution, ten thousand steps round a ring of five nodes. */
  engineRing: number
  /** A loop of a thousand iterations with three nodes each, in ms: every turn of it. */
  loopOfThousandMs: number
  /** Steps a second that folding a journal gives back. */
  engineFold: number
  /** Steps a second that a journal is shown at. */
  engineProject: number
  /** A graph of 500 nodes in real use, in ms: every expression parsed and compiled. */
  planCompileMs: number
  /** The engine's own part of that. */
  planCompileBareMs: number
  /** Characters of journal per step of the five real nodes. */
  journalCharactersPerStep: number
}

const identity = { executionId: 'exe_01jd4x8m3w5q7r9t1v3x5z7b9d', mode: 'production' }
const data = { body: { total: 120, customer: { name: 'Ada', tier: 'gold' }, items: [{ price: 5 }, { price: 50 }] } }

/** Measures each for about `ms`, after warming up. */
export function benchEngine({ ms = 1_000 }: { ms?: number } = {}): EngineRates {
  const five = planOf(chain(5), idleNode)
  const real = planOf(chain(5), compiledNode)
  const ring = planOf({ ...chain(5), edges: [...chain(5).edges, edge(4, 0)] }, idleNode, 10_000)
  const loop = planOf(loopOf(3), loopNode, 10_000)
  const journal = execute(ring, 10_000)
  const large = chain(500)
  return {
    engineTransitions: 5 * rate(ms, () => execute(five)),
    engineTransitionsStored: 5 * rate(ms, () => JSON.stringify(execute(five))),
    engineTransitionsReal: 5 * rate(ms, () => execute(real)),
    engineRing: 10_000 * rate(ms, () => execute(ring, 10_000)),
    loopOfThousandMs: 1_000 / rate(ms, () => execute(loop, 100)),
    engineFold: 10_000 * rate(ms, () => fold(journal)),
    engineProject: 10_000 * rate(ms, () => project(journal)),
    planCompileMs: 1_000 / rate(ms, () => planOf(large, compiledNode)),
    planCompileBareMs: 1_000 / rate(ms, () => planOf(large, idleNode)),
    journalCharactersPerStep: JSON.stringify(execute(real)).length / 5,
  }
}

function execute(plan: Plan, maxTurns = 1): JournalEntry[] {
  const host = { plan, state: newState(), identity }
  const entries: JournalEntry[] = []
  let turn = advance(host, { type: 'start', trigger: { nodeId: 'n0', kind: 'webhook', data } }, 1_000)
  while (turn.entry !== null) {
    entries.push(turn.entry)
    if (turn.outstanding.wakeAt === null || entries.length > maxTurns) break
    turn = advance(host, { type: 'wake' }, turn.outstanding.wakeAt)
  }
  if (host.state.stepCount < 5) throw new Error(`ended early: ${JSON.stringify(host.state.finished)}`)
  return entries
}

/** How often a second of this thread's processor time, so that a busy machine does not make the engine look slow. */
function rate(ms: number, act: () => unknown): number {
  repeat(ms / 3, act)
  return repeat(ms, act)
}

function repeat(ms: number, act: () => unknown): number {
  const from = processorMs()
  let count = 0
  for (const until = performance.now() + ms; performance.now() < until; count++) act()
  return (count * 1_000) / (processorMs() - from)
}

function processorMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

function planOf(graph: Graph, compile: (node: GraphNode) => CompiledNode, maxSteps = 10_000): Plan {
  const workflow = { id: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d', name: 'Bench', version: 1 }
  return compilePlan({ graph, workflow, compileNode: compile, maxSteps })
}

/** A node that does as little as a node can. */
function idleNode({ id }: GraphNode): CompiledNode {
  const output = { id }
  return {
    isTrigger: id === 'n0',
    firstPort: 'out',
    behaviour: { kind: 'pure', evaluate: () => ({ output, port: 'out' }) },
  }
}

/** A loop whose body is a line of nodes. */
function loopOf(length: number): Graph {
  const { nodes, edges } = chain(length + 2)
  return { version: 1, nodes, edges: [edge(0, 1), edge(1, 2, 'body'), ...edges.filter(({ source }) => source > 'n1')] }
}

function loopNode(node: GraphNode): CompiledNode {
  if (node.id !== 'n1') return idleNode(node)
  return {
    isTrigger: false,
    firstPort: 'done',
    behaviour: {
      kind: 'loop',
      body: 'body',
      range: () => ({ from: 0, step: 1, total: 1_000 }),
      goesOn: null,
      asksFirst: false,
      skips: null,
      breaks: null,
      collect: null,
      keeps: true,
      atOnce: 1,
      maxIterations: 1_000,
      failsAtLimit: true,
      stopsAtFailure: true,
      combine: ({ done }) => ({ output: { done }, port: 'done', collected: 'results' }),
    },
  }
}

/** Node types in real use, with the port that leads on. */
const uses: [type: string, params: JsonObject, port: string][] = [
  [
    'flow.if',
    {
      conditions: {
        operator: 'AND',
        conditions: [
          { field: 'trigger.body.total', operator: 'greater_than', value: 100 },
          { field: 'trigger.body.customer.tier', operator: 'equals', value: 'gold' },
        ],
      },
    },
    'true',
  ],
  [
    'data.set',
    {
      fields: [
        {
          name: 'greeting',
          value: 'Hello {{ trigger.body.customer.name }}, you spent {{ trigger.body.total.round() }}',
        },
        { name: 'net', value: '{{ trigger.body.total / 1.19 }}' },
      ],
    },
    'out',
  ],
  [
    'flow.switch',
    { value: 'trigger.body.customer.tier', cases: [{ port: 'gold', label: 'Gold', equals: 'gold' }] },
    'gold',
  ],
  ['data.transform', { mode: 'expression', expression: 'trigger.body.items.filter(item => item.price > 10)' }, 'out'],
]

function chain(length: number): Graph {
  const nodes = Array.from({ length }, (_, index) => toNode(index))
  return { version: 1, nodes, edges: nodes.slice(1).flatMap((_, index) => [edge(index, index + 1), realEdge(index)]) }
}

function toNode(index: number): GraphNode {
  const [type, params] = index === 0 ? ['trigger.webhook', {}] : uses[(index - 1) % uses.length]!
  return { id: `n${index}`, type, name: `n${index}`, position: { x: index * 200, y: 0 }, params }
}

function realEdge(from: number): Graph['edges'][number] {
  return edge(from, from + 1, from === 0 ? 'out' : uses[(from - 1) % uses.length]![2])
}

function edge(from: number, to: number, sourcePort = 'out'): Graph['edges'][number] {
  return { id: `${from}:${sourcePort}>${to}`, source: `n${from}`, sourcePort, target: `n${to}` }
}

if (import.meta.main) {
  const rates = benchEngine()
  if (process.argv.includes('--json')) console.log(JSON.stringify(rates))
  else console.table(Object.fromEntries(Object.entries(rates).map(([name, value]) => [name, format(value)])))
}

function format(value: number): string {
  return value < 1_000 ? value.toFixed(2) : Math.round(value).toLocaleString('en')
}

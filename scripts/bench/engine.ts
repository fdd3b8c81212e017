// What the engine costs by itself: no storage, no network, no clock but the stopwatch. One transition is one step of one
// execution. Run with `node scripts/bench/engine.ts [--json]`.

import type { Graph, GraphNode } from '../../worker/contract/graph.ts'
import { advance } from '../../worker/engine/advance.ts'
import { compilePlan, type CompiledNode } from '../../worker/engine/compile-plan.ts'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { fold } from '../../worker/engine/fold.ts'
import type { Plan } from '../../worker/engine/plan.ts'
import { project } from '../../worker/engine/projection.ts'
import { newState } from '../../worker/engine/state.ts'

export interface EngineRates {
  /** Steps a second through a trigger and four more pure nodes, a new execution each time. */
  engineTransitions: number
  /** The same with the journal entry as JSON text, as a host stores it. */
  engineTransitionsStored: number
  /** Steps a second of one long execution, ten thousand steps round a ring of five nodes. */
  engineRing: number
  /** Steps a second that folding a stored journal gives back. */
  engineFold: number
  /** Steps a second that a journal is shown at. */
  engineProject: number
  /** A graph of 500 nodes and 600 edges, without the nodes' own compilation. */
  planCompileMs: number
}

const identity = { executionId: 'exe_01jd4x8m3w5q7r9t1v3x5z7b9d', mode: 'production' }
const start = { type: 'start', trigger: { nodeId: 'n0', kind: 'webhook', data: { body: { total: 120 } } } } as const

/** Measures for about `ms` each, after warming up. */
export function benchEngine({ ms = 1_500 }: { ms?: number } = {}): EngineRates {
  const five = planOf(chain(5))
  const ring = planOf({ ...chain(5), edges: [...chain(5).edges, edge(4, 0)] }, 10_000)
  const journal = execute(ring, 10_000)
  const large = largeGraph(500)
  return {
    engineTransitions: rate(ms, 5, () => execute(five)),
    engineTransitionsStored: rate(ms, 5, () => JSON.stringify(execute(five))),
    engineRing: rate(ms, 10_000, () => execute(ring, 10_000)),
    engineFold: rate(ms, 10_000, () => fold(journal)),
    engineProject: rate(ms, 10_000, () => project(journal)),
    planCompileMs: 1_000 / rate(ms, 1, () => planOf(large)),
  }
}

function execute(plan: Plan, turns = 1): JournalEntry[] {
  const state = newState()
  const entries: JournalEntry[] = []
  let turn = advance({ plan, state, identity }, start, 1_000)
  for (let count = 1; turn.entry !== null; count++) {
    entries.push(turn.entry)
    if (turn.outstanding.wakeAt === null || count > turns) break
    turn = advance({ plan, state, identity }, { type: 'wake' }, turn.outstanding.wakeAt)
  }
  if (state.finished === null) throw new Error('the execution under measurement did not finish')
  return entries
}

/** How often a second, times `each`. */
function rate(ms: number, each: number, act: () => unknown): number {
  const runFor = (duration: number) => {
    const from = performance.now()
    let count = 0
    while (performance.now() - from < duration) {
      act()
      count += 1
    }
    return (count * each * 1_000) / (performance.now() - from)
  }
  runFor(ms / 3)
  return runFor(ms)
}

function planOf(graph: Graph, maxSteps = 1_000): Plan {
  const workflow = { id: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d', name: 'Bench', version: 1 }
  return compilePlan({ graph, workflow, compileNode: trivialNode, maxSteps })
}

/** A node that does as little as a node can. */
function trivialNode(node: GraphNode): CompiledNode {
  const output = { id: node.id }
  return {
    isTrigger: node.id === 'n0',
    firstPort: 'out',
    behaviour: { kind: 'pure', evaluate: () => ({ output, port: 'out' }) },
  }
}

function chain(length: number): Graph {
  const nodes = Array.from({ length }, (_, index) => node(index))
  return { version: 1, nodes, edges: nodes.slice(1).map((_, index) => edge(index, index + 1)) }
}

function largeGraph(size: number): Graph {
  const graph = chain(size)
  const shortcuts = Array.from({ length: size / 5 }, (_, index) => edge(index * 4, index * 4 + 3, 'other'))
  return { ...graph, edges: [...graph.edges, ...shortcuts] }
}

function node(index: number): GraphNode {
  const id = `n${index}`
  return { id, type: 'data.set', name: id, position: { x: index * 200, y: 0 }, params: {} }
}

function edge(from: number, to: number, sourcePort = 'out'): Graph['edges'][number] {
  return { id: `${from}-${to}`, source: `n${from}`, sourcePort, target: `n${to}` }
}

if (import.meta.main) {
  const rates = benchEngine()
  if (process.argv.includes('--json')) console.log(JSON.stringify(rates))
  else console.table(Object.fromEntries(Object.entries(rates).map(([name, value]) => [name, format(value)])))
}

function format(value: number): string {
  return value < 100 ? value.toFixed(3) : Math.round(value).toLocaleString('en')
}

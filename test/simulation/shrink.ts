// shrink: a failing scenario made smaller, as long as it still fails in the same way

import type { Program } from '../engine/support/program.ts'
import type { Scenario } from './scenario.ts'

const maxTries = 300

/** `fails` plays a scenario; `smallerThan` gives some, each with one thing less. Gives the smallest that was found. */
export async function shrink<Kind>(
  scenario: Kind,
  smallerThan: (scenario: Kind) => Iterable<Kind>,
  fails: (smaller: Kind) => Promise<boolean>,
): Promise<Kind> {
  let smallest = scenario
  let tries = 0
  for (let found = true; found;) {
    found = false
    for (const smaller of smallerThan(smallest)) {
      tries += 1
      if (tries > maxTries) return smallest
      if (!(await fails(smaller))) continue
      smallest = smaller
      found = true
      break
    }
  }
  return smallest
}

/** Each with one thing less. */
export function* smallerScenarios(scenario: Scenario): Generator<Scenario> {
  const { faults, deliveries, workflows, pausedAtMs } = scenario
  for (const index of faults.keys()) yield { ...scenario, faults: faults.toSpliced(index, 1) }
  for (const index of deliveries.keys()) {
    if (deliveries.length > 1) yield { ...scenario, deliveries: deliveries.toSpliced(index, 1) }
  }
  if (pausedAtMs !== null) yield { ...scenario, pausedAtMs: null }
  const { shared, ...free } = scenario
  if (shared !== undefined) yield free
  const { closedAtMs, ...open } = scenario
  if (closedAtMs !== undefined) yield open
  for (const [index, delivery] of deliveries.entries()) {
    const change = (less: Partial<typeof delivery>) => {
      return { ...scenario, deliveries: deliveries.with(index, { ...delivery, ...less }) }
    }
    if (delivery.meanwhile !== null) yield change({ meanwhile: null })
    if (delivery.againMs.length > 0) yield change({ againMs: [] })
    if (delivery.waits) yield change({ waits: false })
    if (delivery.atMs > 0) yield change({ atMs: 0 })
  }
  for (const [index, workflow] of workflows.entries()) {
    for (const name of ['gate', 'debounce', 'throttle'] as const) {
      const { [name]: gate, ...without } = workflow
      if (gate !== undefined) yield { ...scenario, workflows: workflows.with(index, without) }
    }
  }
  for (const [index, workflow] of workflows.entries()) {
    for (const program of smallerPrograms(workflow.program)) {
      yield { ...scenario, workflows: workflows.with(index, { ...workflow, program }) }
    }
  }
}

/** Without what is done after it failed, one of the nodes that hold no others, or an edge. */
function* smallerPrograms(program: Program): Generator<Program> {
  const { nodes, edges } = program
  if (program.handled) yield { ...program, handled: false }
  for (const [index, node] of nodes.entries()) {
    if (node.undo) yield { ...program, nodes: nodes.with(index, { ...node, undo: false }) }
  }
  for (const { id } of nodes.slice(1).reverse()) {
    if (nodes.some(({ home }) => home.startsWith(`${id}:`))) continue
    yield {
      ...program,
      nodes: nodes.filter((node) => node.id !== id),
      edges: edges.filter(({ source, target }) => source !== id && target !== id),
    }
  }
  for (const index of edges.keys()) yield { ...program, edges: edges.toSpliced(index, 1) }
}

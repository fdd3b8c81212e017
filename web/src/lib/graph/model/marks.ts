import type { GraphEdge } from '#contract/graph.ts'
import type { Step, StepStatus } from '#contract/execution.ts'
import { undoPort } from './ports.ts'
import { nodeIdOf } from './step-path.ts'

/** What became of a node in an execution: its latest visit, and how many there were. */
export interface Mark {
  status: StepStatus
  /** Failed, and the workflow went on. */
  handled: boolean
  visits: number
  /** The latest step, or the failed one when an earlier visit failed for good. */
  path: string
  /** Said in place of the status: how many came by, where it is about many. */
  label?: string
}

/** What passed along an edge. `moving` while the step it leads to is at work. */
export interface Traffic {
  count: number
  moving: boolean
  /** Said in place of the count. */
  label?: string
}

/** A mark for each node that has a step. A visit that failed for good outweighs later ones that did not. */
export function marksOf(steps: readonly Step[]): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>()
  for (const step of steps) {
    const before = marks.get(step.nodeId)
    const visits = (before?.visits ?? 0) + 1
    const failedBefore = before?.status === 'failed' && !before.handled
    if (before !== undefined && failedBefore) marks.set(step.nodeId, { ...before, visits })
    else marks.set(step.nodeId, { status: step.status, handled: step.handled === true, visits, path: step.path })
  }
  return marks
}

/**
 * For each edge how often the step before it went that way, or was undone by it. A step that holds others (a loop, what is
 * done in parallel) records only how it went on after them: of the edges into it, what came there tells.
 */
export function trafficOf(edges: readonly GraphEdge[], steps: readonly Step[]): ReadonlyMap<string, Traffic> {
  const taken = new Map<string, number>()
  const active = new Set<string>()
  const visits = new Map<string, number>()
  const undone = new Set<string>()
  for (const step of steps) {
    if (step.port !== undefined) {
      const way = `${step.nodeId} ${step.port}`
      taken.set(way, (taken.get(way) ?? 0) + 1)
    }
    if (step.undoes !== undefined && !undone.has(step.undoes)) {
      undone.add(step.undoes)
      const way = `${nodeIdOf(step.undoes)} ${undoPort.name}`
      taken.set(way, (taken.get(way) ?? 0) + 1)
    }
    if (step.status === 'running' || step.status === 'retrying') active.add(step.nodeId)
    visits.set(step.nodeId, (visits.get(step.nodeId) ?? 0) + 1)
  }
  const waysIn = new Map<string, number>()
  for (const { target } of edges) waysIn.set(target, (waysIn.get(target) ?? 0) + 1)
  return new Map(
    edges.flatMap(({ id, source, sourcePort, target }) => {
      const onlyWay = waysIn.get(target) === 1 && visits.has(source) ? visits.get(target) : undefined
      const count = taken.get(`${source} ${sourcePort}`) ?? onlyWay
      return count === undefined ? [] : [[id, { count, moving: active.has(target) }] as const]
    }),
  )
}

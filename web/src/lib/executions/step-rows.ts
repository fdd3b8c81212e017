import type { Execution, Step } from '#contract/execution.ts'
import type { GraphNode } from '#contract/graph.ts'
import { iterationOf } from '../graph/model/step-path.ts'
import { nameOfStep, partOf } from './aftermath-words.ts'

/** A step as a line of the list: what it is called, and where it lies in the time of the whole, from 0 to 1. */
export interface StepRow {
  step: Step
  name: string
  nodeType: string
  /** `iteration 2`, or `visit 2` where a node was come by more than once. */
  visit?: string
  /** How many loops it lies in. */
  depth: number
  /** What it has to do with a failure: `undoes Charge`. */
  part?: string
  start: number
  end: number
  durationMs: number
}

/**
 * The steps in the order they began, on one scale. `now` (epoch ms) is the end of what is not over. An execution of
 * less than a millisecond still has a scale.
 */
export function stepRows(execution: Pick<Execution, 'steps' | 'graph'>, now: number): StepRow[] {
  const nodes = new Map(execution.graph.nodes.map((node): [string, GraphNode] => [node.id, node]))
  const starts = execution.steps.map((step) => Date.parse(step.startedAt))
  // What a fork kept was done in another execution's time.
  const own = starts.filter((_, index) => execution.steps[index]?.inherited !== true)
  const ends = execution.steps.map((step) => endOf(step, now))
  const from = Math.min(...(own.length > 0 ? own : starts), Number.POSITIVE_INFINITY)
  const span = Math.max(1, Math.max(...ends, Number.NEGATIVE_INFINITY) - from)
  return execution.steps.map((step, index) => {
    const node = nodes.get(step.nodeId)
    const start = starts[index] ?? from
    const end = ends[index] ?? start
    const visit = visitOf(step)
    const part = partOf(execution, step)
    return {
      step,
      name: nameOfStep(execution, step.nodeId),
      nodeType: node?.type ?? '',
      ...(visit === undefined ? {} : { visit }),
      depth: iterationOf(step.path)?.split('.').length ?? 0,
      ...(part === undefined ? {} : { part }),
      start: Math.max(0, start - from) / span,
      end: Math.max(0, end - from) / span,
      durationMs: Math.max(0, end - start),
    }
  })
}

function endOf(step: Step, now: number): number {
  return step.finishedAt === undefined ? Math.max(now, Date.parse(step.startedAt)) : Date.parse(step.finishedAt)
}

function visitOf({ path }: Step): string | undefined {
  const iteration = iterationOf(path)
  const visit = /#(\d+)$/.exec(path)?.[1]
  const words = [
    ...(iteration === undefined ? [] : [`iteration ${iteration}`]),
    ...(visit === undefined ? [] : [`visit ${visit}`]),
  ]
  return words.length === 0 ? undefined : words.join(', ')
}

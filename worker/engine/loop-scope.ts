import type { LoopScope } from './behaviour.ts'
import { itemAt, totalOf } from './loop-range.ts'
import { regionAbove, regionOf } from './regions.ts'
import type { ExecutionState, Looping } from './state.ts'

/** What is known of the iterations a frame lies in: the nearest, and each by its loop's node. Null outside loops. */
export function iterationsAround(
  state: ExecutionState,
  frame: number,
): { loop: LoopScope; loops: Record<string, LoopScope> } | null {
  if (state.placeCount === 0) return null
  const loops: Record<string, LoopScope> = {}
  let nearest: LoopScope | null = null
  for (let id = regionOf(state, frame); id !== null; id = regionAbove(state, id)) {
    const region = state.regions[id]
    const step = region === undefined ? undefined : state.open[region.owner]
    if (region === undefined || step?.status !== 'looping') continue
    const scope = iterationOf(step, Number(region.key))
    nearest ??= scope
    loops[step.node] ??= scope
  }
  return nearest === null ? null : { loop: nearest, loops }
}

/** The first iteration, before there is a loop. */
export const firstIteration: LoopScope = {
  item: null,
  index: 0,
  total: null,
  isFirst: true,
  isLast: false,
  previous: null,
}

/** One iteration, begun or to come. */
export function iterationOf({ range, atOnce, last }: Looping, index: number): LoopScope {
  const total = totalOf(range)
  return {
    item: itemAt(range, index),
    index,
    total,
    isFirst: index === 0,
    isLast: total !== null && index === total - 1,
    // With several at a time it depends on time which one was before.
    previous: atOnce === 1 ? last : null,
  }
}

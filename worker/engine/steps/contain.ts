// What holds for everything that goes on inside another step: who handles a failure there, and how it is cut off.

import type { Failure } from '../../contract/failure.ts'
import { undoIfUnsure } from '../aftermath/unsure.ts'
import { cancelledInFlight, cancelledWhileWaiting } from '../failure.ts'
import type { PlanNode } from '../plan.ts'
import { isIn, regionAbove, regionOf } from '../regions.ts'
import { record, type Turn } from '../turn.ts'

/** Whether an owner above this frame goes on when what lies in it fails; else the execution stops. */
export function isHandledAbove({ plan, state }: Turn, frame: number): boolean {
  for (let id = regionOf(state, frame); id !== null; id = regionAbove(state, id)) {
    const owner = state.open[state.regions[id]?.owner ?? '']
    const node = owner === undefined ? undefined : plan.nodes.get(owner.node)
    if (node !== undefined && (endsOnlyTheBranch(node) || node.onError !== 'stop')) return true
  }
  return false
}

/** Whether a step's failure is handled: by its node's settings, or by an owner above it. */
export function isHandled(turn: Turn, node: PlanNode, frame: number): boolean {
  return node.onError !== 'stop' || isHandledAbove(turn, frame)
}

/** Cuts off whatever goes on in a region. Its owner decides what becomes of it. */
export function cutOff(turn: Turn, region: number): void {
  const { state, at } = turn
  const paths = state.ready.filter(({ frame }) => isIn(state, frame, region)).map(({ path }) => path)
  if (paths.length > 0) record(turn, { type: 'tokensDropped', at, paths })
  // What lies inside another step began after it: from the inside out.
  for (const path of Object.keys(state.open).reverse()) {
    const { frame, node, status } = state.open[path]!
    if (!isIn(state, frame, region)) continue
    const failure: Failure = status === 'running' ? cancelledInFlight : cancelledWhileWaiting
    record(turn, {
      type: 'stepCancelled',
      at,
      path,
      node,
      failure,
      dropped: true,
      ...undoIfUnsure(turn, path, failure),
    })
  }
}

/** Whether a step goes on when one of its branches or iterations fails. */
function endsOnlyTheBranch({ behaviour }: PlanNode): boolean {
  switch (behaviour.kind) {
    case 'parallel':
      return !behaviour.stopsAtFailure || behaviour.waitFor === 'first'
    case 'loop':
      return !behaviour.stopsAtFailure
    default:
      return false
  }
}

// places: where paths are counted and outputs are seen
//
// What happens in an iteration stays there: `each[3].` is a place of its own, inside the one its loop lies in.
//
//   P1. Visits are counted by place, so that an iteration's counts go with it.
//   P2. A token sees the outputs of its own place and of those around it, never those of another iteration.
//   P3. When an iteration has ended, nothing of its place is left: one of ten thousand costs what the first did.

import type { StepPath } from './event.ts'
import { spotBeside } from './path.ts'
import type { ExecutionState } from './state.ts'

export interface Place {
  /** How often a token has arrived at each spot. */
  readonly visits: Record<string, number>
}

/** The place in which a path lies: `each[3].`, or nothing at the top. */
export function placeOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.') + 1)
}

/** How often each spot beside this one has been visited. */
export function visitsAt(state: ExecutionState, spot: string): Record<string, number> {
  const end = state.placeCount === 0 ? 0 : spot.lastIndexOf('.') + 1
  if (end === 0) return state.visits
  return state.places[spot.slice(0, end)]?.visits ?? state.visits
}

/** How often tokens were sent to a node beside this step. No node's id begins like the spot they are counted at. */
export function jumpsTo(state: ExecutionState, path: StepPath, target: string): number {
  const spot = spotBeside(path, `>${target}`)
  return visitsAt(state, spot)[spot] ?? 0
}

/** One more token was sent to a node beside this step. */
export function countJump(state: ExecutionState, path: StepPath, target: string): void {
  const spot = spotBeside(path, `>${target}`)
  const visits = visitsAt(state, spot)
  visits[spot] = (visits[spot] ?? 0) + 1
}

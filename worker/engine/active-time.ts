// active-time: the time that an execution may use up
//
// Active is whatever time has at least one call in flight. Waits, backoff and pure steps are free. A call whose process
// died is active until its lease ends and no longer, so an outage does not use up anybody's budget.

import type { ExecutionState } from './state.ts'

/** Active time spent so far, in ms. */
export function activeTime({ activeMs, activeSince, activeUntil }: ExecutionState, at: number): number {
  if (activeSince === null) return activeMs
  return activeMs + Math.max(0, Math.min(at, activeUntil) - activeSince)
}

/** A call is in flight from `at` on, until its lease ends at the latest; both in epoch ms. */
export function callBegins(state: ExecutionState, at: number, leaseUntil: number): void {
  state.inFlight += 1
  callGoesOn(state, at, leaseUntil)
}

/** A call in flight is known to be so at `at`, and until its lease ends at the latest; both in epoch ms. */
export function callGoesOn(state: ExecutionState, at: number, leaseUntil: number): void {
  // Others are still said to be in flight, but their leases are over: what lies in between was nobody's.
  if (state.activeSince !== null && state.activeUntil < at) {
    state.activeMs = activeTime(state, at)
    state.activeSince = at
  }
  state.activeSince ??= at
  state.activeUntil = Math.max(state.activeUntil, leaseUntil)
}

/** Closes the stretch of active time when it was the last call in flight. */
export function callEnds(state: ExecutionState, at: number): void {
  state.inFlight -= 1
  if (state.inFlight > 0) return
  state.activeMs = activeTime(state, at)
  state.activeSince = null
  state.activeUntil = 0
}

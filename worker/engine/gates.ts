// gates: what an execution passes before anything of it begins
//
//   G1. While it waits nothing begins and no time of it runs. It can be cancelled, and it can be refused: then it ends as
//       skipped, with the reason.
//   G2. Which gates there are is recorded when it starts, with their keys, so that every process asks the same ones.
//   G3. The place it was given at its workflow's gate is its own until it ends; a redrive asks for it anew. Places that
//       workflows share are its own while it has something to do (`runtime/execution/shared-places.ts`); a redrive says which
//       there are.

import type { ExecutionEvent, GateRef } from './event.ts'
import type { ExecutionState } from './state.ts'

/** The gate at which it waits, while it does. */
export function gateOf({ gates, finished, cancelling, aftermath }: ExecutionState): GateRef | undefined {
  return finished === null && cancelling === null && aftermath === null ? gates[0] : undefined
}

/** Folds what it has to pass from here on. */
export function waitAt(state: ExecutionState, gates: readonly GateRef[]): void {
  state.gates = gates
  state.place = gates.find(({ gate }) => gate === 'concurrency') ?? null
  state.sharedPlaces = gates.filter(isShared)
}

/** Folds that it goes on without: where it was turned away by when it came, it is wanted now. */
export function passNone(state: ExecutionState): void {
  state.gates = []
  state.sharedPlaces = []
}

/** Whether its places are those of many workflows. */
export function isShared({ gate }: GateRef): boolean {
  return gate === 'organization' || gate === 'installation'
}

/** Folds that it was let through. Its time begins after the last gate. */
export function passGate(state: ExecutionState, { at, gate }: ExecutionEvent & { type: 'gatePassed' }): void {
  state.gates = state.gates.filter((other) => other.gate !== gate)
  if (state.gates.length > 0) return
  state.generationAt = at
  if (state.generation === 1) state.startedAt = at
}

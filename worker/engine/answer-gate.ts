// What a gate says to an execution that waits at it.

import type { Failure } from '../contract/failure.ts'
import type { GateRef } from './event.ts'
import { finishUnbegun } from './finish.ts'
import { gateOf } from './gates.ts'
import { isEmpty } from './state.ts'
import { record, type Turn } from './turn.ts'

/** Lets it through the gate at which it waits; another gate than that one changes nothing. */
export function letThrough(turn: Turn, gate: GateRef['gate']): void {
  if (gateOf(turn.state)?.gate === gate) record(turn, { type: 'gatePassed', at: turn.at, gate })
}

/** Ends what waits at a gate. What failed before stays failed: being kept from another try does not undo that. */
export function refuse(turn: Turn, failure: Failure): void {
  if (gateOf(turn.state) === undefined) return
  finishUnbegun(turn, isEmpty(turn.state.latest) ? 'skipped' : 'failed', failure)
}

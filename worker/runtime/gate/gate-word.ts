import type { GateKind } from '../../contract/concurrency.ts'
import type { Failure } from '../../contract/failure.ts'

/** What a gate says to an execution that stands there: that it may go on, may not, is to end; or whether it is there. */
export type GateWord =
  | { kind: 'pass'; gate: GateKind }
  | { kind: 'refuse' | 'leave'; failure: Failure }
  | { kind: 'ask'; gate: GateKind }

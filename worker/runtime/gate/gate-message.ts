import type { GateKind } from '../../contract/concurrency.ts'
import type { Failure } from '../../contract/failure.ts'

/** What a gate sends to an execution that stands there: `pass` it may go on, `refuse` it may not, `leave` it is to end; `ask` whether it is still there. */
export type GateMessage =
  | { kind: 'pass'; gate: GateKind }
  | { kind: 'refuse' | 'leave'; failure: Failure }
  | { kind: 'ask'; gate: GateKind }

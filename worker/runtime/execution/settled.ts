import type { ExecutionStatus } from '../../contract/execution.ts'
import { statusOf, type ExecutionState } from '../../engine/state.ts'

/** What a caller waits for: the end, the answer a node gives (or the end), or nothing. */
export type WaitFor = { until: 'now' } | { until: 'finished' | 'responded'; timeoutMs: number }

/** Where an execution stands, as its caller is answered. JSON values travel as text: they are large, and nobody in between reads them. */
export interface Settled {
  status: ExecutionStatus | 'unknown'
  /** JSON text. */
  output?: string
  response?: string
  failure?: string
}

/** Where an execution stands by its state. */
export function toSettled(state: ExecutionState): Settled {
  const settled: Settled = { status: statusOf(state) }
  if (state.response !== null) settled.response = JSON.stringify(state.response)
  if (state.finished !== null) {
    settled.output = JSON.stringify(state.finished.output)
    if (state.finished.failure !== undefined) settled.failure = JSON.stringify(state.finished.failure)
  }
  return settled
}

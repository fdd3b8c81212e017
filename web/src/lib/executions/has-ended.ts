import type { ExecutionStatus } from '#contract/execution.ts'

// The contract says the same in `isTerminal`; that file brings its schemas along, which no page needs.
const ended: Record<ExecutionStatus, boolean> = {
  queued: false,
  running: false,
  waiting: false,
  paused: false,
  completed: true,
  completed_with_errors: true,
  failed: true,
  cancelled: true,
  timed_out: true,
  skipped: true,
}

/** Whether an execution is over: nothing will happen in it unless somebody retries it. */
export function hasEnded(status: ExecutionStatus): boolean {
  return ended[status]
}

/** Whether a retry has something to go on from: steps that did not complete, or never began. */
export function canRetry(status: ExecutionStatus): boolean {
  return status === 'failed' || status === 'timed_out' || status === 'cancelled' || status === 'skipped'
}

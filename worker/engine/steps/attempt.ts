import type { ExecutionEvent, StepPath } from '../event.ts'
import type { PlanNode } from '../plan.ts'
import type { Turn } from '../turn.ts'

/** How long after an attempt's timeout its process counts as dead: time for the shell to abort and report. */
export const leaseGraceMs = 15_000

/** The intent to make an attempt. */
export function attemptStarted({ at }: Turn, path: StepPath, { id: node, timeoutMs }: PlanNode, attempt: number) {
  const leaseUntil = at + timeoutMs + leaseGraceMs
  return { type: 'attemptStarted', at, path, node, attempt, leaseUntil } satisfies ExecutionEvent
}

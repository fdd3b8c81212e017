import type { ExecutionEvent, StepPath } from '../event.ts'
import type { PlanNode } from '../plan.ts'
import type { Turn } from '../turn.ts'

/** How long after an attempt's timeout its process counts as dead: time for the shell to abort and report. */
export const leaseGraceMs = 15_000

/** The intent to make an attempt. */
export function attemptStarted(turn: Turn, path: StepPath, node: PlanNode, attempt: number) {
  const { at } = turn
  const leaseUntil = leaseFrom(at, node)
  return { type: 'attemptStarted', at, path, node: node.id, attempt, leaseUntil } satisfies ExecutionEvent
}

/** Until when a call that is in flight at `at` (epoch ms) counts as such. */
export function leaseFrom(at: number, { timeoutMs }: PlanNode): number {
  return at + timeoutMs + leaseGraceMs
}

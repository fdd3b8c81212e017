import { StepFailure } from '../behaviour.ts'
import { waitInvalid } from '../failure.ts'
import type { PlanNode } from '../plan.ts'
import type { OpenStep, Token } from '../state.ts'
import { record, type Turn } from '../turn.ts'
import { completeStep } from './close.ts'

/** The longest wait: 365 days. */
export const maxWaitMs = 365 * 86_400_000

/** Waits until the instant, or goes on at once when it has passed. */
export function beginWait(turn: Turn, { path }: Token, node: PlanNode, until: number): void {
  const { at } = turn
  // Written so that NaN is caught too. Beyond it lies no date.
  if (!(Math.abs(until) <= 8.64e15)) throw new StepFailure(waitInvalid('There is no instant to wait for.'))
  if (until - at > maxWaitMs) throw new StepFailure(waitInvalid('Waits can not be longer than 365 days.'))
  if (until <= at) return endWait(turn, node, path, until)
  // Rounded up: an alarm knows whole milliseconds, and never earlier is the promise.
  record(turn, { type: 'waitStarted', at, path, node: node.id, dueAt: Math.ceil(until) })
}

export function settleWait(turn: Turn, path: string, step: OpenStep & { status: 'waiting' }, node: PlanNode): void {
  if (step.dueAt <= turn.at) endWait(turn, node, path, step.dueAt)
}

function endWait(turn: Turn, node: PlanNode, path: string, until: number): void {
  completeStep(turn, node, path, { output: { until: new Date(until).toISOString() }, port: node.firstPort })
}

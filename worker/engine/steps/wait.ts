import { StepFailure, type Behaviour, type Outcome } from '../behaviour.ts'
import { waitInvalid } from '../failure.ts'
import type { PlanNode } from '../plan.ts'
import type { OpenStep, Token } from '../state.ts'
import { record, scopeOf, toFailure, type Turn } from '../turn.ts'
import { settleApproval } from './approval.ts'
import { completeStep, failStep } from './close.ts'
import { maxWaitMs, settleListen } from './listen.ts'

/** Waits until the instant, or goes on at once when it has passed. */
export function beginWait(turn: Turn, token: Token, node: PlanNode, behaviour: Behaviour & { kind: 'wait' }): void {
  const { path } = token
  let dueAt: number | Outcome
  try {
    dueAt = token.dueAt ?? instantOf(turn, token, behaviour)
  } catch (error) {
    return failStep(turn, node, path, toFailure(error), token.attempt + 1)
  }
  if (typeof dueAt === 'object') return completeStep(turn, node, path, dueAt)
  if (dueAt <= turn.at) endWait(turn, node, path, dueAt)
  else record(turn, { type: 'waitStarted', at: turn.at, path, node: node.id, dueAt })
}

/** Ends a wait whose time is over; one for events, a condition or people has rules of its own. */
export function settleWait(turn: Turn, path: string, step: OpenStep & { status: 'waiting' }, node: PlanNode): void {
  if (node.behaviour.kind === 'listen') settleListen(turn, path, step, node, node.behaviour)
  else if (node.behaviour.kind === 'approval') settleApproval(turn, path, step, node, node.behaviour)
  else if (step.dueAt <= turn.at) endWait(turn, node, path, step.dueAt)
}

/** Rounded up: alarms know whole milliseconds, and never early is the promise. */
function instantOf(turn: Turn, { frame, path }: Token, behaviour: Behaviour & { kind: 'wait' }): number | Outcome {
  const until = behaviour.until(scopeOf(turn, frame), path)
  if (typeof until === 'object') return until
  // NaN fails this too; beyond it there are no dates.
  const isDate = Math.abs(until) <= 8.64e15
  if (!isDate) throw new StepFailure(waitInvalid('There is no such instant to wait for.'))
  if (until - turn.at > maxWaitMs) throw new StepFailure(waitInvalid('Waits cannot be longer than 365 days.'))
  return Math.ceil(until)
}

function endWait(turn: Turn, node: PlanNode, path: string, dueAt: number): void {
  completeStep(turn, node, path, { output: { until: new Date(dueAt).toISOString() }, port: node.firstPort })
}

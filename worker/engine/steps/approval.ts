// A step that asks people. It is a wait that ends by decisions: each that counts is an event, and the behaviour says
// which do and what comes of them. Reminders and the escalation are instants of the request, passed one by one.

import type { Vote } from '../../contract/approval.ts'
import type { ApprovalBehaviour, Asking } from '../behaviour.ts'
import type { StepPath } from '../event.ts'
import { waitInvalid } from '../failure.ts'
import type { PlanNode } from '../plan.ts'
import type { Token, Waiting } from '../state.ts'
import { record, scopeOf, toFailure, type Turn } from '../turn.ts'
import { completeStep, failStep } from './close.ts'
import { maxWaitMs } from './listen.ts'

/** Asks people, or goes on at once where there is nothing to ask or the time is over already. */
export function beginApproval(turn: Turn, token: Token, node: PlanNode, behaviour: ApprovalBehaviour): void {
  const { path, frame } = token
  try {
    const begun = behaviour.begin(scopeOf(turn, frame))
    if ('port' in begun) return completeStep(turn, node, path, begun)
    const { request: approval, dueAt: until } = begun
    const dueAt = token.dueAt ?? until
    if (!(dueAt - turn.at <= maxWaitMs)) {
      return failStep(turn, node, path, waitInvalid('Approvals cannot wait longer than 365 days.'), token.attempt + 1)
    }
    if (dueAt <= turn.at) return completeStep(turn, node, path, behaviour.lapse(approval, []))
    record(turn, { type: 'waitStarted', at: turn.at, path, node: node.id, dueAt, approval })
  } catch (error) {
    failStep(turn, node, path, toFailure(error), token.attempt + 1)
  }
}

/** Somebody decided. What does not count, or comes when the time is over, changes nothing. */
export function takeVote(
  turn: Turn,
  path: StepPath,
  vote: Vote,
  involved: readonly { userId: string; email: string }[],
): void {
  const step = turn.state.open[path]
  if (step?.status !== 'waiting' || step.asking === undefined || step.dueAt <= turn.at) return
  const node = turn.plan.nodes.get(step.node)
  if (node?.behaviour.kind !== 'approval') return
  if (node.behaviour.judge(step.asking, vote, involved) !== null) return
  record(turn, { type: 'approvalVoted', at: turn.at, path, node: node.id, vote })
}

/** What the decisions amount to, what is due before the deadline, and the deadline. */
export function settleApproval(
  turn: Turn,
  path: StepPath,
  step: Waiting,
  node: PlanNode,
  behaviour: ApprovalBehaviour,
): void {
  const { asking } = step
  if (asking === undefined) return
  try {
    const outcome = behaviour.settle(asking)
    if (outcome !== null) return completeStep(turn, node, path, outcome)
    if (step.dueAt <= turn.at) {
      return completeStep(turn, node, path, behaviour.lapse(asking.request, asking.votes))
    }
  } catch (error) {
    return failStep(turn, node, path, toFailure(error), 1)
  }
  const next = nextNudge(asking)
  if (next !== null && next.at <= turn.at) {
    record(turn, { type: 'approvalNudged', at: turn.at, path, node: node.id, nudge: next.nudge })
  }
}

/** The next reminder, or the escalation, and when it is due; null when there is none left. */
export function nextNudge({
  request,
  reminded,
  escalated,
}: Asking): { nudge: 'reminder' | 'escalation'; at: number } | null {
  const reminder = request.remindAt[reminded]
  const escalation = escalated ? undefined : request.escalation?.at
  if (escalation !== undefined && (reminder === undefined || escalation <= reminder)) {
    return { nudge: 'escalation', at: escalation }
  }
  return reminder === undefined ? null : { nudge: 'reminder', at: reminder }
}

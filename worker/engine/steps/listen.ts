// A step that listens: it goes on when an event comes that it takes, when what it asks again and again is so, or when
// its time is over. It is a wait with a topic; whoever hosts the execution brings the events (`outstanding`).

import type { Behaviour, Heard, Outcome } from '../behaviour.ts'
import type { StepPath } from '../event.ts'
import type { PlanNode } from '../plan.ts'
import type { Token, Waiting } from '../state.ts'
import { waitInvalid } from '../failure.ts'
import { record, scopeOf, toFailure, type Turn } from '../turn.ts'
import { completeStep, failStep } from './close.ts'

/** The longest wait: 365 days. */
export const maxWaitMs = 365 * 86_400_000

type Listen = Behaviour & { kind: 'listen' }

/** Waits for a topic, or goes on at once where the answer is known or the time is over already. */
export function beginListen(turn: Turn, token: Token, node: PlanNode, behaviour: Listen): void {
  const { path, frame } = token
  try {
    const begun = behaviour.begin(scopeOf(turn, frame))
    if ('port' in begun) return completeStep(turn, node, path, begun)
    const { topic, everyMs } = begun
    const dueAt = token.dueAt ?? begun.dueAt
    if (!(dueAt - turn.at <= maxWaitMs)) {
      return failStep(turn, node, path, waitInvalid('Waits cannot be longer than 365 days.'), token.attempt + 1)
    }
    if (dueAt <= turn.at) return completeStep(turn, node, path, behaviour.lapse(scopeOf(turn, frame)))
    record(turn, {
      type: 'waitStarted',
      at: turn.at,
      path,
      node: node.id,
      dueAt,
      topic,
      ...(everyMs !== null && { everyMs }),
    })
  } catch (error) {
    failStep(turn, node, path, toFailure(error), token.attempt + 1)
  }
}

/** An event came. One that happened when its time was over already is not for this step. */
export function hear(turn: Turn, path: StepPath, event: Heard): void {
  const step = turn.state.open[path]
  if (step?.status !== 'waiting' || step.topic === undefined) return
  if (event.at > step.dueAt || event.at < step.topic.since) return
  decideBy(turn, path, step, (behaviour) => behaviour.take(scopeOf(turn, step.frame), event))
}

/** Ends the step when its time is over, and asks again when it is time for that. */
export function settleListen(turn: Turn, path: StepPath, step: Waiting, node: PlanNode, behaviour: Listen): void {
  if (step.dueAt <= turn.at) {
    decideBy(turn, path, step, () => behaviour.lapse(scopeOf(turn, step.frame)))
    return
  }
  if (step.check === undefined || step.check.at > turn.at) return
  const isDecided = decideBy(turn, path, step, () => behaviour.ask(scopeOf(turn, step.frame)))
  if (!isDecided) record(turn, { type: 'waitChecked', at: turn.at, path, node: node.id })
}

/** Whether that ended the step. */
function decideBy(turn: Turn, path: StepPath, step: Waiting, decide: (behaviour: Listen) => Outcome | null): boolean {
  const node = turn.plan.nodes.get(step.node)
  if (node?.behaviour.kind !== 'listen') return false
  try {
    const outcome = decide(node.behaviour)
    if (outcome === null) return false
    completeStep(turn, node, path, outcome)
  } catch (error) {
    failStep(turn, node, path, toFailure(error), 1)
  }
  return true
}

// How a call to the world begins, is tried again, and is given up. `attemptStarted` is the intent, on disk before the
// shell performs it; what came of it arrives as a report (`receive.ts`).

import type { JsonObject } from '../../contract/json.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { Behaviour } from '../behaviour.ts'
import type { StepPath } from '../event.ts'
import type { Input } from '../input.ts'
import { outcomeUnknown, stepTimedOut } from '../failure.ts'
import type { PlanNode } from '../plan.ts'
import { isAmbiguous, maxLosses, retryDelay } from '../retry.ts'
import type { Calling, OpenStep, Token } from '../state.ts'
import { maxInFlight, record, scopeOf, toFailure, type Turn } from '../turn.ts'
import { attemptStarted, leaseFrom } from './attempt.ts'
import { failStep } from './close.ts'
import { seekResult } from './recall.ts'

type Call = Extract<OpenStep, Calling>

/** Records the intent of a call, with its params; where the result may be known already, looks for that first. */
export function beginCall(turn: Turn, token: Token, node: PlanNode, behaviour: Behaviour & { kind: 'effect' }): void {
  const { path } = token
  const attempt = token.attempt + 1
  let input: JsonObject
  try {
    if (isInput(token.input)) return record(turn, { ...attemptStarted(turn, path, node, attempt), input: token.input })
    input = behaviour.resolve(scopeOf(turn, token.frame))
    // What an earlier generation called is called again.
    if (node.cache !== null && attempt === 1) return seekResult(turn, token, node, input)
  } catch (error) {
    return failStep(turn, node, path, toFailure(error), attempt)
  }
  record(turn, { ...attemptStarted(turn, path, node, attempt), input })
}

/** What somebody said it is to be called with: never answered by what is known of another. */
function isInput(input: Token['input']): input is JsonObject {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}

/** When the step has used up its time, all attempts and retries together. */
export function deadlineOf({ countedFrom }: Calling, node: PlanNode): number {
  return countedFrom + node.stepTimeoutMs
}

/** Decides the next thing about a call that failed, was lost, or has run out of time. */
export function settleCall(turn: Turn, path: StepPath, step: Call, node: PlanNode): void {
  const { at } = turn
  switch (step.status) {
    case 'faulted':
      return settleFault(turn, path, step, node)
    case 'ambiguous':
      return settleLoss(turn, path, step, node)
    case 'retrying':
      return
    case 'running':
      if (step.leaseUntil <= at) {
        // What the process itself has in flight is not lost, however late it is: its call ends by its own timeout.
        if (turn.isInFlight(path, step.attempt))
          record(turn, { type: 'leaseRenewed', at, path, leaseUntil: leaseFrom(at, node) })
        else record(turn, { type: 'attemptLost', at, path, attempt: step.attempt })
      } else if (deadlineOf(step, node) <= at) {
        failStep(turn, node, path, stepTimedOut(node.stepTimeoutMs), step.attempt)
      }
      return
    default:
      return unreachable(step)
  }
}

/** Begins a retry that is due, when there is a place free for it. */
export function beginRetry(turn: Turn, path: StepPath, step: Call & { status: 'retrying' }, node: PlanNode): void {
  if (step.dueAt <= turn.at && turn.state.inFlight < maxInFlight) tryAgain(turn, path, step, node)
}

/**
 * Holds a call back that was not made, without using up a retry. Where it could not be made before the step's deadline
 * the step fails at once, with the reason there is; a wait that is free moves the deadline on.
 */
export function deferCall(
  turn: Turn,
  step: Calling,
  node: PlanNode,
  { path, until, failure, free, holder }: Extract<Input, { type: 'deferred' }>,
): void {
  const { at } = turn
  const { attempt } = step
  const dueAt = Math.max(until, at)
  if (!free && dueAt >= deadlineOf(step, node)) {
    record(turn, { type: 'attemptFailed', at, path, attempt, failure })
    return failStep(turn, node, path, failure, attempt)
  }
  const { code, message } = failure
  const reason = { code, message }
  const how = { ...(free && { free }), ...(holder !== undefined && { holder }) }
  record(turn, { type: 'attemptDeferred', at, path, attempt, dueAt, reason, ...how })
}

/** What a holder lets go of is due now. The time it waited remains the step's. */
export function releaseCalls(turn: Turn, holder: string): void {
  const { state, at } = turn
  for (const path in state.open) {
    const step = state.open[path]!
    if (step.status === 'retrying' && step.holder === holder && step.dueAt > at)
      record(turn, { type: 'attemptReleased', at, path })
  }
}

function settleFault(turn: Turn, path: StepPath, step: Call & { status: 'faulted' }, node: PlanNode): void {
  const { attempt, failure } = step
  const seed = `${turn.identity.executionId}|${path}|${attempt}`
  const delay = retryDelay(node.retry, { retry: step.retries + 1, failure, seed })
  const mayAsk = node.onAmbiguous === 'retry' || !isAmbiguous(failure)
  // A retry that would begin after the step's deadline cannot help: say so now, with the reason there is.
  if (delay === null || !mayAsk || turn.at + delay >= deadlineOf(step, node)) {
    return failStep(turn, node, path, failure, attempt)
  }
  record(turn, { type: 'retryScheduled', at: turn.at, path, dueAt: turn.at + delay })
}

function settleLoss(turn: Turn, path: StepPath, step: Call, node: PlanNode): void {
  const { losses, attempt } = step
  if (node.onAmbiguous === 'fail' || losses > maxLosses) {
    failStep(turn, node, path, outcomeUnknown(losses), attempt)
  } else if (deadlineOf(step, node) <= turn.at) {
    failStep(turn, node, path, stepTimedOut(node.stepTimeoutMs), attempt)
  } else {
    tryAgain(turn, path, step, node)
  }
}

function tryAgain(turn: Turn, path: StepPath, { attempt }: Call, node: PlanNode): void {
  record(turn, attemptStarted(turn, path, node, attempt + 1))
}

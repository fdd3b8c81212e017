// How a step closes: with what came of it, or with a failure and the way its node handles failures.

import { undoIfUnsure } from '../aftermath/unsure.ts'
import type { Failure } from '../../contract/failure.ts'
import type { Json } from '../../contract/json.ts'
import type { Outcome } from '../behaviour.ts'
import type { ExecutionEvent, StepPath } from '../event.ts'
import { errorOutput, nodeMissing, resultTooLarge } from '../failure.ts'
import type { PlanNode } from '../plan.ts'
import { maxDepth, maxResultSize, sizeOf } from '../size.ts'
import { isCalling, type Token } from '../state.ts'
import { inputOf, nextSteps, record, type Turn } from '../turn.ts'
import { isHandledAbove } from './contain.ts'

/** The way out of a node whose failures are handled by `branch`. */
export const errorPort = 'error'

/**
 * `collected` names the key of the output under which the results of the step's iterations are put, `jumpedTo` the node
 * to which a token was sent on, `cachedAt` when the output was given, `keepAs` the key under which it is good for others,
 * `kept` that the origin of this fork did it. A step that gives more than is kept fails.
 */
export function completeStep(
  turn: Turn,
  node: PlanNode,
  path: StepPath,
  outcome: Outcome & { collected?: string; jumpedTo?: string; cachedAt?: number; keepAs?: string; kept?: true },
): void {
  const { output, port, because, vars, appended, response, end, collected, jumpedTo, cachedAt, keepAs, kept } = outcome
  const event = completed(turn, node, path, output, port, end === undefined)
  // Every step goes through here: properties are added one by one because that costs less than spreading what is not there.
  if (because !== undefined) event.because = because
  if (vars !== undefined) event.vars = vars
  if (appended !== undefined) event.appended = appended
  if (response !== undefined) event.response = response
  if (end !== undefined) event.end = end
  if (collected !== undefined) event.collected = collected
  if (jumpedTo !== undefined) event.jumpedTo = jumpedTo
  if (cachedAt !== undefined) event.cachedAt = cachedAt
  if (keepAs !== undefined) event.keepAs = keepAs
  // What was known already was not done here, and what undoes something is not undone.
  if (node.undo.length > 0 && cachedAt === undefined && kept === undefined && turn.state.aftermath === null)
    event.undo = true
  if (kept !== undefined) event.kept = kept
  const size = sizeOf(event)
  if (size > maxResultSize) return failTooLarge(turn, node, path)
  record(turn, event, size)
}

/** What a call asked for has happened, whatever becomes of its answer. */
function failTooLarge(turn: Turn, node: PlanNode, path: StepPath): void {
  const step = turn.state.open[path]
  const call = step !== undefined && isCalling(step) ? step : undefined
  failStep(turn, node, path, resultTooLarge(maxResultSize, maxDepth, call !== undefined), call?.attempt ?? 1)
}

/** Passes a node through: what came in goes out at its first port. `because` says why, unless it is disabled. */
export function skipStep(turn: Turn, node: PlanNode, { path, frame, from }: Token, because?: Json): void {
  const event = completed(turn, node, path, inputOf(turn, { frame, from }), node.firstPort, true)
  if (because !== undefined) event.because = because
  event.skipped = true
  record(turn, event)
}

function completed(turn: Turn, node: PlanNode, path: StepPath, output: Json, port: string, goesOn: boolean): Completed {
  const { state, at } = turn
  const next = goesOn ? nextSteps(turn, path, node, port) : []
  // What goes on as it came in from the trigger is not written down again.
  const isKnown = output === state.trigger?.data && typeof output === 'object' && output !== null
  return isKnown
    ? { type: 'stepCompleted', at, path, node: node.id, port, next }
    : { type: 'stepCompleted', at, path, node: node.id, output, port, next }
}

type Completed = ExecutionEvent & { type: 'stepCompleted' }

/**
 * Fails a step as its node handles failures: by the way `error`, going on all the same, or stopping what it lies in.
 */
export function failStep(turn: Turn, node: PlanNode, path: StepPath, failure: Failure, attempt: number): void {
  const { id, onError, firstPort } = node
  const failed = {
    type: 'stepFailed',
    at: turn.at,
    path,
    node: id,
    failure,
    ...undoIfUnsure(turn, path, failure),
  } as const
  if (onError === 'stop') {
    const handled = isHandledAbove(turn, frameOf(turn, path)) ? 'above' : 'stop'
    record(turn, { ...failed, handled, next: [] })
  } else {
    const next = nextSteps(turn, path, node, onError === 'continue' ? firstPort : errorPort)
    record(turn, { ...failed, handled: onError, output: errorOutput(failure, attempt), next })
  }
}

function frameOf({ state }: Turn, path: StepPath): number {
  const step = state.open[path] ?? state.ready.find((token) => token.path === path)
  return step?.frame ?? 0
}

/** The version has no such node: its graph and its journal do not belong together. */
export function failMissing(turn: Turn, path: StepPath, node: string): void {
  record(turn, { type: 'stepFailed', at: turn.at, path, node, failure: nodeMissing(node), handled: 'stop', next: [] })
}

// How an execution ends. Whatever is still open is cancelled first, so that an ended execution calls for nothing.

import type { Failure } from '../contract/failure.ts'
import type { Json } from '../contract/json.ts'
import { unreachable } from '../lib/unreachable.ts'
import { beginAftermath, giveUpPart, settleAftermath } from './aftermath/settle-aftermath.ts'
import { undoIfUnsure } from './aftermath/unsure.ts'
import type { FinalStatus } from './event.ts'
import { cancelledBy, cancelledInFlight, cancelledWhileWaiting, endedAsFailed } from './failure.ts'
import { isEmpty } from './state.ts'
import { record, type Turn } from './turn.ts'

/**
 * Ends the execution when something said so, or when nothing is left to do. True when something begins by that: what is
 * done after an execution came to its end.
 */
export function finishIfOver(turn: Turn): boolean {
  const { aftermath } = turn.state
  if (aftermath !== null) return settleAftermath(turn, aftermath)
  endIfOver(turn)
  return turn.state.aftermath !== null
}

function endIfOver(turn: Turn): void {
  const { state } = turn
  if (state.cancelling !== null) {
    finish(turn, 'cancelled', { output: null, failure: cancelledBy(state.cancelling.reason) })
  } else if (state.ended !== null) {
    finishEnded(turn, state.ended)
  } else if (state.failure !== null) {
    finish(turn, 'failed', { output: null, failure: state.failure })
  } else if (state.ready.length === 0 && isEmpty(state.open)) {
    finish(turn, completed(turn), {})
  }
}

/** Without an output of its own the execution has that of the step which completed last. */
export function finish(turn: Turn, status: FinalStatus, outcome: { output?: Json; failure?: Failure }): void {
  const { state, at } = turn
  const { aftermath } = state
  if (aftermath !== null) return giveUpPart(turn, aftermath, outcome.failure ?? endedAsFailed(undefined))
  cancelOpenSteps(turn)
  if (!beginAftermath(turn, status, outcome)) record(turn, { type: 'finished', at, status, ...outcome })
}

/** Ends what has not begun: nothing follows from that. */
export function finishUnbegun(turn: Turn, status: FinalStatus, failure: Failure): void {
  cancelOpenSteps(turn)
  record(turn, { type: 'finished', at: turn.at, status, output: null, failure })
}

function cancelOpenSteps(turn: Turn): void {
  const { state, at } = turn
  for (const path in state.open) {
    const { node, status: was } = state.open[path]!
    const why = was === 'running' ? cancelledInFlight : cancelledWhileWaiting
    record(turn, { type: 'stepCancelled', at, path, node, failure: why, ...undoIfUnsure(turn, path, why) })
  }
}

function finishEnded(
  turn: Turn,
  { status, reason }: { status: 'completed' | 'failed' | 'cancelled'; reason?: string },
) {
  switch (status) {
    case 'completed':
      return finish(turn, completed(turn), {})
    case 'failed':
      return finish(turn, 'failed', { failure: endedAsFailed(reason) })
    case 'cancelled':
      return finish(turn, 'cancelled', { failure: cancelledBy(reason ?? '') })
    default:
      return unreachable(status)
  }
}

function completed({ state }: Turn): FinalStatus {
  return state.handledFailures > 0 ? 'completed_with_errors' : 'completed'
}

// How an execution ends. Whatever is still open is cancelled first, so that an ended execution calls for nothing.

import type { Failure } from '../contract/failure.ts'
import type { Json } from '../contract/json.ts'
import { unreachable } from '../lib/unreachable.ts'
import type { FinalStatus } from './event.ts'
import { cancelledBy, cancelledInFlight, cancelledWhileWaiting, endedAsFailed } from './failure.ts'
import { isEmpty } from './state.ts'
import { record, type Turn } from './turn.ts'

/** Ends the execution when something said so, or when nothing is left to do. */
export function finishIfOver(turn: Turn): void {
  const { state } = turn
  if (state.cancelling !== null) {
    finish(turn, 'cancelled', null, cancelledBy(state.cancelling.reason))
  } else if (state.ended !== null) {
    finishEnded(turn, state.ended)
  } else if (state.failure !== null) {
    finish(turn, 'failed', null, state.failure)
  } else if (state.ready.length === 0 && isEmpty(state.open)) {
    finish(turn, completed(turn), state.lastOutput)
  }
}

export function finish(turn: Turn, status: FinalStatus, output: Json, failure?: Failure): void {
  const { state, at } = turn
  for (const path in state.open) {
    const { node, status: was } = state.open[path]!
    const why = was === 'running' ? cancelledInFlight : cancelledWhileWaiting
    record(turn, { type: 'stepCancelled', at, path, node, failure: why })
  }
  record(turn, { type: 'finished', at, status, output, ...(failure !== undefined && { failure }) })
}

function finishEnded(
  turn: Turn,
  { status, reason }: { status: 'completed' | 'failed' | 'cancelled'; reason?: string },
) {
  const output = turn.state.lastOutput
  switch (status) {
    case 'completed':
      return finish(turn, completed(turn), output)
    case 'failed':
      return finish(turn, 'failed', output, endedAsFailed(reason))
    case 'cancelled':
      return finish(turn, 'cancelled', output, cancelledBy(reason ?? ''))
    default:
      return unreachable(status)
  }
}

function completed({ state }: Turn): FinalStatus {
  return state.handledFailures > 0 ? 'completed_with_errors' : 'completed'
}

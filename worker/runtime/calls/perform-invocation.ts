// perform-invocation
//
// One attempt of one step: finds the node type, gives it its params, a way out, a signal and its key, and turns
// whatever it throws into a failure. The one place where thrown errors become data, and where a failure is told whether
// what was called may have got the call.

import type { Failure, Sent } from '../../contract/failure.ts'
import type { Outcome } from '../../engine/behaviour.ts'
import type { Invocation } from '../../engine/effect.ts'
import { startAttemptTimer } from '../../lib/attempt-timer.ts'
import { furthest, sentAt } from '../../lib/sent.ts'
import { HeldBackError, RetryableError, TerminalError } from '../../lib/step-errors.ts'
import { unkeepable } from '../../lib/unkeepable.ts'
import type { ContactActions } from '../../nodes/contact/contact-actions.ts'
import type { EgressRequest, EgressResponse, NodeDefinition } from '../../nodes/define.ts'
import { SentSoFar } from './sent-so-far.ts'

export interface PerformRequest {
  invocation: Invocation
  definition: NodeDefinition | undefined
  idempotencyKey: string
  /** `tell` hears whether the other side may have got the request, as far as that is known. */
  fetch(request: EgressRequest, signal: AbortSignal, tell: (sent: Sent) => void): Promise<EgressResponse>
  contacts: ContactActions
  /** Aborted when the engine no longer wants the call. */
  cancelled: AbortSignal
}

export type PerformResult =
  | { ok: true; outcome: Outcome }
  /** `held`: nothing was sent, and nothing is to be before `until` (epoch ms); `failure` says why. */
  | { ok: false; failure: Failure; held?: { until: number; free: boolean; holder?: string } }

/** Levels that what a call gives may be nested: an answer, and what its node puts around it. */
const outcomeDepth = 128

/** Never throws. A call that outlives `timeoutMs` is aborted; what it asked for may have happened, where it was sent. */
export async function performInvocation(request: PerformRequest): Promise<PerformResult> {
  const { invocation, definition, cancelled } = request
  if (definition?.kind !== 'effect') {
    return failed({ kind: 'terminal', code: 'node.unknown', message: 'This release cannot perform this node type.' })
  }
  const overdue = new AbortController()
  // Not `AbortSignal.timeout`: its timer cannot be cleared, and would keep the object awake long after the call.
  const stopTimer = startAttemptTimer(invocation.timeoutMs, () =>
    overdue.abort(new DOMException('too late', 'TimeoutError')),
  )
  const signal = AbortSignal.any([overdue.signal, cancelled])
  const sent = new SentSoFar()
  let mayChangeContacts = false
  const fetch = async (out: EgressRequest) => {
    const { tell, end } = sent.begin()
    try {
      const response = await request.fetch(out, signal, tell)
      end(sentAt.answered)
      return response
    } catch (error) {
      end(error instanceof HeldBackError ? sentAt.checked : undefined)
      throw error
    }
  }
  try {
    const outcome = await Promise.race([
      definition.perform({
        params: definition.params().parse(invocation.input),
        fetch,
        signal,
        idempotencyKey: request.idempotencyKey,
        get contacts() {
          mayChangeContacts = true
          return request.contacts
        },
      }),
      rejectWhenAborted(signal),
    ])
    // A turn that cannot be written down would be forgotten, and the call made again.
    if (unkeepable(outcome, outcomeDepth) !== undefined) {
      const sentOrDone = sent.all !== 'no' || mayChangeContacts ? sentAt.unreadable : sent.all
      throw new TerminalError('node.bad_outcome', 'What the node gave cannot be kept.', { sent: sentOrDone })
    }
    return { ok: true, outcome }
  } catch (error) {
    if (cancelled.aborted) return failed(noLongerWanted)
    if (error instanceof HeldBackError) {
      const { code, message, until, free, holder } = error
      const held = { until, free, ...(holder !== undefined && { holder }) }
      return { ok: false, failure: { kind: 'retryable', code, message, sent: sent.all }, held }
    }
    const { timeoutMs } = invocation
    return failed(toFailure(error, { timedOut: overdue.signal.aborted, timeoutMs, sent: sent.all, mayChangeContacts }))
  } finally {
    stopTimer()
  }
}

/** Reported to an engine that has ended the step already, and so changes nothing. */
const noLongerWanted: Failure = {
  kind: 'unknown',
  code: 'attempt.cancelled',
  message: 'The call was cut off; what it asked for may have happened.',
}

/** A node that ignores its signal must not hold its step for ever. */
function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(new Error('aborted'))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

interface Circumstances {
  timedOut: boolean
  timeoutMs: number
  /** Of all requests together. */
  sent: Sent
  mayChangeContacts: boolean
}

function toFailure(error: unknown, { timedOut, timeoutMs, sent, mayChangeContacts }: Circumstances): Failure {
  if (!timedOut && (error instanceof TerminalError || error instanceof RetryableError)) return said(error, sent)
  // No answer is what is wrong: whatever went out may have happened.
  const may = sent === 'no' && !mayChangeContacts ? 'no' : 'unknown'
  if (timedOut) {
    const after = may === 'no' ? 'Nothing it asked for was sent.' : 'What it asked for may have happened.'
    const message = `The call took longer than ${timeoutMs / 1_000} s and was cut off. ${after}`
    return { kind: 'timedOut', code: 'attempt.timed_out', message, timeoutMs, sent: may }
  }
  console.error({ message: 'a node crashed', error: String(error) })
  const message = 'The node failed in a way it should not have.'
  return { kind: may === 'no' ? 'retryable' : 'unknown', code: 'node.crashed', message, sent: may }
}

/** An error as the node threw it, with what is known of its requests. */
function said(error: TerminalError | RetryableError, known: Sent): Failure {
  const { code, message, details } = error
  const sent = furthest(known, error.sent ?? 'no')
  const words = { code, message, ...(details === undefined ? {} : { details }), sent }
  if (error instanceof TerminalError) return { kind: 'terminal', ...words }
  const { retryAfterMs } = error
  const kind = sent === 'unknown' ? 'unknown' : 'retryable'
  return { kind, ...words, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

function failed(failure: Failure): PerformResult {
  return { ok: false, failure }
}

// perform-invocation
//
// One attempt of one step: finds the node type, gives it its params, a way out, a signal and its key, and turns
// whatever it throws into a failure. The one place where thrown errors become data.

import type { Failure } from '../contract/failure.ts'
import type { Outcome } from '../engine/behaviour.ts'
import type { Invocation } from '../engine/effect.ts'
import { startAttemptTimer } from '../lib/attempt-timer.ts'
import { HeldBackError, RetryableError, TerminalError } from '../lib/step-errors.ts'
import type { ContactActions } from '../nodes/contact/contact-actions.ts'
import type { EgressRequest, EgressResponse, NodeDefinition } from '../nodes/define.ts'

export interface PerformRequest {
  invocation: Invocation
  definition: NodeDefinition | undefined
  idempotencyKey: string
  fetch(request: EgressRequest, signal: AbortSignal): Promise<EgressResponse>
  contacts: ContactActions
  /** Aborted when the engine no longer wants the call. */
  cancelled: AbortSignal
}

export type PerformResult =
  | { ok: true; outcome: Outcome }
  /** `held`: nothing was sent, and nothing is to be before `until` (epoch ms); `failure` says why. */
  | { ok: false; failure: Failure; held?: { until: number; free: boolean; holder?: string } }

/** Never throws. A call that outlives `timeoutMs` is aborted; what it asked for may have happened. */
export async function performInvocation(request: PerformRequest): Promise<PerformResult> {
  const { invocation, definition, cancelled } = request
  if (definition?.kind !== 'effect') {
    return failed({ kind: 'terminal', code: 'node.unknown', message: 'This release can not perform this node type.' })
  }
  const overdue = new AbortController()
  // Not `AbortSignal.timeout`: its timer can not be cleared, and would keep the object awake long after the call.
  const stopTimer = startAttemptTimer(invocation.timeoutMs, () =>
    overdue.abort(new DOMException('too late', 'TimeoutError')),
  )
  const signal = AbortSignal.any([overdue.signal, cancelled])
  try {
    const outcome = await Promise.race([
      definition.perform({
        params: definition.params.parse(invocation.input),
        fetch: (out) => request.fetch(out, signal),
        signal,
        idempotencyKey: request.idempotencyKey,
        contacts: request.contacts,
      }),
      rejectWhenAborted(signal),
    ])
    return { ok: true, outcome }
  } catch (error) {
    if (cancelled.aborted) return failed(noLongerWanted)
    if (error instanceof HeldBackError) {
      const { code, message, until, free, holder } = error
      const held = { until, free, ...(holder !== undefined && { holder }) }
      return { ok: false, failure: { kind: 'retryable', code, message }, held }
    }
    return failed(toFailure(error, { timedOut: overdue.signal.aborted, timeoutMs: invocation.timeoutMs }))
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

function toFailure(error: unknown, { timedOut, timeoutMs }: { timedOut: boolean; timeoutMs: number }): Failure {
  if (timedOut) {
    return {
      kind: 'timedOut',
      code: 'attempt.timed_out',
      message: `The call took longer than ${timeoutMs / 1_000} s and was cut off. What it asked for may have happened.`,
      timeoutMs,
    }
  }
  if (error instanceof TerminalError) {
    const { code, message, details } = error
    return { kind: 'terminal', code, message, ...(details === undefined ? {} : { details }) }
  }
  if (error instanceof RetryableError) {
    const { code, message, details, retryAfterMs } = error
    return {
      kind: 'retryable',
      code,
      message,
      ...(details === undefined ? {} : { details }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }
  }
  console.error({ message: 'a node crashed', error: String(error) })
  return { kind: 'retryable', code: 'node.crashed', message: 'The node failed in a way it should not have.' }
}

function failed(failure: Failure): PerformResult {
  return { ok: false, failure }
}

import type { Failure } from '../../../worker/contract/failure.ts'

/** The other side is busy: trying again may help. */
export const busy = { kind: 'retryable', code: 'http.503', message: 'Busy.' } as const satisfies Failure

/** The other side says no, and will say no again. */
export const refused = { kind: 'terminal', code: 'http.422', message: 'No.' } as const satisfies Failure

/** The call was cut off; it may have happened. */
export const tooSlow = {
  kind: 'timedOut',
  code: 'attempt.timed_out',
  message: 'Too slow.',
  timeoutMs: 30_000,
} as const satisfies Failure

/** Nobody was called: whoever makes calls holds them back. */
export const heldBack = {
  kind: 'retryable',
  code: 'outbound.circuit_open',
  message: 'Calls are held back.',
} as const satisfies Failure

/** Nobody was there: the call cannot have gone out. */
export const notReached = {
  kind: 'retryable',
  code: 'egress.unreachable',
  message: 'Nobody there.',
  sent: 'no',
} as const satisfies Failure

/** The connection broke before an answer came. */
export const brokenOff = {
  kind: 'unknown',
  code: 'egress.unreachable',
  message: 'It broke.',
  sent: 'unknown',
} as const satisfies Failure

/** Whether a failed call may have happened, said again in other words than the engine's. */
export function mayHaveHappened(failure: Failure): boolean {
  if (failure.sent !== undefined) return failure.sent === 'unknown'
  return ['timedOut', 'unknown'].includes(failure.kind)
}

/** Busy, with a wish when to come back. */
export function busyFor(retryAfterMs: number): Failure {
  return { ...busy, code: 'http.429', retryAfterMs }
}

/** What a step fails with whose child was refused. */
export const childRefused: Failure = {
  kind: 'terminal',
  code: 'call.child_failed',
  message: refused.message,
  details: { status: 'failed', failure: { code: refused.code, message: refused.message } },
}

// What went wrong with a call, in our words. The platform's own may hold the address with its query, so they are not passed
// on; and workerd says no more than that a connection was lost, whether it ever was made or not.

import type { Stage } from '../lib/sent.ts'
import { RetryableError, TerminalError } from '../lib/step-errors.ts'

/** Gives what `fetch` and its streams throw a name; the reason of who aborted, and an error of ours, stay what they are. */
export function callError(
  error: unknown,
  { host }: URL,
  { signal, stage }: { signal: AbortSignal; stage: Stage },
): unknown {
  if (error instanceof TerminalError) return error
  const cause = { cause: error }
  if (signal.aborted) {
    if (!isTimeout(signal.reason)) return signal.reason
    return new RetryableError('egress.timeout', `${host} did not answer in time.`, cause)
  }
  if (stage === 'opening') {
    const message = `Could not reach ${host}: ${wordFor(error)}. The request did not get there.`
    return new RetryableError('egress.unreachable', message, cause)
  }
  if (stage === 'answering') {
    const message = `The answer of ${host} broke off. What it was asked for may have happened.`
    return new RetryableError('egress.answer_broken', message, cause)
  }
  const message = `${host} could not be reached, or the connection broke before it answered. What it was asked for may have happened.`
  return new RetryableError('egress.unreachable', message, cause)
}

/** Whether the platform itself says that there never was a connection. Node does. */
export function saysNotConnected(error: unknown): boolean {
  return codeOf(error) in notConnected
}

const notConnected: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refused the connection',
  ENOTFOUND: 'the name could not be resolved',
  EAI_AGAIN: 'the name could not be resolved',
  CERT_HAS_EXPIRED: 'its certificate is not valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is not valid',
}

function wordFor(error: unknown): string {
  return notConnected[codeOf(error)] ?? 'no connection could be made'
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError'
}

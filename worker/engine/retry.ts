import type { Failure } from '../contract/failure.ts'
import { seededFraction } from '../lib/seeded-fraction.ts'
import { unreachable } from '../lib/unreachable.ts'
import { pauseBefore, type FullRetryPolicy } from '../contract/effective-retry.ts'

/** The longest that another side's `Retry-After` is honoured. */
export const maxRetryAfterMs = 3_600_000

/** How many lost attempts of one step are asked for again before it fails. They use up no retries. */
export const maxLosses = 5

/** Whether the call may have happened although it did not succeed. Earlier releases left it to the kind to say so. */
export function isAmbiguous({ kind, sent }: Failure): boolean {
  return sent === undefined ? kind === 'timedOut' || kind === 'unknown' : sent === 'unknown'
}

/**
 * How long to wait before retry `retry` (from 1), in ms; null when the failure or the policy says not to. `seed` draws
 * the jitter, so that a replay draws the same. Never shorter than the other side asked, within an hour.
 */
export function retryDelay(
  policy: FullRetryPolicy,
  { retry, failure, seed }: { retry: number; failure: Failure; seed: string },
): number | null {
  if (failure.kind === 'terminal' || retry > policy.maxRetries) return null
  const computed = jittered(policy, pauseBefore(retry, policy), seed)
  const wished = failure.kind === 'timedOut' ? 0 : (failure.retryAfterMs ?? 0)
  return Math.ceil(Math.min(Math.max(computed, wished), maxRetryAfterMs))
}

function jittered({ jitter }: FullRetryPolicy, delayMs: number, seed: string): number {
  switch (jitter) {
    case 'none':
      return delayMs
    case 'additive':
      return delayMs * (1 + 0.25 * seededFraction(seed))
    case 'full':
      return delayMs * seededFraction(seed)
    default:
      return unreachable(jitter)
  }
}

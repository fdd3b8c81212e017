import type { RetryPolicy } from './graph.ts'

/** A policy that leaves nothing open. */
export type FullRetryPolicy = { readonly [Key in keyof RetryPolicy]-?: Exclude<RetryPolicy[Key], undefined> }

/** What holds where nobody says otherwise: three retries after 1 s, 2 s and 4 s, each up to a quarter later. */
export const defaultRetry: FullRetryPolicy = {
  maxRetries: 3,
  backoff: 'exponential',
  delayMs: 1_000,
  factor: 2,
  maxDelayMs: 30_000,
  jitter: 'additive',
}

/** What policies come to, part by part: a later one goes before an earlier one, and each before the default. */
export function effectiveRetry(...policies: readonly (RetryPolicy | undefined)[]): FullRetryPolicy {
  return policies.reduce<FullRetryPolicy>(over, defaultRetry)
}

function over(base: FullRetryPolicy, own: RetryPolicy | undefined): FullRetryPolicy {
  if (own === undefined) return base
  return {
    maxRetries: own.maxRetries ?? base.maxRetries,
    backoff: own.backoff ?? base.backoff,
    delayMs: own.delayMs ?? base.delayMs,
    factor: own.factor ?? base.factor,
    // A pause that somebody asks for is not cut to one that nobody did.
    maxDelayMs: own.maxDelayMs ?? Math.max(base.maxDelayMs, own.delayMs ?? 0),
    jitter: own.jitter ?? base.jitter,
  }
}

/** The pause before retry `retry` (from 1), in ms, before jitter. */
export function pauseBefore(retry: number, { backoff, delayMs, factor, maxDelayMs }: FullRetryPolicy): number {
  const grown = { fixed: delayMs, linear: delayMs * retry, exponential: delayMs * factor ** (retry - 1) }
  return Math.min(grown[backoff], maxDelayMs)
}

/** Of a step with all its retries, where neither it nor its retries say more. Source: semantics 6. */
export const defaultStepTimeoutMs = 600_000

/**
 * The time of a step with all its retries, in ms, where it does not say itself: ten minutes, and what pauses take that are
 * longer than pauses are by default (jitter included). Whoever asks for three pauses of an hour gets three retries.
 */
export function stepTimeFor(policy: FullRetryPolicy): number {
  let longer = 0
  for (let retry = 1; retry <= policy.maxRetries; retry++) {
    longer += Math.max(0, pauseBefore(retry, policy) - defaultRetry.maxDelayMs)
  }
  return defaultStepTimeoutMs + Math.ceil(longer * 1.25)
}

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
    maxDelayMs: own.maxDelayMs ?? base.maxDelayMs,
    jitter: own.jitter ?? base.jitter,
  }
}

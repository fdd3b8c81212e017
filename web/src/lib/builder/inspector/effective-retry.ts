import type { RetryPolicy } from '#contract/graph.ts'

/** What holds where neither a step nor its workflow says. The engine's own defaults, in `worker/engine/compile-plan.ts`. */
const unsaid = {
  maxRetries: 3,
  backoff: 'exponential',
  delayMs: 1_000,
  factor: 2,
  maxDelayMs: 30_000,
  jitter: 'additive',
} as const

/** The policy that a step is retried by: its own, over the workflow's, over what holds everywhere; part by part. */
export function effectiveRetry(workflow: RetryPolicy, step: RetryPolicy): Required<RetryPolicy> {
  return { ...unsaid, ...workflow, ...step }
}

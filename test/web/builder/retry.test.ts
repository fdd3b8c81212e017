import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { effectiveRetry } from '#contract/effective-retry.ts'
import type { RetryPolicy } from '#contract/graph.ts'
import { compilePlan } from '../../../worker/engine/compile-plan.ts'
import { retryWords } from '../../../web/src/lib/retry/retry-words.ts'

const policy: fc.Arbitrary<RetryPolicy> = fc.record(
  {
    maxRetries: fc.nat(10),
    backoff: fc.constantFrom('fixed' as const, 'linear' as const, 'exponential' as const),
    delayMs: fc.nat(3_600_000),
    factor: fc.integer({ min: 1, max: 10 }),
    maxDelayMs: fc.nat(3_600_000),
    jitter: fc.constantFrom('none' as const, 'additive' as const, 'full' as const),
  },
  { requiredKeys: [] },
)

describe('what the builder says of retries', () => {
  test('is what the engine does, whatever the step and its workflow say', () => {
    fc.assert(
      fc.property(policy, policy, (workflow, step) => {
        const plan = compilePlan({
          graph: {
            version: 1,
            nodes: [{ id: 'a', type: 'x', name: 'A', position: { x: 0, y: 0 }, params: {}, settings: { retry: step } }],
            edges: [],
            settings: { retry: workflow },
          },
          workflow: { id: 'w', name: 'W', version: 1 },
          compileNode: () => ({
            behaviour: { kind: 'effect', prepare: () => null } as never,
            firstPort: 'out',
            isTrigger: false,
          }),
        })
        expect(effectiveRetry(workflow, step)).toEqual(plan.nodes.get('a')!.retry)
      }),
      { numRuns: 300 },
    )
  })

  test('pauses that somebody asks for are made, and not cut to the usual ones', () => {
    expect(retryWords(effectiveRetry({ backoff: 'fixed', delayMs: 300_000 }))).toContain(
      'After 5 min, 5 min and 5 min;',
    )
    expect(retryWords(effectiveRetry({ delayMs: 45_000 }))).toContain('After 45 s, 45 s and 45 s;')
    expect(retryWords(effectiveRetry({ delayMs: 300_000, maxDelayMs: 60_000 }))).toContain('After 60 s, 60 s and 60 s;')
    expect(retryWords(effectiveRetry({ maxRetries: 7 }))).toContain('30 s;')
  })

  test('takes from the workflow what a step leaves open', () => {
    const workflow = { maxRetries: 2, backoff: 'fixed', delayMs: 5_000 } as const
    expect(retryWords(effectiveRetry(workflow, {}))).toContain('After 5 s and 5 s;')
    expect(retryWords(effectiveRetry(workflow, { maxRetries: 1 }))).toContain('After 5 s;')
    expect(retryWords(effectiveRetry(workflow, { maxRetries: 0 }))).toContain('not tried again')
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RetryPolicy } from '../../worker/contract/graph.ts'
import { defaultRetry } from '../../worker/contract/effective-retry.ts'
import { retryDelay } from '../../worker/engine/retry.ts'
import { call, give } from './support/draw.ts'
import { busy, busyFor, refused, tooSlow } from './support/failures.ts'
import { play } from './support/play.ts'

describe('retrying a call', () => {
  //  attempt 1 ✗ ──1s──► 2 ✗ ──2s──► 3 ✗ ──4s──► 4 ✗ ──► failed
  test('waits 1 s, 2 s and 4 s, and gives up after the fourth call', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call() } }).start()
    const dueAts: (number | null)[] = []
    for (let attempt = 1; attempt <= 4; attempt++) {
      execution.fail('send', busy)
      if (attempt < 4) execution.until(execution.outstanding.wakeAt!)
      dueAts.push(execution.now)
    }
    expect(dueAts).toEqual([1_000, 3_000, 7_000, 7_000])
    expect(execution.asked).toEqual(['send/1', 'send/2', 'send/3', 'send/4'])
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: busy })
    expect(execution.stepAt('send')).toMatchObject({ status: 'failed', attempt: 4, failure: busy, handled: false })
    expect(execution.stepAt('send')!.failures).toHaveLength(3)
  })

  test('takes pauses as long as were asked for, and the time of the step with them', () => {
    const settings = { retry: { backoff: 'fixed' as const, delayMs: 3_600_000, jitter: 'none' as const } }
    const execution = play({ edges: 'start > send', nodes: { send: call(settings) } }).start()
    for (let attempt = 1; attempt <= 4; attempt++) {
      execution.fail('send', busy)
      if (attempt < 4) execution.until(execution.outstanding.wakeAt!)
    }
    expect(execution.asked).toEqual(['send/1', 'send/2', 'send/3', 'send/4'])
    expect(execution.now).toBe(3 * 3_600_000)
  })

  test('is waiting in between, and says until when', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call() } })
      .start()
      .fail('send', busy)
    expect(execution.status).toBe('waiting')
    expect(execution.stepAt('send')).toMatchObject({ status: 'retrying', dueAt: '1970-01-01T00:00:01.000Z' })
    expect(execution.until(999).keys).toEqual([])
    expect(execution.until(1_000).keys).toEqual(['send/2'])
  })

  test('sends what the first attempt sent, whatever has changed since', () => {
    const execution = play({
      edges: 'start > send; start > other',
      nodes: { send: call({}, ({ steps }) => ({ other: steps['other'] ?? 'not yet' })), other: give(() => 'done') },
    }).start()
    execution.fail('send', busy).crash().until(1_000)
    expect(execution.outstanding.invocations).toMatchObject([{ key: 'send/2', input: { other: 'not yet' } }])
    expect(execution.succeed('send').status).toBe('completed')
  })

  test('at once, when the policy says no delay', () => {
    const settings = { retry: { delayMs: 0 } }
    const execution = play({ edges: 'start > send', nodes: { send: call(settings) } })
      .start()
      .fail('send', busy)
    expect(execution.keys).toEqual(['send/2'])
    expect(execution.entries).toHaveLength(2)
  })

  test('is not done for what will never work', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call() } })
      .start()
      .fail('send', refused)
    expect(execution.asked).toEqual(['send/1'])
    expect(execution.status).toBe('failed')
  })

  test('is done after a timeout, unless the call must not happen twice', () => {
    const drawing = (onAmbiguous: 'retry' | 'fail') => ({ edges: 'start > pay', nodes: { pay: call({ onAmbiguous }) } })
    expect(play(drawing('retry')).start().fail('pay', tooSlow).status).toBe('waiting')
    expect(play(drawing('fail')).start().fail('pay', tooSlow).status).toBe('failed')
    expect(play(drawing('fail')).start().fail('pay', busy).status, 'nothing happened, so ask again').toBe('waiting')
  })

  //  attempt 1 ✗ Retry-After: 90 s ─────────► attempt 2
  test('waits as long as the other side asks, never shorter than the policy, never over an hour', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call({ stepTimeoutMs: 3_600_000 }) } }).start()
    expect(execution.fail('send', busyFor(90_000)).outstanding.wakeAt).toBe(90_000)
    execution.until(90_000)
    expect(execution.fail('send', busyFor(5)).outstanding.wakeAt).toBe(92_000)
    expect(delay({ jitter: 'none' }, 1, busyFor(86_400_000))).toBe(3_600_000)
  })

  test('is given up at once when it would come after the deadline of the step', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call({ stepTimeoutMs: 60_000 }) } }).start()
    expect(execution.fail('send', busyFor(60_000)).state.finished).toMatchObject({ failure: { code: 'http.429' } })
  })
})

const delay = (policy: RetryPolicy, retry: number, failure = busyFor(0), seed = 'seed') =>
  retryDelay({ ...defaultRetry, ...(policy as typeof defaultRetry) }, { retry, failure, seed })

describe('the delay before a retry', () => {
  const series = (policy: RetryPolicy, retries = 6) =>
    Array.from({ length: retries }, (_, index) => delay({ jitter: 'none', maxRetries: 10, ...policy }, index + 1))

  test('is fixed, linear or exponential, below the cap', () => {
    expect(series({ backoff: 'fixed', delayMs: 500 })).toEqual([500, 500, 500, 500, 500, 500])
    expect(series({ backoff: 'linear', delayMs: 500 })).toEqual([500, 1_000, 1_500, 2_000, 2_500, 3_000])
    expect(series({})).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000])
    expect(series({ factor: 3, maxDelayMs: 20_000 })).toEqual([1_000, 3_000, 9_000, 20_000, 20_000, 20_000])
  })

  const policies = fc.record({
    maxRetries: fc.integer({ min: 0, max: 10 }),
    backoff: fc.constantFrom('fixed', 'linear', 'exponential'),
    delayMs: fc.integer({ min: 0, max: 3_600_000 }),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
    maxDelayMs: fc.integer({ min: 0, max: 3_600_000 }),
    jitter: fc.constantFrom('none', 'additive', 'full'),
  })

  test('is spread by its seed alone, within the bounds of its jitter', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 11 }), fc.string(), (policy, retry, seed) => {
        const drawn = delay(policy, retry, busyFor(0), seed)
        expect(delay(policy, retry, busyFor(0), seed)).toBe(drawn)
        const exact = delay({ ...policy, jitter: 'none' }, retry)
        if (retry > policy.maxRetries) {
          expect(drawn).toBeNull()
          return
        }
        const [least, most] = { none: [1, 1], additive: [1, 1.25], full: [0, 1] }[policy.jitter] as [number, number]
        expect(drawn).toBeGreaterThanOrEqual(Math.floor(exact! * least))
        expect(drawn).toBeLessThanOrEqual(Math.min(Math.ceil(exact! * most), 3_600_000))
      }),
      { numRuns: 500 },
    )
  })

  // Feature: automations-workflows, Property 24: Retry Logic
  test('Property 24: up to three retries with exponential backoff, in every run of failures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 2_000 }), (failures, callMs) => {
        const settings = { retry: { jitter: 'additive' as const } }
        const execution = play({ edges: 'start > send > next', nodes: { send: call(settings) } }).start()
        const delays: number[] = []
        for (let attempt = 1; execution.keys.length > 0; attempt++) {
          execution.until(execution.now + callMs)
          if (attempt > failures) execution.succeed('send')
          else execution.fail('send', busy)
          if (execution.status !== 'waiting') break
          delays.push(execution.outstanding.wakeAt! - execution.now)
          execution.until(execution.outstanding.wakeAt!)
        }
        expect(execution.status).toBe(failures <= 3 ? 'completed' : 'failed')
        expect(delays).toHaveLength(Math.min(failures, 3))
        for (const [index, ms] of delays.entries()) {
          expect(ms).toBeGreaterThanOrEqual(1_000 * 2 ** index)
          expect(ms).toBeLessThanOrEqual(1_250 * 2 ** index)
        }
      }),
      { numRuns: 150 },
    )
  })
})

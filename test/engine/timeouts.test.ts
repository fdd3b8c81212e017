import { describe, expect, test } from 'vitest'
import { call, give, wait } from './support/draw.ts'
import { busy } from './support/failures.ts'
import { play } from './support/play.ts'

describe('the time of a step', () => {
  //  attempt 1 … ──────────── 20 s ──► timed out, its call is no longer wanted
  test('ends a call that does not come back', () => {
    const execution = play({ edges: 'start > slow', nodes: { slow: call({ stepTimeoutMs: 20_000 }) } }).start()
    expect(execution.outstanding.wakeAt).toBe(20_000)
    execution.until(20_000)
    expect(execution.outstanding.invocations).toEqual([])
    expect(execution.state.finished).toMatchObject({
      status: 'failed',
      failure: { kind: 'timedOut', code: 'step.timed_out', timeoutMs: 20_000 },
    })
  })

  test('counts all attempts together, and its end can be handled like any failure', () => {
    const execution = play({
      edges: 'start > slow > after; slow:error > rescue',
      nodes: { slow: call({ stepTimeoutMs: 3_000, onError: 'branch' }) },
    }).start()
    execution.until(1_500).fail('slow', busy).until(2_999)
    expect(execution.keys).toEqual(['slow/2'])
    execution.until(3_000)
    expect(execution.completed).toEqual(['start', 'rescue'])
    expect(execution.stepAt('slow')).toMatchObject({ attempt: 2, failure: { code: 'step.timed_out' } })
  })

  test('does not run while a retry waits for a process that is down', () => {
    const execution = play({ edges: 'start > slow', nodes: { slow: call({ stepTimeoutMs: 10_000 }) } }).start()
    execution.fail('slow', busy).crash()
    execution.now = 7_200_000
    execution.turn({ type: 'wake' })
    expect(execution.keys).toEqual(['slow/2'])
    expect(execution.outstanding.wakeAt).toBe(7_200_000 + 9_000)
  })
})

describe('the active time of an execution', () => {
  //  ask ══ 6 s ══► wait 30 days ──► again ══ 4 s ══► timed out
  test('is used up by calls alone, and ends the execution', () => {
    const execution = play({
      edges: 'start > ask > pause > again > after',
      nodes: { ask: call(), again: call(), pause: wait(({ now }) => now + 1_000_000) },
      settings: { activeTimeoutMs: 10_000 },
    }).start()
    execution
      .until(6_000)
      .succeed('ask')
      .until(1_006_000 + 4_000)
    expect(execution.state.finished).toMatchObject({ status: 'timed_out', failure: { code: 'execution.timed_out' } })
    expect(execution.stepAt('again')).toMatchObject({ status: 'cancelled', failure: { kind: 'unknown' } })
  })

  test('counts calls side by side once, and backoff not at all', () => {
    const execution = play({
      edges: 'start > a; start > b',
      nodes: { a: call(), b: call() },
    }).start()
    execution.until(2_000).succeed('a').until(5_000).fail('b', busy)
    expect(execution.state.activeMs).toBe(5_000)
    execution.until(6_000)
    execution.until(6_500).succeed('b')
    expect(execution.state.activeMs).toBe(5_500)
  })

  test('does not count an outage in which several calls were lost', () => {
    const execution = play({ edges: 'start > a; start > b', nodes: { a: call(), b: call() } })
      .start()
      .crash()
    execution.now = 86_400_000
    execution.turn({ type: 'wake' })
    expect(execution.keys).toEqual(['a/2', 'b/2'])
    expect(execution.status).toBe('running')
    execution.until(86_402_000).succeed('a').succeed('b')
    expect(execution.status).toBe('completed')
    expect(execution.state.activeMs).toBe(47_000)
  })

  test('does not count the time in which the process was dead', () => {
    const execution = play({ edges: 'start > ask', nodes: { ask: call({ timeoutMs: 30_000 }) } })
      .start()
      .crash()
    execution.now = 86_400_000
    execution.turn({ type: 'lost', path: 'ask', attempt: 1 })
    expect(execution.keys).toEqual(['ask/2'])
    expect(execution.state.activeMs, 'the lease: timeout and grace').toBe(45_000)
  })

  test('does not fail what is already over', () => {
    const execution = play({
      edges: 'start > ask > after',
      nodes: { ask: call() },
      settings: { activeTimeoutMs: 1_000 },
    }).start()
    execution.now = 1_500
    expect(execution.succeed('ask').status, 'there is something left to do').toBe('timed_out')

    const short = play({ edges: 'start > ask', nodes: { ask: call() }, settings: { activeTimeoutMs: 1_000 } }).start()
    short.now = 1_500
    expect(short.succeed('ask').status).toBe('completed')
  })
})

describe('the number of steps', () => {
  //  start ─► a ─► b ─┐
  //           ▲───────┘
  test('is limited, so a ring ends with a clear failure', () => {
    const execution = play({ edges: 'start > a > b > a', maxSteps: 100 }).start()
    expect(execution.state.finished).toMatchObject({
      status: 'failed',
      failure: { code: 'execution.too_many_steps', details: { maxSteps: 100 } },
    })
    expect(execution.completed).toHaveLength(100)
  })

  test('of one turn is limited too: the rest follows at once', () => {
    const execution = play({ edges: 'start > a > b > a', maxSteps: 1_200 }).start({})
    expect(execution.entries).toHaveLength(1)
    expect(execution.completed).toHaveLength(500)
    expect(execution.outstanding.wakeAt).toBe(0)
    expect(execution.status).toBe('running')
    execution.until(0)
    expect(execution.entries).toHaveLength(3)
    expect(execution.state.stepCount).toBe(1_200)
  })

  test('leaves the state as small after a thousand rounds as after one', () => {
    const ring = (maxSteps: number) => {
      const execution = play({ edges: 'start > a > b > c > a', nodes: { a: give(() => 'x') }, maxSteps }).start()
      execution.until(0)
      return JSON.stringify({ ...execution.state, unfinished: {}, seq: 0 }).length
    }
    expect(ring(3_000) - ring(30)).toBeLessThan(60)
  })
})

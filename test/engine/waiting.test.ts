import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { call, give, wait } from './support/draw.ts'
import { play } from './support/play.ts'

const hour = 3_600_000
const day = 24 * hour

describe('a wait', () => {
  //  start ─► wait 3 days ─► after
  const threeDays = { edges: 'start > pause > after', nodes: { pause: wait(({ now }) => now + 3 * day) } }

  test('goes on at its instant, not a millisecond before', () => {
    const execution = play(threeDays).start()
    expect(execution.status).toBe('waiting')
    expect(execution.outstanding).toEqual({ invocations: [], children: [], wakeAt: 3 * day })

    execution.until(3 * day - 1).turn({ type: 'wake' })
    expect(execution.completed).toEqual(['start'])
    execution.until(3 * day)
    expect(execution.completed).toEqual(['start', 'pause', 'after'])
    expect(execution.outputOf('pause')).toEqual({ until: '1970-01-04T00:00:00.000Z' })
  })

  test('goes on late when nobody woke it, and only once', () => {
    const execution = play(threeDays).start().crash()
    execution.now = 30 * day
    execution.turn({ type: 'wake' }).turn({ type: 'wake' })
    expect(execution.completed).toEqual(['start', 'pause', 'after'])
  })

  test('for an instant that has passed does not wait', () => {
    const execution = play({ edges: 'start > pause > after', nodes: { pause: wait(({ now }) => now - day) } })
    expect(execution.start().status).toBe('completed')
    expect(execution.entries).toHaveLength(1)
  })

  test('keeps its instant when the clock goes back', () => {
    const execution = play(threeDays)
    execution.now = 10 * day
    execution.start()
    execution.now = 2 * day
    execution.turn({ type: 'wake' })
    expect(execution.outstanding.wakeAt).toBe(13 * day)
    expect(execution.completed).toEqual(['start'])
  })

  test('is never entered before the step that led to it, whatever the clock says', () => {
    const execution = play({
      edges: 'start > ask > pause',
      nodes: { ask: call(), pause: wait(({ now }) => now + day) },
    })
    execution.now = 10 * day
    execution.start()
    execution.now = 2 * day
    execution.succeed('ask')
    expect(execution.entries.map(({ at }) => at)).toEqual([10 * day, 10 * day])
    expect(execution.outstanding.wakeAt).toBe(11 * day)
  })

  test('for no instant at all, or for over a year, is refused', () => {
    for (const until of [Number.NaN, Infinity, 1e300, -1e300, 366 * day]) {
      const execution = play({ edges: 'start > pause', nodes: { pause: wait(() => until) } }).start()
      expect(execution.state.finished, String(until)).toMatchObject({ failure: { code: 'wait.invalid' } })
    }
  })

  test('is rounded up to whole milliseconds', () => {
    const execution = play({ edges: 'start > pause', nodes: { pause: wait(({ now }) => now + 0.2) } }).start()
    expect(execution.outstanding.wakeAt).toBe(1)
  })

  //            ┌─► 3 s ─► a
  //  start ────┼─► 1 s ─► b
  //            └─► 2 s ─► c
  test('runs beside others, each at its own instant', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -10, max: 50 }), { minLength: 1, maxLength: 8 }), (delays) => {
        const execution = play({
          edges: delays.map((_, index) => `start > w${index} > a${index}`).join(';'),
          nodes: Object.fromEntries(delays.map((ms, index) => [`w${index}`, wait(({ now }) => now + ms)])),
        }).start()
        execution.until(100)
        expect(execution.status).toBe('completed')
        for (const event of execution.events) {
          if (event.type !== 'stepCompleted' || !event.node.startsWith('w')) continue
          expect(event.at).toBe(Math.max(0, delays[Number(event.node.slice(1))]!))
        }
      }),
      { numRuns: 100 },
    )
  })

  test('does not count as active time', () => {
    const execution = play({
      edges: 'start > ask > pause > again',
      nodes: { ask: call(), again: call(), pause: wait(({ now }) => now + 30 * day) },
      settings: { activeTimeoutMs: 10_000 },
    }).start()
    execution.until(6_000).succeed('ask')
    execution.until(30 * day + 6_000)
    expect(execution.keys).toEqual(['again/1'])
    expect(execution.outstanding.wakeAt, 'four seconds are left').toBe(30 * day + 6_000 + 4_000)
  })
})

describe('an execution', () => {
  test('does not grow older than a year', () => {
    const execution = play({
      edges: 'start > one > two > three',
      nodes: { one: wait(({ now }) => now + 300 * day), two: wait(({ now }) => now + 300 * day), three: give(() => 1) },
    }).start()
    execution.until(600 * day)
    expect(execution.state.finished).toMatchObject({
      status: 'timed_out',
      at: 365 * day,
      failure: { code: 'execution.too_old' },
    })
  })
})

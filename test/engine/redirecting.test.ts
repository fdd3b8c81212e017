// An execution is sent somewhere else from outside, whatever it is doing.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../../worker/engine/fold.ts'
import { call, give, wait } from './support/draw.ts'
import { checkLegal } from './support/check-legal.ts'
import { play } from './support/play.ts'

const redirect = { type: 'redirect', by: 'con', node: 'thanks', reason: 'Goal “Paid” achieved.' } as const

describe('a redirect', () => {
  //  start ──► pause ──► nag        thanks ──► end
  const waiting = {
    edges: 'start > pause > nag; nag > thanks > end',
    nodes: { pause: wait(({ now }) => now + 60_000), nag: give(() => 'nag'), thanks: give(() => 'thanks') },
  }

  test('ends a wait and goes on at the step, seeing what has been', () => {
    const execution = play(waiting).start()
    expect(execution.status).toBe('waiting')
    execution.turn(redirect)
    expect(execution.completed).toEqual(['start', 'thanks', 'end'])
    expect(execution.stepAt('pause')).toMatchObject({ status: 'cancelled' })
    expect(execution.state.finished).toMatchObject({ status: 'completed' })
    checkLegal(execution.entries)
    expect(fold(execution.entries)).toEqual(execution.state)
  })

  test('gives up calls in flight: their results change nothing any more', () => {
    const execution = play({
      edges: 'start > send > after; after > thanks > end',
      nodes: { send: call(), thanks: wait(({ now }) => now + 1_000) },
    }).start()
    execution.turn(redirect)
    expect(execution.outstanding.invocations).toEqual([])
    expect(execution.state.inFlight).toBe(0)
    const { length } = execution.entries
    execution.turn({ type: 'succeeded', path: 'send', attempt: 1, outcome: { output: 1, port: 'out' } })
    expect(execution.entries).toHaveLength(length)
    execution.until(10_000)
    expect(execution.completed).toEqual(['start', 'thanks', 'end'])
  })

  test('goes to a step that has been done as another visit of it', () => {
    const execution = play({
      edges: 'start > thanks > pause > end',
      nodes: { pause: wait(({ now }) => now + 60_000) },
    }).start()
    execution.turn(redirect)
    expect(execution.completed).toEqual(['start', 'thanks', 'thanks#2'])
    expect(execution.status).toBe('waiting')
    execution.until(120_000)
    expect(execution.state.finished).toMatchObject({ status: 'completed' })
    checkLegal(execution.entries)
  })

  test('changes nothing before the start, after the end, or to a step that is not there', () => {
    const execution = play(waiting).turn(redirect)
    expect(execution.entries).toEqual([])
    execution.start().turn({ ...redirect, node: 'gone' })
    expect(execution.status).toBe('waiting')
    execution.until(100_000)
    const { length } = execution.entries
    execution.turn(redirect)
    expect(execution.entries).toHaveLength(length)
  })

  test('at any moment of branches that fork, wait and call: one way goes on, and the journal stays legal', () => {
    const drawing = {
      edges: 'start > a > join; start > b > join; start > c > d; join > last; last > thanks > end',
      nodes: {
        a: call(),
        b: wait(({ now }: { now: number }) => now + 500),
        c: call({ onError: 'continue' as const }),
        d: wait(({ now }: { now: number }) => now + 900),
      },
    }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_500 }), fc.integer({ min: 0, max: 3 }), (at, answered) => {
        const execution = play(drawing).start()
        const answers = ['a', 'c'].slice(0, answered)
        for (const path of answers)
          execution.turn({ type: 'succeeded', path, attempt: 1, outcome: { output: path, port: 'out' } })
        execution.until(at)
        if (execution.state.finished !== null) return
        execution.turn(redirect)
        checkLegal(execution.entries)
        expect(fold(execution.entries)).toEqual(execution.state)
        expect(execution.state.finished).toMatchObject({ status: 'completed' })
        expect(execution.completed.at(-1)).toMatch(/^end/)
      }),
      { numRuns: 200 },
    )
  })
})

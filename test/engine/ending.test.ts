import { describe, expect, test } from 'vitest'
import { canRedrive } from '../../worker/engine/receive.ts'
import { call, give, wait } from './support/draw.ts'
import { busy, refused } from './support/failures.ts'
import { play } from './support/play.ts'

describe('cancelling', () => {
  const drawing = {
    edges: 'start > send > after; start > retry; start > pause; start > a; start > b; start > c; start > d; start > e',
    nodes: {
      ...Object.fromEntries(['send', 'retry', 'a', 'b', 'c', 'd', 'e'].map((name) => [name, call()])),
      pause: wait(({ now }) => now + 60_000),
    },
  }

  test('ends everything at once: calls, retries, waits and what had not begun', () => {
    const execution = play(drawing).start().fail('retry', busy)
    execution.turn({ type: 'cancel', by: 'ada', reason: 'Wrong list.' })
    expect(execution.state.finished).toMatchObject({ status: 'cancelled', failure: { message: 'Wrong list.' } })
    expect(execution.outstanding).toEqual({ invocations: [], children: [], wakeAt: null })
    expect(execution.stepAt('send')).toMatchObject({ status: 'cancelled', failure: { kind: 'unknown' } })
    expect(execution.stepAt('retry')).toMatchObject({ status: 'cancelled', failure: { kind: 'terminal' } })
    expect(execution.stepAt('pause')).toMatchObject({ status: 'cancelled', failure: { kind: 'terminal' } })
    expect(execution.stepAt('e')).toBeUndefined()
  })

  test('twice is once, and nothing begins after it', () => {
    const execution = play(drawing).start().turn({ type: 'cancel', by: 'ada', reason: '' })
    const { length } = execution.entries
    execution.turn({ type: 'cancel', by: 'bob', reason: '' }).until(1_000_000)
    execution.turn({ type: 'succeeded', path: 'send', attempt: 1, outcome: { output: 1, port: 'out' } })
    expect(execution.entries).toHaveLength(length)
    expect(execution.completed).toEqual(['start'])
  })

  test('before the start keeps it from starting', () => {
    const execution = play(drawing).turn({ type: 'cancel', by: 'ada', reason: '' }).start()
    expect(execution.status).toBe('cancelled')
    expect(execution.events.map(({ type }) => type)).toEqual(['cancelRequested', 'finished'])
  })
})

describe('the output of an execution', () => {
  test('is that of the step that completed last', () => {
    const execution = play({
      edges: 'start > a > b',
      nodes: { a: give(() => 'A'), b: give(() => ({ sum: 3 })) },
    }).start()
    expect(execution.state.finished).toEqual({ at: 0, status: 'completed', output: { sum: 3 } })
  })

  test('is not that of a step that failed and was passed over', () => {
    const execution = play({
      edges: 'start > a > b',
      nodes: { a: give(() => 'A'), b: call({ onError: 'continue' }) },
    }).start()
    expect(execution.fail('b', refused).state.finished).toMatchObject({ status: 'completed_with_errors', output: 'A' })
  })
})

describe('redriving', () => {
  //  start ─► a ─► send ✗      send/1 ✗ ──► redrive ──► send/2 ✓ ─► after
  test('begins a new generation at the failed step and keeps what is done', () => {
    const execution = play({ edges: 'start > a > send > after', nodes: { send: call() } })
      .start()
      .fail('send', refused)
    expect(canRedrive(execution.state)).toBe(true)

    execution.until(5_000).turn({ type: 'redrive', by: 'ada' })
    expect(execution.outstanding.invocations).toMatchObject([{ key: 'send/2', generation: 2 }])
    expect(execution.status).toBe('running')
    expect(execution.succeed('send').status).toBe('completed')
    expect(execution.completed).toEqual(['start', 'a', 'send', 'after'])
  })

  test('gives all retries again', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call({ retry: { maxRetries: 1 } }) } }).start()
    execution.fail('send', busy).until(1_000).fail('send', busy).turn({ type: 'redrive', by: 'ada' })
    execution.fail('send', busy).until(2_000)
    expect(execution.keys).toEqual(['send/4'])
  })

  test('does not take a report of the old generation for one of the new', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call() } })
      .start()
      .fail('send', refused)
    execution.turn({ type: 'redrive', by: 'ada' })
    const { length } = execution.entries
    execution.turn({ type: 'succeeded', path: 'send', attempt: 1, outcome: { output: 'old', port: 'out' } })
    expect(execution.entries).toHaveLength(length)
  })

  test('goes on with every branch that was cut off, and waits keep their instants', () => {
    const execution = play({
      edges: 'start > send; start > pause > later; start > other',
      nodes: { send: call(), other: call(), pause: wait(({ now }) => now + 60_000) },
    }).start()
    execution.until(10_000).fail('send', refused)
    expect(execution.status).toBe('failed')

    execution.until(20_000).turn({ type: 'redrive', by: 'ada' })
    expect(execution.keys).toEqual(['send/2', 'other/2'])
    expect(execution.outstanding.wakeAt).toBe(60_000)
    execution.succeed('send').succeed('other').until(60_000)
    expect(execution.status).toBe('completed')
    expect(execution.completed).toContain('later')
  })

  test('goes on with what had not even begun', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const execution = play({
      edges: names.map((name) => `start > ${name}`).join(';'),
      nodes: Object.fromEntries(names.map((name) => [name, call()])),
    }).start()
    execution.fail('a', refused).turn({ type: 'redrive', by: 'ada' })
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) execution.succeed(name)
    expect(execution.status).toBe('completed')
    expect(execution.completed).toEqual(['start', ...names])
  })

  test('works for cancelled and timed-out executions, with a new budget', () => {
    const drawing = { edges: 'start > send', nodes: { send: call() }, settings: { activeTimeoutMs: 1_000 } }
    const timedOut = play(drawing).start().until(1_000)
    expect(timedOut.status).toBe('timed_out')
    expect(timedOut.turn({ type: 'redrive', by: 'ada' }).until(1_900).succeed('send').status).toBe('completed')

    const cancelled = play(drawing).start().turn({ type: 'cancel', by: 'ada', reason: '' })
    expect(cancelled.turn({ type: 'redrive', by: 'ada' }).succeed('send').status).toBe('completed')
  })

  test('evaluates again what could not be evaluated', () => {
    let broken = true
    const resolve = () => {
      if (broken) throw new Error('no')
      return {}
    }
    const execution = play({ edges: 'start > send', nodes: { send: call({}, resolve) } }).start()
    expect(execution.status).toBe('failed')
    broken = false
    expect(execution.turn({ type: 'redrive', by: 'ada' }).keys).toEqual(['send/1'])
  })

  test('does nothing for what completed or still runs', () => {
    for (const execution of [
      play({ edges: 'start > a' }).start(),
      play({ edges: 'start > a', nodes: { a: call() } }).start(),
      play({ edges: 'start > a' }),
    ]) {
      const { length } = execution.entries
      expect(execution.turn({ type: 'redrive', by: 'ada' }).entries).toHaveLength(length)
      expect(canRedrive(execution.state)).toBe(false)
    }
  })

  test('keeps the ways of tokens apart', () => {
    //            ┌─► left ──┐
    //  start ────┤          ├─► join ─► send ✗ ─► redrive
    //            └─► right ─┘
    const execution = play({
      edges: 'start > left > join > send > last; start > right > join',
      nodes: {
        join: { ...give(() => null), settings: { disabled: true } },
        send: call(),
        last: give(({ steps }) => steps['join']!),
      },
    }).start()
    execution.fail('send#2', refused).turn({ type: 'redrive', by: 'ada' }).succeed('send#2').succeed('send')
    expect(execution.outputOf('last')).toBe('right')
    expect(execution.outputOf('last#2')).toBe('left')
  })
})

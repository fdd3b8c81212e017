import { describe, expect, test } from 'vitest'
import {
  askAgainMs,
  leaseMs,
  heard,
  leave,
  isIdle,
  moveOn,
  nextMoveAt,
  nobodyStands,
  notReached,
  offer,
  ordersOf,
  quietLeaseMs,
  seen,
  suspects,
} from '../../worker/concurrency/gate.ts'
import { gatesFor, gatesOf } from '../../worker/concurrency/gates-of.ts'
import { insideOf, newLine, waitingIn } from '../../worker/concurrency/line.ts'
import { settingsOf, type GateSettings } from '../../worker/concurrency/settings.ts'
import { standingOf } from '../../worker/concurrency/standing.ts'
import type { GraphSettings } from '../../worker/contract/graph.ts'

const one: GateSettings = { gate: 'concurrency', limit: 1, policy: 'queue', maxWaiting: 2 }
const ids = (places: { id: string }[]) => places.map(({ id }) => id)

describe('who comes when all places are taken', () => {
  test('waits, is skipped when too many wait, and goes on by age', () => {
    const line = newLine(one)
    expect(offer(line, one, { id: 'a/1', at: 1 }, 1)).toEqual({ kind: 'passed' })
    expect(offer(line, one, { id: 'c/1', at: 3 }, 3)).toEqual({ kind: 'waiting' })
    expect(offer(line, one, { id: 'b/1', at: 2 }, 4)).toEqual({ kind: 'waiting' })
    expect(offer(line, one, { id: 'd/1', at: 4 }, 5)).toMatchObject({ failure: { code: 'concurrency.queue_full' } })
    expect(standingOf(line, 'c/1')).toEqual({ position: 2, waiting: 2, running: 1, limit: 1 })
    leave(line, 'a/1', 9)
    expect([ids(insideOf(line)), ordersOf(line)]).toEqual([['b/1'], [{ id: 'b/1', kind: 'pass' }]])
  })

  test('is dropped', () => {
    const drop: GateSettings = { ...one, policy: 'drop' }
    const line = newLine(drop)
    offer(line, drop, { id: 'a/1', at: 1 }, 1)
    expect(offer(line, drop, { id: 'b/1', at: 2 }, 2)).toMatchObject({ failure: { code: 'concurrency.dropped' } })
    leave(line, 'a/1', 3)
    expect(offer(line, drop, { id: 'c/1', at: 3 }, 3)).toEqual({ kind: 'passed' })
  })

  test('takes the place of the oldest, once that has gone; those that waited are told by whom they were replaced', () => {
    const replace: GateSettings = { ...one, policy: 'replace' }
    const line = newLine(replace)
    offer(line, replace, { id: 'a/1', at: 1 }, 1)
    expect(offer(line, replace, { id: 'b/1', at: 2 }, 2)).toEqual({ kind: 'waiting' })
    expect(offer(line, replace, { id: 'c/1', at: 3 }, 3)).toEqual({ kind: 'waiting' })
    const failure = expect.objectContaining({ code: 'concurrency.replaced', details: { by: 'b' } }) as object
    expect(ordersOf(line)).toEqual([
      { id: 'a/1', kind: 'leave', failure },
      { id: 'b/1', kind: 'refuse', failure: expect.objectContaining({ details: { by: 'c' } }) as object },
    ])
    expect([ids(insideOf(line)), ids(waitingIn(line))]).toEqual([['a/1'], ['c/1']])
    leave(line, 'a/1', 4)
    expect(ids(insideOf(line))).toEqual(['c/1'])
    // An event that was accepted before, and comes late, replaces nothing.
    expect(offer(line, replace, { id: 'late/1', at: 2 }, 5)).toMatchObject({ failure: { details: { by: 'c' } } })
  })

  test('a new version that lets more run lets them in at once', () => {
    const line = newLine(one)
    for (const id of ['a/1', 'b/1', 'c/1']) offer(line, one, { id, at: 1 }, 1)
    offer(line, { ...one, limit: 3 }, { id: 'd/1', at: 2 }, 2)
    expect([ids(insideOf(line)), ids(waitingIn(line))]).toEqual([['a/1', 'b/1', 'c/1'], ['d/1']])
  })

  test('another try of an execution gives up the place of the one before', () => {
    const line = newLine(one)
    offer(line, one, { id: 'a/1', at: 1 }, 1)
    expect(offer(line, one, { id: 'a/2', at: 2 }, 2)).toEqual({ kind: 'passed' })
    expect(ids(insideOf(line))).toEqual(['a/2'])
  })
})

describe('those inside', () => {
  test('are asked whether they still are, now and then, often only while somebody wants their place', () => {
    const line = newLine(one)
    offer(line, one, { id: 'a/1', at: 0 }, 0)
    expect(suspects(line, leaseMs)).toEqual([])
    expect(ids(suspects(line, quietLeaseMs))).toEqual(['a/1'])
    offer(line, one, { id: 'b/1', at: 1 }, 1)
    expect(suspects(line, leaseMs - 1)).toEqual([])
    expect(ids(suspects(line, leaseMs))).toEqual(['a/1'])
    seen(line, 'a/1', leaseMs)
    expect(suspects(line, leaseMs + 1)).toEqual([])
  })

  test('G3: keep their places while they cannot be asked, and are asked again before long', () => {
    const line = newLine(one)
    offer(line, one, { id: 'a/1', at: 0 }, 0)
    offer(line, one, { id: 'b/1', at: 1 }, 1)
    notReached(line, 'a/1', leaseMs)
    expect([ids(insideOf(line)), suspects(line, leaseMs + askAgainMs - 1)]).toEqual([['a/1'], []])
    expect(nextMoveAt(line)).toBe(leaseMs + askAgainMs)
    expect(ids(suspects(line, leaseMs + askAgainMs))).toEqual(['a/1'])
  })
})

describe('a throttle and a debounce', () => {
  test('say when the next one goes on', () => {
    const throttle: GateSettings = { gate: 'throttle', limit: 1, perMs: 60_000, policy: 'delay', maxWaiting: 5 }
    const line = newLine(throttle)
    offer(line, throttle, { id: 'a/1', at: 0 }, 0)
    offer(line, throttle, { id: 'b/1', at: 10 }, 10)
    expect(standingOf(line, 'b/1')).toEqual({ position: 1, waiting: 1, limit: 1, nextAt: 60_000 })
    moveOn(line, 60_000)
    heard(line, ordersOf(line)[0]!, 60_000)
    expect(line.places.size).toBe(0)
  })

  test('one that was let through and did not hear of it takes no second start, and is not turned away for its own', () => {
    const throttle: GateSettings = { gate: 'throttle', limit: 1, perMs: 60_000, policy: 'drop', maxWaiting: 5 }
    const line = newLine(throttle)
    expect(offer(line, throttle, { id: 'a/1', at: 0 }, 0)).toEqual({ kind: 'passed' })
    expect(offer(line, throttle, { id: 'a/1', at: 0 }, 30_000)).toEqual({ kind: 'passed' })
    expect(offer(line, throttle, { id: 'b/1', at: 0 }, 30_000).kind).toBe('refused')
    expect([ordersOf(line), nobodyStands(line), isIdle(line, 59_999)]).toEqual([[], true, false])
    expect(isIdle(line, 60_000)).toBe(true)
    expect(offer(line, throttle, { id: 'c/1', at: 0 }, 60_000)).toEqual({ kind: 'passed' })
    expect([...line.places.values()].map(({ id }) => id)).toEqual(['c/1'])
  })

  test('cancelling the one that waits lets the next burst begin anew', () => {
    const debounce: GateSettings = { gate: 'debounce', forMs: 1_000, maxWaitMs: 5_000 }
    const line = newLine(debounce)
    offer(line, debounce, { id: 'a/1', at: 0 }, 0)
    leave(line, 'a/1', 500)
    offer(line, debounce, { id: 'b/1', at: 900 }, 900)
    expect([line.firstAt, line.dueAt]).toEqual([900, 1_900])
  })
})

describe('the gates of a version', () => {
  const settings: GraphSettings = {
    concurrency: { key: '{{ trigger.body.customer }}' },
    debounce: { forMs: 5_000 },
    throttle: { limit: 2, perMs: 1_000, key: 'all {{ trigger.body.n }}' },
  }

  test('are passed in one order, with the keys that the event gives', () => {
    const gates = gatesOf({ settings })!
    expect(gatesFor(gates, { body: { customer: { id: 7 }, n: 1 } }, 0)).toEqual({
      refs: [
        { gate: 'debounce', key: null },
        { gate: 'throttle', key: 'all 1' },
        { gate: 'concurrency', key: '{"id":7}' },
      ],
    })
    const long = gatesFor(gatesOf({ settings: { concurrency: { key: '{{ trigger }}' } } })!, 'x'.repeat(201), 0)
    expect(long.refs[0]!.key).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  test('keep out an event whose key cannot be computed', () => {
    const gates = gatesOf({ settings: { debounce: { forMs: 1_000, key: '{{ trigger.body.name.first() }}' } } })!
    expect(gatesFor(gates, { body: { name: 7 } }, 0).failure).toMatchObject({ code: 'debounce.key_invalid' })
  })

  test('are none where the settings say nothing', () => {
    expect([gatesOf({}), gatesOf({ settings: { onError: 'stop' } })]).toEqual([undefined, undefined])
    expect(settingsOf({ concurrency: {} }, 'concurrency')).toEqual({
      gate: 'concurrency',
      limit: 1,
      policy: 'queue',
      maxWaiting: 1_000,
    })
  })
})

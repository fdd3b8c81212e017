import { describe, expect, test } from 'vitest'
import { call, give, merge, onlyIf, pure, wait } from './support/draw.ts'
import { refused } from './support/failures.ts'
import { play } from './support/play.ts'

/** Goes out at the port that the trigger's data names. */
const byTrigger = pure(({ trigger }) => ({ output: null, port: String(trigger) }))

describe('a merge of all branches', () => {
  //            ┌─► a ─┐
  //  start ────┼─► b ─┼─► join ─► last
  //            └─► c ─┘
  const drawing = {
    edges: 'start > a > join > last; start > b > join; start > c > join',
    nodes: {
      a: call(),
      b: give(() => 'B'),
      c: wait(({ now }) => now + 1_000),
      join: merge(),
      last: give(({ steps }) => [steps['a']!, steps['b']!, steps['join']!]),
    },
  }

  test('goes on once, when the last has come, with what each brought', () => {
    const execution = play(drawing).start()
    expect(execution.stepAt('join')).toMatchObject({ status: 'waiting' })
    expect(execution.succeed('a', 'A').status).toBe('waiting')
    execution.until(1_000)
    expect(execution.status).toBe('completed')
    const joined = { a: 'A', b: 'B', c: { until: '1970-01-01T00:00:01.000Z' } }
    expect(execution.outputOf('last')).toEqual(['A', 'B', joined])
    expect(execution.completed.filter((path) => path.startsWith('join'))).toEqual(['join'])
    expect(execution.state.stepCount, 'it is one step').toBe(6)
  })

  test('leaves nothing of the branches behind', () => {
    const { state } = play(drawing).start().succeed('a').until(1_000)
    expect(state).toMatchObject({ superseded: {}, shared: {}, frameCount: 1 })
    expect(Object.values(state.frames)).toHaveLength(1)
  })

  test('goes on after a crash as if there had been none', () => {
    const execution = play(drawing).start().crash().succeed('a', 'A').crash().until(1_000)
    expect(execution.status).toBe('completed')
  })

  //  start ─┬─► a ─► keep? ─► join ─► last
  //         └─► b ────────────┘
  test('does not wait for a branch that ended at a filter', () => {
    const execution = play({
      edges: 'start > a > keep; keep:yes > join > last; start > b > join',
      nodes: { a: call(), keep: byTrigger, join: merge() },
    }).start('no')
    expect(execution.stepAt('join')).toMatchObject({ status: 'waiting' })
    execution.succeed('a')
    expect(execution.outputOf('join')).toEqual({ b: 'b' })
    expect(execution.status).toBe('completed')
  })

  //  start ─► choose ─┬ yes ─► a ─┐
  //                   └ no ──► b ─┴─► join ─► last
  test('of branches that exclude each other goes on with the one that is taken', () => {
    const drawn = {
      edges: 'start > choose; choose:yes > a > join > last; choose:no > b > join',
      nodes: { choose: byTrigger, join: merge() },
    }
    expect(play(drawn).start('yes').outputOf('join')).toEqual({ a: 'a' })
    expect(play(drawn).start('no').outputOf('join')).toEqual({ b: 'b' })
  })

  //  start ─┬─► a ─► slow
  //         └─► b ─► join ─► last
  test('does not wait for what does not lead to it', () => {
    const execution = play({
      edges: 'start > a > slow; start > b > join > last; a:error > join',
      nodes: { slow: call(), join: merge() },
    }).start()
    expect(execution.outputOf('join')).toEqual({ b: 'b' })
    expect(execution.completed).toContain('last')
    expect(execution.keys).toEqual(['slow/1'])
  })

  //  start ─┬─► a (error) ─► rescue ─┐
  //         └─► b ───────────────────┴─► join
  test('takes what comes by the error branch, and under the name of where it came from', () => {
    const execution = play({
      edges: 'start > a > join; a:error > rescue > join; start > b > join',
      nodes: { a: call({ onError: 'branch' }), rescue: give(({ steps }) => steps['a']!), join: merge() },
    }).start()
    execution.fail('a', refused)
    expect(execution.outputOf('join')).toMatchObject({ b: 'b', rescue: { error: { code: 'http.422' } } })
    expect(execution.status).toBe('completed_with_errors')
  })

  test('joins the branches that come straight from a fan-out, and a second one from the same node', () => {
    //  start ─┬─► a ─┬─► x ─┐
    //         └─► b ─┴──────┴─► join       x runs for a and for b
    const execution = play({
      edges: 'start > a > x > join; start > b > x; b > join',
      nodes: { a: give(() => 1), b: give(() => 2), x: give(({ steps }) => [steps['a'] ?? 0, 'x']), join: merge() },
    }).start()
    expect(execution.outputOf('join')).toEqual({ x: [1, 'x'], b: 2, 'x#2': [1, 'x'] })
  })
})

describe('the branches of a merge', () => {
  //                            ┌─► a ─┐
  //  start ─┬─► left ──► fork ─┤      ├─► join ─► last        the fork runs twice: two merges of two branches
  //         └─► right ─► fork ─┴─► b ─┘
  const twice = {
    edges: 'start > left > fork > a > join > last; start > right > fork > b > join',
    nodes: {
      left: give(() => 'L'),
      right: give(() => 'R'),
      fork: { ...give(() => null), settings: { disabled: true } },
      a: call({}, ({ steps }) => ({ a: steps['fork']! })),
      b: call({}, ({ steps }) => ({ b: steps['fork']! })),
      join: merge(),
      last: give(({ steps }) => [steps['fork']!, steps['a']!, steps['b']!]),
    },
  }

  test('are those that parted at one visit of their origin, in whatever order they come', () => {
    const execution = play(twice).start()
    expect(execution.keys).toEqual(['a/1', 'b/1', 'a#2/1', 'b#2/1'])
    execution.succeed('b#2', 'b of R').succeed('a', 'a of L').crash().succeed('a#2', 'a of R').succeed('b', 'b of L')
    const joins = execution.completed.filter((path) => path.startsWith('join')).map((path) => execution.outputOf(path))
    expect(joins).toEqual([
      { a: 'a of R', b: 'b of R' },
      { a: 'a of L', b: 'b of L' },
    ])
    const lasts = execution.completed.filter((path) => path.startsWith('last')).map((path) => execution.outputOf(path))
    expect(lasts).toEqual([
      ['R', 'a of R', 'b of R'],
      ['L', 'a of L', 'b of L'],
    ])
  })

  //              ┌─► a ─┬─► a1 ─┐
  //  start ──────┤      └─► a2 ─┼─► inner ─┐
  //              └─► b ─────────┼──────────┴─► outer ─► last
  test('may have merges in them', () => {
    const execution = play({
      edges: 'start > a > a1 > inner > outer > last; a > a2 > inner; start > b > outer',
      nodes: { a1: call(), a2: call(), inner: merge(), outer: merge(), last: give(({ steps }) => Object.keys(steps)) },
    }).start()
    expect(execution.succeed('a1', 1).stepAt('outer')).toMatchObject({ status: 'waiting' })
    execution.succeed('a2', 2)
    expect(execution.outputOf('outer')).toEqual({ b: 'b', inner: { a1: 1, a2: 2 } })
    expect(execution.outputOf('last')).toEqual(['start', 'a', 'b', 'a1', 'a2', 'inner', 'outer'])
    expect(execution.state.frameCount).toBe(1)
  })

  //            ┌─► x ─┐     ┌─► join ─► ask ─► last
  //  start ────┼─► y ─┼─► w ┤
  //            └─► z ─┘     └─► tail ─► end          w runs three times, and each time goes both ways
  test('see after they met what each of them saw, while others still see their own', () => {
    const execution = play({
      edges: 'start > x > w > join > ask > last; start > y > w; start > z > w; w > tail > end',
      nodes: {
        x: give(() => 'X'),
        y: give(() => 'Y'),
        z: give(() => 'Z'),
        w: { ...give(() => null), settings: { disabled: true } },
        join: merge(),
        ask: call(),
        tail: call(),
        last: give(({ steps }) => steps['w']!),
        end: give(({ steps }) => steps['w']!),
      },
    }).start()
    expect(execution.outputOf('join')).toEqual({ w: 'X', 'w#2': 'Y', 'w#3': 'Z' })
    for (const path of ['tail#3', 'ask', 'tail', 'tail#2']) execution.crash().succeed(path)
    expect(new Set(['end#3', 'end', 'end#2'].map((path) => execution.outputOf(path)))).toEqual(new Set(['X', 'Y', 'Z']))
    expect(execution.outputOf('last')).toBe('Z')
    expect(execution.state.superseded).toEqual({})
    expect(execution.state.shared).toEqual({})
  })
})

describe('a merge of some branches', () => {
  //            ┌─► a ─┐
  //  start ────┼─► b ─┼─► join (2 of 3) ─► last
  //            └─► c ─┘
  const some = (needs: number, settings = {}) => ({
    edges: 'start > a > join > last; start > b > join; start > c > join; join:error > rescue',
    nodes: { a: call(), b: call(), c: call({ onError: 'continue' }), join: merge(needs, settings), last: call() },
  })

  test('goes on with the first so many, and the rest ends there', () => {
    const execution = play(some(2)).start().succeed('c', 'C').succeed('a', 'A')
    expect(execution.outputOf('join')).toEqual({ a: 'A', c: 'C' })
    expect(execution.keys).toEqual(['b/1', 'last/1'])
    execution.crash().succeed('b').succeed('last')
    expect(execution.completed.filter((path) => path.startsWith('join'))).toEqual(['join'])
    expect(execution.status).toBe('completed')
  })

  test('goes on with the first of any', () => {
    const execution = play(some(1)).start().succeed('b', 'B').succeed('last', 'done')
    expect(execution.outputOf('join')).toEqual({ b: 'B' })
    expect(execution.succeed('a').succeed('c').status).toBe('completed')
    expect(execution.state.frameCount).toBe(1)
  })

  //  start ─┬─► a ─► keep? (no)
  //         ├─► b ─► join (2 of 2) ─┬─► last
  //         └                       └ error ─► rescue
  test('fails when that many can no longer come, and handles it like any step', () => {
    const drawn = (settings: object) => ({
      edges: 'start > a > keep; keep:yes > join > last; start > b > join; join:error > rescue',
      nodes: { a: call(), keep: byTrigger, join: merge(2, settings) },
    })
    const stopped = play(drawn({})).start('no').succeed('a')
    expect(stopped.state.finished).toMatchObject({
      status: 'failed',
      failure: { code: 'merge.too_few', details: { came: 1, needed: 2 } },
    })
    const handled = play(drawn({ onError: 'branch' }))
      .start('no')
      .succeed('a')
    expect(handled.completed).toContain('rescue')
    expect(handled.status).toBe('completed_with_errors')
  })
})

describe('a merge in an execution that ends early', () => {
  //  start ─┬─► a ─┐
  //         ├─► b ─┼─► join ─► last
  //         └─► c ─┘
  const drawing = {
    edges: 'start > a > join > last; start > b > join; start > c > join',
    nodes: { a: call(), b: call(), c: call(), join: merge(), last: give(({ steps }) => steps['join']!) },
  }

  test('goes on in a redrive with what had come before', () => {
    const execution = play(drawing).start().succeed('a', 'A').until(100).fail('b', refused)
    expect(execution.stepAt('join')).toMatchObject({ status: 'cancelled' })
    execution.until(200).turn({ type: 'redrive', by: 'ada' })
    expect(execution.keys).toEqual(['b/2', 'c/2'])
    expect(execution.stepAt('join')).toMatchObject({ status: 'waiting' })
    execution.crash().succeed('b', 'B').succeed('c', 'C')
    expect(execution.outputOf('last')).toEqual({ a: 'A', b: 'B', c: 'C' })
    expect(execution.status).toBe('completed')
  })

  test('that was cancelled while it waited can be redriven too', () => {
    const execution = play(drawing).start().succeed('a', 'A').turn({ type: 'cancel', by: 'ada', reason: '' })
    expect(execution.status).toBe('cancelled')
    execution.turn({ type: 'redrive', by: 'ada' }).succeed('b', 'B').succeed('c', 'C')
    expect(execution.status).toBe('completed')
  })

  test('that failed for want of branches takes in those that a redrive brings', () => {
    const execution = play({
      edges: 'start > a > join > last; start > b > join',
      nodes: { a: call(), b: call(), join: merge(2) },
    }).start()
    execution.succeed('a', 'A').fail('b', refused)
    expect(execution.state.finished).toMatchObject({ failure: { code: 'http.422' } })
    expect(execution.turn({ type: 'redrive', by: 'ada' }).succeed('b', 'B').status).toBe('completed')
    expect(execution.outputOf('join')).toEqual({ a: 'A', b: 'B' })
  })
})

describe('a merge that is passed through', () => {
  test('lets each branch go on by itself', () => {
    const edges = 'start > a > join > last; start > b > join'
    for (const join of [merge(null, { disabled: true }), onlyIf(() => false, merge())]) {
      const execution = play({ edges, nodes: { join } }).start()
      expect(execution.completed.filter((path) => path.startsWith('last'))).toEqual(['last', 'last#2'])
    }
  })
})

describe('a merge in a cycle', () => {
  //            ┌────────────────────────────┐
  //  start ─► fork ─┬─► a ─┐                │ again, five times
  //                 └─► b ─┴─► join ─► turn ┘
  test('joins each round by itself and does not grow', () => {
    let rounds = 0
    const execution = play({
      edges: 'start > fork > a > join > turn; fork > b > join; turn:again > fork; turn:out > last',
      nodes: {
        join: merge(),
        turn: pure(() => ({ output: null, port: ++rounds < 5 ? 'again' : 'out' })),
      },
    }).start()
    expect(execution.status).toBe('completed')
    expect(execution.completed.filter((path) => path.startsWith('join'))).toHaveLength(5)
    expect(execution.state).toMatchObject({ superseded: {}, shared: {}, frameCount: 1 })
  })

  //            ┌──────────────────────────────────┐
  //  start ─► fork ─┬─► a ─┐                      │
  //                 └─► b ─┴─► join (any) ─► turn ┘      b is slower than the next round
  test('tells a branch that comes late from one of the next round', () => {
    let rounds = 0
    const execution = play({
      edges: 'start > fork > a > join > turn; fork > b > join; turn:again > fork; turn:out > last',
      nodes: {
        b: call(),
        join: merge(1),
        turn: pure(() => ({ output: null, port: ++rounds < 3 ? 'again' : 'out' })),
      },
    }).start()
    expect(execution.completed.filter((path) => path.startsWith('join'))).toHaveLength(3)
    expect(execution.keys).toEqual(['b/1', 'b#2/1', 'b#3/1'])
    execution.succeed('b#2').crash().succeed('b').succeed('b#3')
    expect(execution.status).toBe('completed')
    expect(execution.completed.filter((path) => path.startsWith('join'))).toHaveLength(3)
    expect(execution.state.frameCount).toBe(1)
  })
})

import { describe, expect, test } from 'vitest'
import { call, give, merge, parallel, pure, wait } from './support/draw.ts'
import { refused } from './support/failures.ts'
import { play, type Play } from './support/play.ts'

const steps = (execution: Play, node: string) => execution.completed.filter((path) => path.split('#')[0] === node)

describe('a step with branches of its own', () => {
  //                 ╔═ a ─► fetch ─► keep
  //  start ─► all ══╬═ b ─► score
  //                 ╚═ done ─► last
  const drawing = {
    edges: 'start > all; all:a > fetch > keep; all:b > score; all:done > last',
    nodes: {
      all: parallel('a b'),
      fetch: call(),
      keep: give(({ steps }) => ({ kept: steps['fetch']! })),
      score: give(() => 7),
      last: give(({ steps }) => [steps['all']!, steps['keep']!, steps['score']!]),
    },
  }

  test('goes on when they have ended, with what the last step of each gave', () => {
    const execution = play(drawing).start()
    expect(execution.stepAt('all')).toMatchObject({ status: 'running', progress: { done: 1, total: 2 } })
    expect(execution.status).toBe('running')
    execution.succeed('fetch', 'F')
    expect(execution.outputOf('all')).toEqual({ b: 7, a: { kept: 'F' } })
    expect(execution.stepAt('all')).toMatchObject({
      status: 'completed',
      port: 'done',
      progress: { done: 2, total: 2 },
    })
    expect(execution.outputOf('last'), 'and after it one sees what they did').toEqual([
      { b: 7, a: { kept: 'F' } },
      { kept: 'F' },
      7,
    ])
    expect(execution.status).toBe('completed')
  })

  test('leaves nothing of them behind, and goes on after a crash as if there had been none', () => {
    const execution = play(drawing).start().crash().turn({ type: 'recover' }).crash().succeed('fetch')
    expect(execution.status).toBe('completed')
    expect(execution.state).toMatchObject({ superseded: {}, shared: {}, regions: {}, over: [], frameCount: 1 })
  })

  test('waits while all of them wait', () => {
    const drawn = {
      edges: 'start > all; all:a > nap; all:b > score',
      nodes: { all: parallel('a b'), nap: wait(() => 500) },
    }
    const execution = play(drawn).start()
    expect(execution.status).toBe('waiting')
    expect(execution.stepAt('all')).toMatchObject({ status: 'running' })
    expect(execution.until(500).status).toBe('completed')
  })

  test('is over when a branch leads nowhere, ends at a filter, or splits and ends in several places', () => {
    const execution = play({
      edges: 'start > all; all:b > keep; keep:never > x; all:c > left; all:c > right > far; all:done > last',
      nodes: { all: parallel('a b c'), keep: pure(() => ({ output: 'no', port: 'filtered' })) },
    }).start()
    expect(execution.outputOf('all')).toEqual({ a: null, b: 'no', c: 'far' })
    expect(execution.completed.at(-1)).toBe('last')
  })

  test('whose branches lead to one node runs it for each, and a merge there joins nothing', () => {
    const execution = play({
      edges: 'start > all; all:a > x > send; all:b > y > send; all:done > last',
      nodes: { all: parallel('a b'), x: give(() => 'X'), y: give(() => 'Y'), send: merge() },
    }).start()
    expect(execution.outputOf('all')).toEqual({ a: { x: 'X' }, b: { y: 'Y' } })
    expect(steps(execution, 'last')).toEqual(['last'])
  })

  test('that is passed through goes on at its last way out', () => {
    const execution = play({
      edges: 'start > all; all:a > x; all:done > last',
      nodes: { all: parallel('a', { settings: { disabled: true } }) },
    }).start(1)
    expect(execution.completed).toEqual(['start', 'all', 'last'])
    expect(execution.outputOf('last')).toBe('last')
  })

  //  start ─► outer ══╦═ a ─► inner ══╦═ x ─► ask
  //                   ║               ╚═ y ─► nap
  //                   ╚═ b ─► ask2
  test('may lie in one', () => {
    const execution = play({
      edges: 'start > outer; outer:a > inner; inner:x > ask; inner:y > nap; outer:b > ask2; outer:done > last',
      nodes: { outer: parallel('a b'), inner: parallel('x y'), ask: call(), ask2: call(), nap: wait(() => 900) },
    }).start()
    execution.succeed('ask2', 2).crash().until(900).succeed('ask', 1)
    expect(execution.outputOf('outer')).toEqual({
      b: 2,
      a: { y: { until: '1970-01-01T00:00:00.900Z' }, x: 1 },
    })
    expect(execution.state).toMatchObject({ regions: {}, frameCount: 1 })
  })

  //                 ╔═ a ─┬─► x ─┐
  //  start ─► all ══╣     └─► y ─┴─► join ─► last of a
  //                 ╚═ b ─► z ─────► join              a merge joins what is in its own branch
  test('has merges in its branches', () => {
    const execution = play({
      edges: 'start > all; all:a > x > join; all:a > y > join; all:b > z > join; all:done > last',
      nodes: { all: parallel('a b'), x: call(), y: call(), z: call(), join: merge() },
    }).start()
    execution.succeed('y', 'Y').succeed('z', 'Z')
    expect(execution.stepAt('all')).toMatchObject({ progress: { done: 1, total: 2 } })
    execution.succeed('x', 'X')
    expect(execution.outputOf('all')).toEqual({ b: { z: 'Z' }, a: { x: 'X', y: 'Y' } })
  })

  test('calls five at a time, whatever the number of branches', () => {
    const names = Array.from({ length: 12 }, (_, index) => `b${index}`)
    const execution = play({
      edges: ['start > all', ...names.map((name) => `all:${name} > call_${name}`)].join(';'),
      nodes: {
        all: parallel(names.join(' ')),
        ...Object.fromEntries(names.map((name) => [`call_${name}`, call()])),
      },
    }).start()
    expect(execution.keys).toHaveLength(5)
    for (const name of names) {
      execution.succeed(`call_${name}`)
      expect(execution.keys.length).toBeLessThanOrEqual(5)
    }
    expect(execution.status).toBe('completed')
  })

  test('in a cycle does not grow', () => {
    let rounds = 0
    const execution = play({
      edges: 'start > all; all:a > x; all:b > y; all:done > turn; turn:again > all; turn:out > last',
      nodes: { all: parallel('a b'), turn: pure(() => ({ output: null, port: ++rounds < 20 ? 'again' : 'out' })) },
    }).start()
    expect(steps(execution, 'all')).toHaveLength(20)
    expect(execution.state).toMatchObject({ superseded: {}, shared: {}, regions: {}, frameCount: 1 })
  })
})

describe('a failure in a branch', () => {
  //                 ╔═ a ─► send ─► after
  //  start ─► all ══╬═ b ─► slow ─► late
  //                 ╠═ done ─► last
  //                 ╚═ error ─► rescue
  const drawn = (options: Parameters<typeof parallel>[1]) => ({
    edges: 'start > all; all:a > send > after; all:b > slow > late; all:done > last; all:error > rescue',
    nodes: { all: parallel('a b', options), send: call({ retry: { maxRetries: 1 } }), slow: call() },
  })

  test('stops the execution, and a redrive goes on in the branch where it failed', () => {
    const execution = play(drawn({})).start().succeed('slow', 'S').until(10).fail('send', refused)
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: refused })
    expect(execution.stepAt('all')).toMatchObject({ status: 'cancelled' })

    execution.until(20).turn({ type: 'redrive', by: 'ada' })
    expect(execution.keys).toEqual(['send/2'])
    expect(execution.stepAt('all')).toMatchObject({ status: 'running', progress: { done: 1, total: 2 } })
    execution.crash().succeed('send', 'sent')
    expect(execution.outputOf('all')).toEqual({ b: 'late', a: 'after' })
    expect(execution.status).toBe('completed')
  })

  test('is handled where the step that has the branches says so: the others are cut off', () => {
    const execution = play(drawn({ settings: { onError: 'branch' } }))
      .start()
      .until(10)
      .fail('send', refused)
    expect(execution.stepAt('send')).toMatchObject({ status: 'failed', handled: true })
    expect(execution.stepAt('slow')).toMatchObject({ status: 'cancelled', failure: { kind: 'unknown' } })
    expect(execution.stepAt('all')).toMatchObject({ status: 'failed', failure: refused, handled: true })
    expect(execution.completed).toEqual(['start', 'rescue'])
    expect(execution.outstanding.invocations).toEqual([])
    expect(execution.status).toBe('completed_with_errors')
    expect(execution.state).toMatchObject({ regions: {}, frameCount: 1 })
  })

  test('that it goes on with leaves the others alone', () => {
    const execution = play(drawn({ stopsAtFailure: false }))
      .start()
      .until(10)
      .fail('send', refused)
    expect(execution.keys).toEqual(['slow/1'])
    expect(execution.stepAt('all')).toMatchObject({ progress: { done: 1, total: 2 } })
    execution.crash().succeed('slow')
    expect(execution.outputOf('all')).toEqual({ a: { failed: 'http.422' }, b: 'late' })
    expect(execution.completed).toEqual(['start', 'slow', 'late', 'all', 'last'])
    expect(execution.status).toBe('completed_with_errors')
  })

  test('ends what else goes on in that branch', () => {
    const names = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']
    const execution = play({
      edges: `start > all; ${names.map((name) => `all:a > ${name}`).join(';')}; all:a > nap > x; all:b > y; all:done > last`,
      nodes: {
        all: parallel('a b', { stopsAtFailure: false }),
        nap: wait(() => 60_000),
        ...Object.fromEntries(names.map((name) => [name, call()])),
      },
    }).start()
    expect(execution.keys, 'the sixth waits for a place').toEqual(['a1/1', 'a2/1', 'a3/1', 'a4/1', 'a5/1'])
    execution.fail('a1', refused)
    expect(execution.status).toBe('completed_with_errors')
    expect(execution.outputOf('all')).toEqual({ b: 'y', a: { failed: 'http.422' } })
    expect(execution.stepAt('a2')).toMatchObject({ status: 'cancelled', failure: { kind: 'unknown' } })
    expect(execution.stepAt('nap')).toMatchObject({ status: 'cancelled' })
    expect(execution.stepAt('a6'), 'never began').toBeUndefined()
    expect(execution.asked).not.toContain('a6/1')
  })

  test('is the innermost one’s to handle', () => {
    const execution = play({
      edges: `start > outer; outer:a > inner; inner:x > send; inner:y > slow; inner:done > a2; outer:b > b2
              outer:done > last`,
      nodes: {
        outer: parallel('a b', { stopsAtFailure: false }),
        inner: parallel('x y'),
        send: call(),
        slow: call(),
        b2: call(),
      },
    }).start()
    execution.fail('send', refused)
    expect(execution.stepAt('inner')).toMatchObject({ status: 'failed', handled: true })
    expect(execution.keys).toEqual(['b2/1'])
    expect(execution.succeed('b2', 'B').outputOf('outer')).toEqual({ a: { failed: 'http.422' }, b: 'B' })
    expect(execution.state).toMatchObject({ regions: {}, frameCount: 1 })
  })
})

describe('a step that waits for one of its branches', () => {
  //                   ╔═ a ─► quick ─► more
  //  start ─► race  ══╬═ b ─► slow ─► late
  //                   ╚═ done ─► last
  const drawn = (waitFor: 'any' | 'first', options: Parameters<typeof parallel>[1] = {}) => ({
    edges: 'start > race; race:a > quick > more; race:b > slow > late; race:done > last; race:error > rescue',
    nodes: { race: parallel('a b', { waitFor, ...options }), quick: call(), slow: call() },
  })

  test('goes on with the first to end, and cuts the others off', () => {
    for (const waitFor of ['any', 'first'] as const) {
      const execution = play(drawn(waitFor)).start().succeed('quick', 'Q')
      expect(execution.outputOf('race')).toEqual({ a: 'more' })
      expect(execution.stepAt('slow')).toMatchObject({ status: 'cancelled', failure: { kind: 'unknown' } })
      expect(execution.outstanding).toEqual({ invocations: [], children: [], wakeAt: null })
      expect(execution.status).toBe('completed')
      expect(execution.turn({ type: 'redrive', by: 'ada' }).status).toBe('completed')
      expect(execution.state).toMatchObject({ regions: {}, superseded: {}, frameCount: 1 })
    }
  })

  test('of branches that only compute takes the shortest, and the others do nothing more', () => {
    const execution = play({
      edges: 'start > race; race:a > a1 > a2 > a3; race:b > b1; race:c > c1 > c2; race:done > last',
      nodes: { race: parallel('a b c', { waitFor: 'any' }) },
    }).start()
    expect(execution.outputOf('race')).toEqual({ b: 'b1' })
    expect(execution.completed).toEqual(['start', 'a1', 'b1', 'race', 'last'])
  })

  test('of any: fails when the first to end has failed', () => {
    const execution = play(drawn('any')).start().fail('slow', refused)
    expect(execution.state.finished).toMatchObject({ failure: refused })
    const handled = play(drawn('any', { settings: { onError: 'branch' } }))
      .start()
      .fail('slow', refused)
    expect(handled.completed).toEqual(['start', 'rescue'])
  })

  test('of any: takes a failure for an end where it goes on with failures', () => {
    const execution = play(drawn('any', { stopsAtFailure: false }))
      .start()
      .fail('slow', refused)
    expect(execution.outputOf('race')).toEqual({ b: { failed: 'http.422' } })
  })

  test('of the first to succeed: a failure is no end as long as another can succeed', () => {
    const execution = play(drawn('first')).start().fail('quick', refused)
    expect(execution.keys).toEqual(['slow/1'])
    execution.crash().succeed('slow')
    expect(execution.outputOf('race')).toEqual({ a: { failed: 'http.422' }, b: 'late' })
    expect(execution.status).toBe('completed_with_errors')
  })

  test('of the first to succeed: fails when all have failed, and a redrive begins it anew', () => {
    const execution = play(drawn('first')).start().fail('quick', refused).until(10).fail('slow', refused)
    expect(execution.state.finished).toMatchObject({ failure: { code: 'parallel.all_failed' } })
    execution.turn({ type: 'redrive', by: 'ada' })
    expect(execution.keys).toEqual(['quick#2/1', 'slow#2/1'])
    expect(execution.succeed('slow#2').status).toBe('completed_with_errors')
    expect(execution.state).toMatchObject({ regions: {}, frameCount: 1 })
  })
})

describe('a timeout of branches', () => {
  //                 ╔═ a ─► quick
  //  start ─► all ══╬═ b ─► nap ─► late            after 1 s
  //                 ╚═ done ─► last
  const drawn = (options: Parameters<typeof parallel>[1]) => ({
    edges: 'start > all; all:a > quick; all:b > nap > late; all:done > last; all:error > rescue',
    nodes: { all: parallel('a b', { timeoutMs: 1_000, ...options }), nap: wait(() => 3_600_000) },
  })

  test('fails the step; where nobody handles it a redrive gives the rest its time again', () => {
    const execution = play(drawn({})).start()
    expect(execution.outstanding.wakeAt).toBe(1_000)
    execution.until(1_000)
    expect(execution.state.finished).toMatchObject({ failure: { kind: 'timedOut', code: 'parallel.timed_out' } })
    execution.until(3_599_500).turn({ type: 'redrive', by: 'ada' })
    expect(execution.outstanding.wakeAt).toBe(3_600_000)
    execution.crash().until(3_600_000)
    expect(execution.status).toBe('completed')
    expect(execution.outputOf('all')).toEqual({ a: 'quick', b: 'late' })
  })

  test('fails the step, and cuts the rest off where the failure is handled', () => {
    const execution = play(drawn({ settings: { onError: 'branch' } }))
      .start()
      .until(1_000)
    expect(execution.completed).toEqual(['start', 'quick', 'rescue'])
    expect(execution.status).toBe('completed_with_errors')
  })

  test('ends what has not ended where it goes on with failures', () => {
    const execution = play(drawn({ stopsAtFailure: false }))
      .start()
      .until(1_000)
    expect(execution.outputOf('all')).toEqual({ a: 'quick', b: { failed: 'parallel.timed_out' } })
    expect(execution.status).toBe('completed_with_errors')
    expect(execution.outstanding).toEqual({ invocations: [], children: [], wakeAt: null })
  })

  test('is none when they end in time', () => {
    const drawn = { edges: 'start > all; all:a > x', nodes: { all: parallel('a', { timeoutMs: 1_000 }), x: call() } }
    expect(play(drawn).start().until(999).succeed('x').status).toBe('completed')
  })
})

describe('an execution that ends while branches go on', () => {
  test('by a node that ends it cuts them off for good', () => {
    const execution = play({
      edges: 'start > all; all:a > slow; all:b > stop',
      nodes: {
        all: parallel('a b'),
        slow: call(),
        stop: pure(() => ({ output: 'enough', port: 'end', end: { status: 'failed' } })),
      },
    }).start()
    expect(execution.status).toBe('failed')
    const { length } = execution.entries
    expect(execution.turn({ type: 'redrive', by: 'ada' }).entries).toHaveLength(length)
  })

  test('by being cancelled can be taken up again, branch by branch', () => {
    const execution = play({
      edges: 'start > all; all:a > send > x > y; all:b > nap > late; all:done > last',
      nodes: { all: parallel('a b'), send: call(), y: call(), nap: wait(() => 5_000) },
    }).start()
    execution.until(100).succeed('send', 'S').turn({ type: 'cancel', by: 'ada', reason: '' })
    expect(execution.state.finished).toMatchObject({ status: 'cancelled' })
    execution.until(200).turn({ type: 'redrive', by: 'ada' }).crash()
    expect(execution.keys).toEqual(['y/2'])
    execution.succeed('y', 'Y').until(5_000)
    expect(execution.status).toBe('completed')
    expect(execution.outputOf('all')).toEqual({ a: 'Y', b: 'late' })
  })
})

import { describe, expect, test } from 'vitest'
import type { Json } from '../../worker/contract/json.ts'
import type { Scope } from '../../worker/engine/behaviour.ts'
import { StepFailure } from '../../worker/engine/behaviour.ts'
import { asked, call, each, give, loop, merge, parallel, pure, wait } from './support/draw.ts'
import { busy, refused } from './support/failures.ts'
import { play } from './support/play.ts'

/** What an expression in an iteration reads as `loop`. */
const about = give(({ loop }) => ({ ...loop! }))
const item = (scope: Scope): Json => scope.loop?.item ?? null
const nothing = { superseded: {}, shared: {}, regions: {}, places: {}, placeCount: 0, over: [], frameCount: 1 }

describe('a loop through a list', () => {
  //  start ─► each ══╦═ body ─► score ─► keep
  //                  ╚═ done ─► last
  const drawing = {
    edges: 'start > each; each:body > score > keep; each:done > last',
    nodes: {
      each: each(['a', 'b', 'c']),
      score: about,
      keep: give(({ steps, loop }) => `${String(loop!.item)}${String((steps['score'] as { index: number }).index)}`),
      last: give(({ steps }) => ({ saw: Object.keys(steps), gave: steps['each']! })),
    },
  }

  test('does its body for each entry, one after the other, and gives what the last step of each gave', () => {
    const execution = play(drawing).start()
    expect(execution.completed).toEqual([
      'start',
      'each[0].score',
      'each[0].keep',
      'each[1].score',
      'each[1].keep',
      'each[2].score',
      'each[2].keep',
      'each',
      'last',
    ])
    expect(execution.outputOf('each')).toEqual({ done: 3, results: ['a0', 'b1', 'c2'] })
    expect(execution.entries).toHaveLength(1)
    expect(execution.stepAt('each')).toMatchObject({ port: 'done', progress: { done: 3, total: 3 } })
  })

  test('tells each iteration about itself', () => {
    const execution = play(drawing).start()
    const common = { total: 3, isFirst: false, isLast: false }
    expect(execution.outputOf('each[0].score')).toEqual({
      ...common,
      item: 'a',
      index: 0,
      isFirst: true,
      previous: null,
    })
    expect(execution.outputOf('each[1].score')).toEqual({ ...common, item: 'b', index: 1, previous: 'a0' })
    expect(execution.outputOf('each[2].score')).toEqual({
      ...common,
      item: 'c',
      index: 2,
      isLast: true,
      previous: 'b1',
    })
  })

  test('leaves nothing behind but its results: what comes after does not see into it', () => {
    const execution = play(drawing).start()
    expect(execution.outputOf('last')).toEqual({
      saw: ['start', 'each'],
      gave: { done: 3, results: ['a0', 'b1', 'c2'] },
    })
    expect(execution.state).toMatchObject(nothing)
  })

  test('of nothing goes on at once, and so does one without a body', () => {
    const empty = play({ ...drawing, nodes: { ...drawing.nodes, each: each([]) } }).start()
    expect(empty.completed).toEqual(['start', 'each', 'last'])
    expect(empty.outputOf('each')).toEqual({ done: 0, results: [] })
    const bare = play({ edges: 'start > each; each:done > last', nodes: { each: each([1, 2]) } }).start()
    expect(bare.outputOf('each')).toEqual({ done: 2, results: [null, null] })
  })

  test('passes what an iteration is for to a first step that is passed through, and to a merge', () => {
    const execution = play({
      edges: 'start > each; each:body > off > join; each:body > join',
      nodes: { each: each(['x', 'y']), off: call({ disabled: true }), join: merge() },
    }).start()
    expect(execution.outputOf('each')).toEqual({
      done: 2,
      results: [
        { off: 'x', each: 'x' },
        { off: 'y', each: 'y' },
      ],
    })
  })

  test('does not see what an earlier iteration did', () => {
    const execution = play({
      edges: 'start > each; each:body > choose; choose:odd > mark > look; choose:even > look',
      nodes: {
        each: each([1, 2, 3]),
        choose: pure((scope) => ({ output: null, port: Number(item(scope)) % 2 === 1 ? 'odd' : 'even' })),
        mark: give((scope) => `mark of ${String(item(scope))}`),
        look: give(({ steps }) => steps['mark'] ?? 'none'),
      },
    }).start()
    expect(execution.outputOf('each')).toMatchObject({ results: ['mark of 1', 'none', 'mark of 3'] })
  })

  test('sees what was before the loop, and variables that an iteration sets', () => {
    const execution = play({
      edges: 'start > before > each; each:body > add > look; each:done > last',
      variables: { sum: 0 },
      nodes: {
        before: give(() => 10),
        each: each([1, 2, 3]),
        add: pure(({ vars, steps, loop }) => ({
          output: null,
          port: 'out',
          vars: { sum: Number(vars['sum']) + Number(steps['before']) * Number(loop!.item) },
        })),
        look: give(({ vars }) => vars['sum']!),
        last: give(({ vars }) => vars['sum']!),
      },
    }).start()
    expect(execution.outputOf('each')).toMatchObject({ results: [10, 30, 60] })
    expect(execution.outputOf('last')).toBe(60)
  })

  test('gives what is read at the end of each iteration, or nothing at all', () => {
    const drawn = (options: Parameters<typeof each>[1]) =>
      play({
        edges: 'start > each; each:body > score > keep',
        nodes: { each: each([5, 6], options), score: give(({ loop }) => Number(loop!.item) * 2) },
      }).start()
    const read = drawn({ collect: ({ steps, loop }) => [loop!.item, steps['score']!] })
    expect(read.outputOf('each')).toEqual({
      done: 2,
      results: [
        [5, 10],
        [6, 12],
      ],
    })
    expect(drawn({ keeps: false }).outputOf('each')).toEqual({ done: 2 })
  })

  test('has its results once in the journal', () => {
    const execution = play({
      edges: 'start > each; each:body > make',
      nodes: { each: each([1, 2, 3]), make: give(({ loop }) => `large thing ${String(loop!.item)}`) },
    }).start()
    expect(JSON.stringify(execution.entries).split('large thing')).toHaveLength(4)
    expect(execution.outputOf('each')).toMatchObject({ results: ['large thing 1', 'large thing 2', 'large thing 3'] })
    expect(execution.state.finished?.output).toEqual(execution.outputOf('each'))
  })
})

describe('an iteration that calls', () => {
  //  start ─► each ══╦═ body ─► send ─► keep
  //                  ╚═ done ─► last
  const drawing = (options: Parameters<typeof each>[1] = {}, items: Json[] = ['a', 'b', 'c']) => ({
    edges: 'start > each; each:body > send > keep; each:done > last',
    nodes: {
      each: each(items, options),
      send: call({}, (scope) => ({ to: item(scope) })),
      keep: give(({ steps, loop }) => [loop!.item, steps['send']!]),
      last: give(({ steps }) => steps['each']!),
    },
  })

  test('is waited for, and its call has a path of its own', () => {
    const execution = play(drawing()).start()
    expect(execution.outstanding.invocations).toMatchObject([
      { key: 'each[0].send/1', node: 'send', input: { to: 'a' } },
    ])
    expect(execution.stepAt('each')).toMatchObject({ status: 'running', progress: { done: 0, total: 3 } })
    execution.succeed('each[0].send', 'A').crash().succeed('each[1].send', 'B')
    expect(execution.keys).toEqual(['each[2].send/1'])
    execution.turn({ type: 'recover' })
    expect(execution.keys).toEqual(['each[2].send/2'])
    execution.succeed('each[2].send', 'C')
    expect(execution.outputOf('last')).toEqual({
      done: 3,
      results: [
        ['a', 'A'],
        ['b', 'B'],
        ['c', 'C'],
      ],
    })
    expect(execution.state).toMatchObject(nothing)
  })

  test('retries by itself, and waits by itself', () => {
    const execution = play({
      edges: 'start > each; each:body > send > nap',
      nodes: { each: each([1, 2]), send: call(), nap: wait(({ now }) => now + 5_000) },
    }).start()
    execution.fail('each[0].send', busy)
    expect(execution.status).toBe('waiting')
    execution.until(1_000).succeed('each[0].send').until(6_000)
    expect(execution.keys).toEqual(['each[1].send/1'])
    execution.succeed('each[1].send')
    expect(execution.status).toBe('waiting')
    expect(execution.until(11_000).status).toBe('completed')
  })

  test('can go on beside others: so many at a time, with the results in the order of the list', () => {
    const execution = play(drawing({ atOnce: 3 }, ['a', 'b', 'c', 'd'])).start()
    expect(execution.keys).toEqual(['each[0].send/1', 'each[1].send/1', 'each[2].send/1'])
    execution.succeed('each[1].send', 'B').crash()
    expect(execution.keys).toEqual(['each[0].send/1', 'each[2].send/1', 'each[3].send/1'])
    execution.succeed('each[3].send', 'D').succeed('each[2].send', 'C').succeed('each[0].send', 'A')
    expect(execution.outputOf('last')).toEqual({
      done: 4,
      results: [
        ['a', 'A'],
        ['b', 'B'],
        ['c', 'C'],
        ['d', 'D'],
      ],
    })
    expect(execution.state).toMatchObject(nothing)
  })

  test('sees its own results and never those of another that goes on beside it', () => {
    const execution = play({
      edges: 'start > each; each:body > send > wait2 > look; start > aside > late',
      nodes: {
        each: each(['a', 'b', 'c'], { atOnce: 3 }),
        send: call({}, (scope) => ({ to: item(scope) })),
        wait2: call(),
        look: give(({ steps }) => [steps['send']!, steps['aside'] ?? 'not yet', Object.keys(steps).length]),
        aside: call(),
        late: give(({ steps }) => Object.keys(steps)),
      },
    }).start()
    execution.succeed('each[2].send', 'C').succeed('each[0].send', 'A')
    execution.succeed('each[0].wait2', null)
    expect(execution.outputOf('each[0].look')).toEqual(['A', 'not yet', 3])
    execution.succeed('aside', 'S')
    expect(execution.outputOf('late'), 'nobody outside sees into an iteration').toEqual(['start', 'aside'])
    execution.crash().succeed('each[1].send', 'B').succeed('each[1].wait2').succeed('each[2].wait2')
    expect(execution.outputOf('each[1].look')).toEqual(['B', 'S', 5])
    expect(execution.outputOf('each[2].look')).toEqual(['C', 'S', 5])
    expect(execution.state).toMatchObject(nothing)
  })

  test('calls five at a time, however many go on', () => {
    const execution = play(
      drawing(
        { atOnce: 20 },
        Array.from({ length: 30 }, (_, index) => index),
      ),
    ).start()
    expect(execution.keys).toHaveLength(5)
    for (let index = 0; index < 30; index++) {
      execution.succeed(`each[${index}].send`, index)
      expect(execution.keys.length).toBeLessThanOrEqual(5)
    }
    expect(execution.status).toBe('completed')
  })
})

describe('a loop that is told to stop', () => {
  const drawn = (options: Parameters<typeof each>[1]) =>
    play({
      edges: 'start > each; each:body > score; each:done > last',
      nodes: { each: each([1, 2, 3, 4, 5], options), score: give(({ loop }) => Number(loop!.item) * 10) },
    }).start()

  test('does so after the iteration that says so, and says why', () => {
    const execution = drawn({ breaks: asked(({ steps }) => Number(steps['score']) >= 30) })
    expect(execution.outputOf('each')).toEqual({
      done: 3,
      results: [10, 20, 30],
      stopped: { by: 'break', because: 'as drawn' },
    })
    expect(execution.completed.at(-1)).toBe('last')
  })

  test('passes over what it is told to', () => {
    const execution = drawn({ skips: asked((scope) => Number(item(scope)) % 2 === 0) })
    expect(execution.outputOf('each')).toEqual({ done: 3, skipped: 2, results: [10, 30, 50] })
    expect(execution.stepAt('each')).toMatchObject({ progress: { done: 5, total: 5 } })
    expect(drawn({ skips: asked(() => true) }).outputOf('each')).toEqual({ done: 0, skipped: 5, results: [] })
  })

  test('lets those finish that go on beside the one that said so', () => {
    const execution = play({
      edges: 'start > each; each:body > send',
      nodes: { each: each([1, 2, 3, 4], { atOnce: 2, breaks: asked((scope) => item(scope) === 2) }), send: call() },
    }).start()
    execution.succeed('each[1].send', 'two')
    expect(execution.keys).toEqual(['each[0].send/1'])
    execution.succeed('each[0].send', 'one')
    expect(execution.outputOf('each')).toMatchObject({ done: 2, results: ['one', 'two'] })
  })

  test('fails as a whole when it cannot be asked', () => {
    const broken = () => {
      throw new StepFailure(refused)
    }
    for (const options of [{ breaks: broken }, { skips: broken }, { collect: broken }]) {
      const execution = drawn(options)
      expect(execution.state.finished).toMatchObject({ status: 'failed', failure: refused })
      expect(execution.stepAt('each')).toMatchObject({ status: 'failed' })
      const handled = drawn({ ...options, settings: { onError: 'continue' } })
      expect(handled.completed.at(-1)).toBe('last')
      expect(handled.state).toMatchObject(nothing)
    }
  })
})

describe('a loop through numbers', () => {
  test('counts from one to another by a step', () => {
    const execution = play({
      edges: 'start > count; count:body > keep',
      nodes: { count: loop(() => ({ from: 10, step: -2.5, total: 4 })), keep: give(item) },
    }).start()
    expect(execution.outputOf('count')).toEqual({ done: 4, results: [10, 7.5, 5, 2.5] })
  })
})

describe('a loop with a condition', () => {
  //  start ─► again ══╦═ body ─► next       as long as there is a next page
  //                   ╚═ done ─► last
  const pages = (asksFirst: boolean, pages: number) =>
    play({
      edges: 'start > again; again:body > page; again:done > last',
      nodes: {
        again: loop(() => null, {
          goesOn: asked(({ loop, steps }) => (loop!.index === 0 ? pages > 0 : steps['page'] !== 'end')),
          asksFirst,
        }),
        page: give(({ loop }) => (loop!.index >= pages - 1 ? 'end' : loop!.index)),
      },
    }).start()

  test('is asked before each iteration, and sees what the one before did', () => {
    expect(pages(true, 3).outputOf('again')).toEqual({
      done: 3,
      results: [0, 1, 'end'],
      stopped: { by: 'condition', because: 'as drawn' },
    })
    expect(pages(true, 0).outputOf('again')).toMatchObject({ done: 0, results: [] })
  })

  test('or only after each, so that it goes round at least once', () => {
    expect(pages(false, 0).outputOf('again')).toMatchObject({ done: 1, results: ['end'] })
    expect(pages(false, 2).outputOf('again')).toMatchObject({ done: 2, results: [0, 'end'] })
  })

  test('hands what one iteration gave to the next', () => {
    const execution = play({
      edges: 'start > again; again:body > double',
      nodes: {
        again: loop(() => null, { goesOn: asked(({ loop }) => Number(loop!.previous ?? 0) < 100), asksFirst: true }),
        double: give(({ loop }) => Number(loop!.previous ?? 1) * 2),
      },
    }).start()
    expect(execution.outputOf('again')).toMatchObject({ results: [2, 4, 8, 16, 32, 64, 128] })
  })
})

describe('the limit of iterations', () => {
  const forever = loop(() => null, { goesOn: asked(() => true), maxIterations: 7 })

  test('stops what would go on for ever', () => {
    const drawn = { edges: 'start > again; again:body > x; again:error > rescue; again:done > last' }
    const stopped = play({ ...drawn, nodes: { again: forever } }).start()
    expect(stopped.state.finished).toMatchObject({
      status: 'failed',
      failure: { code: 'loop.too_many_iterations', details: { maxIterations: 7 } },
    })
    expect(stopped.completed).toHaveLength(8)
    const tried = stopped.turn({ type: 'redrive', by: 'ada' })
    expect(tried.status, 'and what it did is not done again').toBe('failed')
    expect(tried.completed).toHaveLength(8)

    const handled = play({ ...drawn, nodes: { again: { ...forever, settings: { onError: 'branch' } } } }).start()
    expect(handled.completed.at(-1)).toBe('rescue')
    expect(handled.state).toMatchObject(nothing)
  })

  test('refuses a list that is longer before anything was done', () => {
    const execution = play({
      edges: 'start > each; each:body > x',
      nodes: { each: each([1, 2, 3], { maxIterations: 2 }) },
    }).start()
    expect(execution.status).toBe('failed')
    expect(execution.completed).toEqual(['start'])
  })

  test('or goes through as many as it may, and says that there were more', () => {
    const execution = play({
      edges: 'start > each; each:body > x; each:done > last',
      nodes: { each: each([1, 2, 3], { maxIterations: 2, failsAtLimit: false }) },
    }).start()
    expect(execution.outputOf('each')).toEqual({ done: 2, results: ['x', 'x'], stopped: { by: 'limit' } })
    expect(execution.completed.at(-1)).toBe('last')
  })

  test('is the organization’s where the node says more', () => {
    const execution = play({
      edges: 'start > each; each:body > x',
      nodes: { each: each(Array.from({ length: 1_001 }, () => 1)) },
    }).start()
    expect(execution.state.finished).toMatchObject({ failure: { details: { maxIterations: 1_000 } } })
  })
})

describe('loops in loops', () => {
  //  start ─► rows ══╦═ body ─► cells ══╦═ body ─► cell
  //                  ║                  ╚═ done ─► row
  //                  ╚═ done ─► last
  const table = (options: Parameters<typeof each>[1] = {}) => ({
    edges: 'start > rows; rows:body > cells; cells:body > cell; cells:done > row; rows:done > last',
    nodes: {
      rows: each(
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
        options,
      ),
      cells: loop(({ loop }) => ({ items: loop!.item as Json[] }), options),
      cell: give(({ loop, loops }) => [loops!['rows']!.index, loops!['cells']!.index, loop!.item].join('')),
      row: give(({ steps, loop }) => ({ row: loop!.index, ...(steps['cells'] as object) })),
    },
  })

  test('have iterations in iterations, and each is read by its loop’s name', () => {
    const execution = play(table()).start()
    expect(execution.completed.filter((path) => path.endsWith('.cell'))).toEqual([
      'rows[0].cells[0].cell',
      'rows[0].cells[1].cell',
      'rows[1].cells[0].cell',
      'rows[1].cells[1].cell',
    ])
    expect(execution.outputOf('rows')).toEqual({
      done: 2,
      results: [
        { row: 0, done: 2, results: ['00a', '01b'] },
        { row: 1, done: 2, results: ['10c', '11d'] },
      ],
    })
    expect(execution.state).toMatchObject(nothing)
  })

  test('go on beside each other without seeing each other', () => {
    const { nodes, edges } = table({ atOnce: 2 })
    const execution = play({ edges, nodes: { ...nodes, cell: call({}, (scope) => ({ item: item(scope) })) } }).start()
    expect(execution.keys).toEqual([
      'rows[0].cells[0].cell/1',
      'rows[0].cells[1].cell/1',
      'rows[1].cells[0].cell/1',
      'rows[1].cells[1].cell/1',
    ])
    for (const path of ['rows[1].cells[1]', 'rows[0].cells[0]', 'rows[0].cells[1]', 'rows[1].cells[0]']) {
      execution.crash().succeed(`${path}.cell`, path)
    }
    expect(execution.outputOf('rows')).toEqual({
      done: 2,
      results: [
        { row: 0, done: 2, results: ['rows[0].cells[0]', 'rows[0].cells[1]'] },
        { row: 1, done: 2, results: ['rows[1].cells[0]', 'rows[1].cells[1]'] },
      ],
    })
    expect(execution.state).toMatchObject(nothing)
  })

  //  start ─► all ══╦═ a ─► each ═ body ─► x ─┬─► y ─┐
  //                 ║                         └─► z ─┴─► join
  //                 ╚═ b ─► each2 ═ body ─► race ═ p, q
  test('lie in branches, and have branches in them', () => {
    const execution = play({
      edges: `start > all; all:a > each; each:body > x > y > join; x > z > join; all:b > each2; each2:body > race
              race:p > send; race:q > nap; race:done > keep; all:done > last`,
      nodes: {
        all: parallel('a b'),
        each: each([1, 2]),
        join: merge(),
        each2: each(['m', 'n'], { atOnce: 2 }),
        race: parallel('p q', { waitFor: 'any' }),
        send: call({}, (scope) => ({ to: item(scope) })),
        nap: wait(({ now }) => now + 1_000),
        keep: give(({ steps, loop }) => [loop!.item, steps['race']!]),
      },
    }).start()
    expect(execution.keys).toEqual(['each2[0].send/1', 'each2[1].send/1'])
    execution.until(300).succeed('each2[1].send', 'N').crash().until(1_000)
    expect(execution.outputOf('all')).toEqual({
      a: {
        done: 2,
        results: [
          { y: 'y', z: 'z' },
          { y: 'y', z: 'z' },
        ],
      },
      b: {
        done: 2,
        results: [
          ['m', { q: { until: '1970-01-01T00:00:01.000Z' } }],
          ['n', { p: 'N' }],
        ],
      },
    })
    expect(execution.stepAt('each2[0].send')).toMatchObject({ status: 'cancelled' })
    expect(execution.state).toMatchObject(nothing)
  })

  test('that are reached twice go round twice, each in its own place', () => {
    const execution = play({
      edges: 'start > left > each; start > right > each; each:body > send; each:done > last',
      nodes: { left: give(() => 'L'), right: give(() => 'R'), each: each([1, 2]), send: call() },
    }).start()
    expect(execution.keys).toEqual(['each[0].send/1', 'each#2[0].send/1'])
    execution.succeed('each#2[0].send', 'R1').succeed('each[0].send', 'L1')
    execution.succeed('each[1].send', 'L2').succeed('each#2[1].send', 'R2')
    expect(execution.outputOf('each')).toMatchObject({ results: ['L1', 'L2'] })
    expect(execution.outputOf('each#2')).toMatchObject({ results: ['R1', 'R2'] })
    expect(execution.completed.filter((path) => path.startsWith('last'))).toEqual(['last', 'last#2'])
  })

  test('may have cycles in them, whose visits are counted by iteration', () => {
    const tries = new Map<number, number>()
    const execution = play({
      edges: 'start > each; each:body > x > turn; turn:again > x; turn:out > keep',
      nodes: {
        each: each([1, 2]),
        turn: pure(({ loop }) => {
          const count = (tries.get(loop!.index) ?? 0) + 1
          tries.set(loop!.index, count)
          return { output: null, port: count < 3 ? 'again' : 'out' }
        }),
      },
    }).start()
    expect(execution.completed.filter((path) => path.includes('.x'))).toEqual([
      'each[0].x',
      'each[0].x#2',
      'each[0].x#3',
      'each[1].x',
      'each[1].x#2',
      'each[1].x#3',
    ])
    expect(execution.state).toMatchObject(nothing)
  })
})

describe('a failure in an iteration', () => {
  //  start ─► each ══╦═ body ─► send ─► keep
  //                  ╠═ done ─► last
  //                  ╚═ error ─► rescue
  const drawn = (options: Parameters<typeof each>[1] = {}) => ({
    edges: 'start > each; each:body > send > keep; each:done > last; each:error > rescue',
    nodes: { each: each(['a', 'b', 'c'], options), send: call(), keep: give(({ steps }) => steps['send']!) },
  })

  test('stops the execution; a redrive goes on there and does nothing twice', () => {
    const execution = play(drawn()).start().succeed('each[0].send', 'A').until(50).fail('each[1].send', refused)
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: refused })
    execution.until(100).turn({ type: 'redrive', by: 'ada' })
    expect(execution.keys).toEqual(['each[1].send/2'])
    expect(execution.stepAt('each')).toMatchObject({ status: 'running', progress: { done: 1, total: 3 } })
    execution.crash().succeed('each[1].send', 'B').succeed('each[2].send', 'C')
    expect(execution.outputOf('each')).toEqual({ done: 3, results: ['A', 'B', 'C'] })
    expect(execution.status).toBe('completed')
    expect(execution.state).toMatchObject(nothing)
  })

  test('is left out where the loop goes on with failures', () => {
    const execution = play(drawn({ stopsAtFailure: false }))
      .start()
      .fail('each[0].send', refused)
    execution.succeed('each[1].send', 'B').fail('each[2].send', refused)
    expect(execution.outputOf('each')).toEqual({
      done: 3,
      results: ['B'],
      failed: [
        [0, 'http.422'],
        [2, 'http.422'],
      ],
    })
    expect(execution.status).toBe('completed_with_errors')
    expect(execution.state).toMatchObject(nothing)
  })

  test('fails the loop, whose node handles it: what goes on beside is cut off', () => {
    const execution = play(drawn({ atOnce: 3, settings: { onError: 'branch' } }))
      .start()
      .fail('each[1].send', refused)
    expect(execution.stepAt('each')).toMatchObject({ status: 'failed', failure: refused, handled: true })
    expect(execution.stepAt('each[0].send')).toMatchObject({ status: 'cancelled' })
    expect(execution.completed).toEqual(['start', 'rescue'])
    expect(execution.status).toBe('completed_with_errors')
    expect(execution.outstanding.invocations).toEqual([])
    expect(execution.state).toMatchObject(nothing)
  })

  test('of an inner loop is the inner loop’s first', () => {
    const execution = play({
      edges: 'start > outer; outer:body > inner; inner:body > send; inner:done > keep',
      nodes: { outer: each([1, 2], { stopsAtFailure: false }), inner: each(['x', 'y']), send: call() },
    }).start()
    execution.fail('outer[0].inner[0].send', refused)
    expect(execution.stepAt('outer[0].inner')).toMatchObject({ status: 'failed', handled: true })
    expect(execution.keys).toEqual(['outer[1].inner[0].send/1'])
    execution.succeed('outer[1].inner[0].send').crash().succeed('outer[1].inner[1].send')
    expect(execution.outputOf('outer')).toMatchObject({ done: 2, results: ['keep'], failed: [[0, 'http.422']] })
  })
})

describe('an execution that ends in a loop', () => {
  test('by a node that ends it', () => {
    const execution = play({
      edges: 'start > each; each:body > stop; each:done > last',
      nodes: { each: each([1, 2]), stop: pure(() => ({ output: 'x', port: 'end', end: { status: 'completed' } })) },
    }).start()
    expect(execution.completed).toEqual(['start', 'each[0].stop'])
    expect(execution.state.finished).toMatchObject({ status: 'completed', output: 'x' })
  })

  test('by being cancelled, and goes on where it was', () => {
    const execution = play({
      edges: 'start > each; each:body > send > nap; each:done > last',
      nodes: { each: each([1, 2, 3], { atOnce: 2 }), send: call(), nap: wait(({ now }) => now + 10_000) },
    }).start()
    execution.until(10).succeed('each[0].send').until(20).turn({ type: 'cancel', by: 'ada', reason: '' })
    execution.until(30).turn({ type: 'redrive', by: 'ada' }).crash()
    expect(execution.keys).toEqual(['each[1].send/2'])
    execution.until(10_010)
    expect(execution.keys).toEqual(['each[1].send/2', 'each[2].send/1'])
    execution.succeed('each[1].send').succeed('each[2].send').until(30_000)
    expect(execution.status).toBe('completed')
  })
})

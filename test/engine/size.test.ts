// What a step may give and an execution may hold, and what happens beyond that.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../worker/contract/json.ts'
import { advance } from '../../worker/engine/advance.ts'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { fold } from '../../worker/engine/fold.ts'
import type { Plan } from '../../worker/engine/plan.ts'
import { maxDepth, maxExecutionSize, maxResultSize, sizeOf } from '../../worker/engine/size.ts'
import { newState } from '../../worker/engine/state.ts'
import { call, draw, each, give, loop, pure } from './support/draw.ts'
import { identity, play, stored } from './support/play.ts'
import { undoable } from './support/undo.ts'

const long = (length: number) => 'x'.repeat(length)

/** Plays what needs no answers to its end. The text of a journal this large is never made. */
function playOut(plan: Plan, data: Json = null, state = newState()) {
  const host = { plan, state, identity }
  const entries: JournalEntry[] = []
  let turn = advance(host, { type: 'start', trigger: { nodeId: 'start', kind: 'manual', data } }, 0)
  for (; turn.entry !== null; turn = advance(host, { type: 'wake' }, turn.outstanding.wakeAt)) {
    entries.push(turn.entry)
    if (turn.outstanding.wakeAt === null) break
  }
  return { state, entries, sizes: entries.map(({ events }) => sizeOf(events)) }
}

describe('the size of a value', () => {
  test('is that of its JSON, nearly, and the same when it was written down and read again', () => {
    const json = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.parse(JSON.stringify(value)) as Json)
    fc.assert(
      fc.property(json, (value) => {
        expect(sizeOf({ value, none: undefined })).toBe(sizeOf(stored({ value, none: undefined })))
      }),
      { numRuns: 300 },
    )
    const rows = Array.from({ length: 200 }, (_, index) => ({ id: index, name: long(30), tags: ['a', null, true] }))
    expect(sizeOf(rows) / JSON.stringify(rows).length).toBeCloseTo(1, 0)
  })

  test('is counted in the state, which a fold gives as well', () => {
    const { state, entries } = playOut(draw({ edges: 'start > a', nodes: { a: give(() => ({ text: long(5_000) })) } }))
    expect(state.size).toBeGreaterThan(5_000)
    expect(fold(stored(entries)).size).toBe(state.size)
  })
})

describe('a step that gives more than is kept', () => {
  const tooLong = () => long(maxResultSize)

  test('fails, and says how much it may be', () => {
    const execution = play({ edges: 'start > a > b', nodes: { a: give(tooLong) } }).start()
    const failure = { code: 'step.too_large', kind: 'terminal', details: { limit: maxResultSize, depth: maxDepth } }
    expect(execution.stepAt('a')).toMatchObject({ status: 'failed', failure })
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure })
    expect(execution.state.size).toBeLessThan(5_000)
  })

  test('fails as well when nobody could write it down, so deep is it', () => {
    const deep = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as Json
    const { state, entries } = playOut(draw({ edges: 'start > a', nodes: { a: give(() => deep) } }))
    expect(state.finished).toMatchObject({ status: 'failed', failure: { code: 'step.too_large' } })
    expect(JSON.stringify(entries).length).toBeLessThan(5_000)
  })

  test('goes on with that as data where its node says so', () => {
    const execution = play({ edges: 'start > a > b', nodes: { a: give(tooLong, { onError: 'continue' }) } }).start()
    expect(execution.status).toBe('completed_with_errors')
    expect(execution.outputOf('a')).toMatchObject({ error: { code: 'step.too_large', kind: 'terminal' } })
  })

  test('counts the variables that it sets', () => {
    const sets = pure(() => ({ output: null, port: 'out', vars: { all: tooLong() } }))
    expect(play({ edges: 'start > a', nodes: { a: sets } }).start().state.failure?.code).toBe('step.too_large')
  })

  //  start ─► send ─► next
  //            ┊undo
  //           take
  test('is not called again, and what it did may have happened: it is undone', () => {
    const execution = play({ edges: 'start > send > next', nodes: { send: call() } })
    const undoing = play({
      edges: 'start > send > next; send:undo > take',
      nodes: { send: undoable(() => ({}), { undoWhenUnknown: true }), take: call() },
    })
    execution.start().succeed('send', tooLong())
    expect(execution.state.finished).toMatchObject({ failure: { code: 'step.too_large', sent: 'unknown' } })
    expect(execution.events.filter(({ type }) => type === 'attemptStarted')).toHaveLength(1)
    expect(undoing.start().succeed('send', tooLong()).keys).toEqual(['take/1'])
  })
})

describe('an execution that holds more than it may', () => {
  const text = long(100_000)
  const rounds = (count: number) =>
    draw({
      edges: 'start > each; each:body > a; each:done > last',
      nodes: {
        each: loop(() => ({ from: 0, step: 1, total: count }), { maxIterations: 1_000, keeps: false }),
        a: give(() => text),
      },
    })

  test('ends as failed, and none of its turns is large', () => {
    const { state, sizes } = playOut(rounds(1_000))
    expect(state.finished).toMatchObject({
      status: 'failed',
      failure: { code: 'execution.too_large', kind: 'terminal', details: { limit: maxExecutionSize } },
    })
    expect(state.size).toBeGreaterThan(maxExecutionSize)
    expect(state.size).toBeLessThan(maxExecutionSize + 1_500_000)
    expect(Math.max(...sizes)).toBeLessThan(1_200_000)
  })

  test('completes when it holds less: what a turn leaves follows at once', () => {
    const { state, sizes } = playOut(rounds(100))
    expect(state.finished?.status).toBe('completed')
    expect(sizes.length).toBeGreaterThan(8)
  })

  test('is as bounded where the body of its loop is empty and each iteration gives an expression', () => {
    const empty = draw({
      edges: 'start > each; each:done > last',
      nodes: {
        each: each(
          Array.from({ length: 1_000 }, () => 1),
          { maxIterations: 1_000, collect: () => text },
        ),
      },
    })
    const { state, sizes } = playOut(empty)
    expect(state.finished?.failure?.code).toBe('execution.too_large')
    expect(Math.max(...sizes)).toBeLessThan(1_200_000)
  })

  test('begins with any data that may come in, whatever a turn may record', () => {
    const { state } = playOut(draw({ edges: 'start > a > b' }), long(1_400_000))
    expect(state.finished?.status).toBe('completed')
  })

  test('is undone all the same', () => {
    const plan = draw({
      edges: 'start > book > each; book:undo > take; each:body > a',
      nodes: {
        book: { ...give(() => 'b1'), settings: { undo: true } },
        take: give(() => 'taken'),
        each: loop(() => ({ from: 0, step: 1, total: 1_000 }), { maxIterations: 1_000, keeps: false }),
        a: give(() => text),
      },
    })
    const { state, entries } = playOut(plan)
    expect(state.finished?.failure?.code).toBe('execution.too_large')
    const undone = entries.flatMap(({ events }) => events).filter(({ type }) => type === 'undoEnded')
    expect(undone).toMatchObject([{ path: 'book' }])
    expect(undone[0]).not.toHaveProperty('failure')
  })
})

describe('a list that a loop gathers in a variable', () => {
  const gathering = (keep?: number) =>
    draw({
      edges: 'start > each; each:body > add; each:done > last',
      nodes: {
        each: loop(() => ({ from: 0, step: 1, total: 1_000 }), { maxIterations: 1_000, keeps: false }),
        add: pure(({ loop: at }) => ({
          output: null,
          port: 'out',
          appended: { name: 'all', entries: [`${at!.index} ${long(200)}`], ...(keep !== undefined && { keep }) },
        })),
        last: give(({ vars }) => (vars['all'] as string[]).length),
      },
    })

  test('is recorded entry by entry, so the journal grows by what is added', () => {
    const { state, entries } = playOut(gathering())
    expect(state.finished).toMatchObject({ status: 'completed', output: 1_000 })
    expect(JSON.stringify(entries).length).toBeLessThan(1_000_000)
    expect(stored(fold(stored(entries)))).toEqual(stored(state))
    expect((state.vars['all'] as string[])[999]).toBe(`999 ${long(200)}`)
  })

  test('keeps its last entries where that is wished', () => {
    const { state } = playOut(gathering(3))
    expect((state.vars['all'] as string[]).map((entry) => Number.parseInt(entry))).toEqual([997, 998, 999])
  })
})

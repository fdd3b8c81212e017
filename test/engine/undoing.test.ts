// What an execution did is undone when it fails: steps that say so, the last first.

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../worker/contract/json.ts'
import { effectLedger } from '../../worker/engine/effect-ledger.ts'
import { project } from '../../worker/engine/projection.ts'
import { call, each, give, merge, onlyIf, parallel, pure, wait, type Drawing } from './support/draw.ts'
import { busy, refused } from './support/failures.ts'
import { play, type Play } from './support/play.ts'
import { onFailure, undoable } from './support/undo.ts'

const once = { retry: { maxRetries: 0 } }

//  start ─► book ─► charge ─► ship ✗
//            ┊undo   ┊undo
//          cancel   refund
const trip: Drawing = {
  edges: 'start > book > charge > ship; book:undo > cancel; charge:undo > refund',
  nodes: {
    book: undoable(),
    charge: undoable(),
    ship: call(once),
    cancel: call(once, ({ steps }) => ({ booking: steps['book']! })),
    refund: call(once, ({ steps }) => ({ charge: steps['charge']! })),
  },
}

const failed = (drawing = trip) =>
  play(drawing).start().succeed('book', { id: 'b1' }).succeed('charge', { id: 'c1' }).fail('ship', refused)

const rollback = ({ entries }: Play) =>
  project(entries).aftermath?.rollback.map(({ path, status, failure }) =>
    `${path} ${status} ${failure?.code ?? ''}`.trim(),
  )

describe('an execution that fails', () => {
  test('undoes what it did, one step after the other, the last first, and ends as it failed', () => {
    const execution = failed()
    expect(execution.keys).toEqual(['refund/1'])
    expect(execution.status).toBe('running')
    expect(execution.outstanding.invocations[0]?.input).toEqual({ charge: { id: 'c1' } })
    execution.until(100).succeed('refund')
    expect(execution.keys).toEqual(['cancel/1'])
    expect(execution.outstanding.invocations[0]?.input).toEqual({ booking: { id: 'b1' } })
    execution.succeed('cancel')
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: refused, output: null })
    expect(rollback(execution)).toEqual(['charge undone', 'book undone'])
    expect(execution.stepAt('refund')).toMatchObject({ undoes: 'charge' })
    expect(execution.stepAt('charge')).toMatchObject({ status: 'completed', undone: true })
    expect(execution.outstanding).toEqual({ invocations: [], children: [], wakeAt: null })
  })

  test('goes on with the rest when one cannot be undone, and says which', () => {
    const execution = failed().fail('refund', refused).succeed('cancel')
    expect(execution.status).toBe('failed')
    expect(execution.state.finished?.failure).toEqual(refused)
    expect(rollback(execution)).toEqual(['charge failed http.422', 'book undone'])
    expect(execution.stepAt('charge')?.undone).toBeUndefined()
  })

  test('tries what undoes a step again, as any step', () => {
    const execution = failed({ ...trip, nodes: { ...trip.nodes, refund: call() } })
    execution.fail('refund', busy).until(1_000).succeed('refund').succeed('cancel')
    expect(execution.asked).toEqual(['book/1', 'charge/1', 'ship/1', 'refund/1', 'refund/2', 'cancel/1'])
    expect(rollback(execution)).toEqual(['charge undone', 'book undone'])
  })

  test('undoes nothing that was not done: failed, passed through, disabled or known already', () => {
    const execution = play({
      edges: 'start > a > b > c > d > e; a:undo > ua; b:undo > ub; c:undo > uc; d:undo > ud',
      nodes: {
        a: undoable(undefined, { onError: 'continue' }),
        b: onlyIf(() => false, undoable()),
        c: undoable(undefined, { cache: { ttlMs: 60_000 } }),
        d: undoable(undefined, { disabled: true }),
        e: call(once),
      },
    })
    execution.now = 1_000
    execution.start().fail('a', refused).recall('c', 'known', 500).fail('e', refused)
    expect(execution.status).toBe('failed')
    expect(rollback(execution)).toBeUndefined()
    expect(execution.completed).toEqual(['start', 'b', 'c', 'd'])
  })

  test('is not undone when it completes, or when nothing undoes the step', () => {
    expect(play(trip).start().succeed('book').succeed('charge').succeed('ship').completed).toHaveLength(4)
    const execution = play({ edges: 'start > book > ship', nodes: { book: undoable(), ship: call(once) } })
    execution.start().succeed('book').fail('ship', refused)
    expect(rollback(execution)).toBeUndefined()
    expect(execution.status).toBe('failed')
  })

  test('is undone when a step ends it as failed, and when it runs out of active time', () => {
    const ended = play({
      edges: 'start > book > stop; book:undo > cancel',
      nodes: {
        book: undoable(),
        stop: pure(() => ({ output: 'no seats', port: 'out', end: { status: 'failed', reason: 'No seats.' } })),
        cancel: call(once),
      },
    })
    ended.start().succeed('book').succeed('cancel')
    expect(ended.state.finished).toMatchObject({
      status: 'failed',
      output: 'no seats',
      failure: { code: 'execution.ended', message: 'No seats.' },
    })
    const late = play({ ...trip, settings: { activeTimeoutMs: 10_000 } })
      .start()
      .succeed('book')
      .until(10_000)
    expect(late.keys).toEqual(['cancel/1'])
    late.until(15_000).succeed('cancel')
    expect(late.state.finished).toMatchObject({ status: 'timed_out', failure: { code: 'execution.timed_out' } })
  })

  test('undoes each visit of a step with what that visit gave', () => {
    const seen: JsonObject[] = []
    const execution = play({
      edges: 'start > rows; rows:body > look > book; rows:done > ship; book:undo > cancel',
      nodes: {
        rows: each(['x', 'y']),
        look: give(({ loop }) => `looked ${String(loop!.item)}`),
        book: undoable(({ loop }) => ({ item: loop!.item })),
        ship: call(once),
        cancel: call(once, ({ steps, loop }) => {
          const input = { booking: steps['book']!, item: loop!.item, looked: steps['look']! }
          seen.push(input)
          return input
        }),
      },
    })
    execution.start().succeed('rows[0].book', 'bx').succeed('rows[1].book', 'by').fail('ship', refused)
    execution.succeed('cancel').succeed('cancel#2')
    expect(seen).toEqual([
      { booking: 'by', item: 'y', looked: 'looked y' },
      { booking: 'bx', item: 'x', looked: 'looked x' },
    ])
    expect(rollback(execution)).toEqual(['rows[1].book undone', 'rows[0].book undone'])
    expect(new Set(execution.asked).size).toBe(execution.asked.length)
  })

  test('undoes what branches did in the order in which it was done, whichever branch did it', () => {
    const execution = play({
      edges: 'start > all; all:a > one; all:b > two; all:done > last; one:undo > unOne; two:undo > unTwo',
      nodes: { all: parallel('a b'), one: undoable(), two: undoable(), last: call(once) },
    })
    execution.start().succeed('two', 2).succeed('one', 1).fail('last', refused)
    expect(rollback(execution)).toEqual(['one undone', 'two undone'])
    expect(execution.status).toBe('failed')
  })

  test('undoes by a path of its own: branches, merges, waits', () => {
    const execution = play({
      edges: 'start > book > ship; book:undo > tell > both; book:undo > nap > both; both > last',
      nodes: {
        book: undoable(),
        ship: call(once),
        tell: call(once),
        nap: wait(({ now }) => now + 5_000),
        both: merge(),
      },
    })
    execution.start().succeed('book').fail('ship', refused).until(1_000).succeed('tell', 'told')
    expect(execution.status).toBe('waiting')
    execution.until(5_000)
    expect(execution.outputOf('both')).toEqual({ tell: 'told', nap: expect.anything() as unknown })
    expect(rollback(execution)).toEqual(['book undone'])
  })

  test('cuts off what is left of an undoing that failed', () => {
    const execution = play({
      edges: 'start > book > ship; book:undo > bad; book:undo > slow > never',
      nodes: { book: undoable(), ship: call(once), bad: call(once), slow: call(once) },
    })
    execution.start().succeed('book').fail('ship', refused).fail('bad', refused)
    expect(execution.status).toBe('failed')
    expect(execution.stepAt('slow')).toMatchObject({ status: 'cancelled', undoes: 'book' })
    expect(execution.outstanding.invocations).toEqual([])
  })

  test('cannot be redriven once it has been undone: it is started anew', () => {
    const execution = failed().succeed('refund').succeed('cancel')
    const { length } = execution.entries
    execution.turn({ type: 'redrive', by: 'usr_ada' })
    expect(execution.entries).toHaveLength(length)
  })

  test('goes on with undoing after a crash, under the same keys', () => {
    const execution = failed().crash()
    expect(execution.keys).toEqual(['refund/1'])
    execution.turn({ type: 'recover' })
    expect(execution.outstanding.invocations).toMatchObject([{ path: 'refund', attempt: 2, generation: 1 }])
    execution.succeed('refund').crash().turn({ type: 'recover' }).succeed('cancel')
    expect(rollback(execution)).toEqual(['charge undone', 'book undone'])
  })

  test('lists in its effect ledger what undoes what', () => {
    const { effects } = effectLedger(failed().succeed('refund').fail('cancel', refused).entries)
    expect(effects.map(({ path, state, undone, undoes }) => ({ path, state, undone, undoes }))).toEqual([
      { path: 'book', state: 'done', undone: undefined, undoes: undefined },
      { path: 'charge', state: 'done', undone: true, undoes: undefined },
      { path: 'ship', state: 'failed', undone: undefined, undoes: undefined },
      { path: 'refund', state: 'done', undone: undefined, undoes: 'charge' },
      { path: 'cancel', state: 'failed', undone: undefined, undoes: 'book' },
    ])
  })
})

describe('an execution that is cancelled', () => {
  const cancel = { type: 'cancel', by: 'usr_ada', reason: 'Not wanted.' } as const
  const cancelled = (more: Partial<Drawing> = {}) =>
    play({ ...trip, settings: { undoWhenCancelled: true }, ...more })
      .start()
      .succeed('book')
      .succeed('charge')
      .turn(cancel)

  test('stays as it is unless the workflow says that it is undone', () => {
    const execution = cancelled({ settings: {} })
    expect(execution.status).toBe('cancelled')
    expect(rollback(execution)).toBeUndefined()
    // What it did is undone when it is tried again and fails then.
    execution.turn({ type: 'redrive', by: 'usr_ada' }).fail('ship', refused)
    expect(execution.keys).toEqual(['refund/1'])
  })

  test('is undone where the workflow says so, and is cancelled then', () => {
    const execution = cancelled()
    expect(execution.stepAt('ship')).toMatchObject({ status: 'cancelled' })
    execution.succeed('refund').turn(cancel).succeed('cancel')
    expect(execution.state.finished).toMatchObject({ status: 'cancelled', failure: { code: 'execution.cancelled' } })
    expect(rollback(execution)).toEqual(['charge undone', 'book undone'])
  })

  test('has a minute for it; what is left then is given up, and the execution has failed', () => {
    const execution = cancelled().until(60_000)
    expect(execution.state.finished).toMatchObject({
      at: 60_000,
      status: 'failed',
      failure: { code: 'rollback.failed' },
    })
    expect(rollback(execution)).toEqual(['charge failed rollback.timed_out', 'book failed rollback.given_up'])
  })

  test('has no error handler', () => {
    const execution = cancelled({
      edges: `${trip.edges}; oops > tell`,
      nodes: { ...trip.nodes, oops: onFailure(), tell: call() },
    })
    execution.succeed('refund').succeed('cancel')
    expect(execution.status).toBe('cancelled')
    expect(execution.stepAt('oops')).toBeUndefined()
  })
})

test('whoever cancels an execution that is being undone gives up what is left of that', () => {
  const execution = failed().turn({ type: 'cancel', by: 'usr_ada', reason: 'Leave it.' })
  expect(execution.state.finished).toMatchObject({ status: 'failed', failure: refused })
  expect(rollback(execution)).toEqual(['charge failed execution.cancelled', 'book failed rollback.given_up'])
})

test('no token of the execution itself is sent to what undoes a step', () => {
  const execution = play(trip).start()
  execution.turn({ type: 'jump', by: 'usr_ada', path: 'book', to: 'refund' })
  execution.turn({ type: 'redirect', by: 'goal', node: 'refund', reason: 'Reached.' })
  expect(execution.keys).toEqual(['book/1'])
})

//  start ─► book ─► ship          book may be undone although nobody knows whether it happened
//            ┊undo
//          cancel
describe('a call that may have happened', () => {
  const unknown = { kind: 'timedOut', code: 'attempt.timed_out', message: 'Too late.', timeoutMs: 1_000 } as const
  const drawing = (settings: object, edges = 'start > book > ship; book:undo > cancel'): Drawing => ({
    edges,
    nodes: {
      book: undoable(undefined, { undoWhenUnknown: true, ...settings }),
      ship: call(once),
      cancel: call(once, ({ steps }) => ({ booking: steps['book']! })),
    },
  })
  const timedOut = { error: { code: unknown.code, message: unknown.message, kind: unknown.kind, attempt: 1 } }

  test('is undone where its step says so, and what undoes it reads why', () => {
    const execution = play(drawing(once)).start().fail('book', unknown)
    expect(execution.keys).toEqual(['cancel/1'])
    expect(execution.outstanding.invocations[0]?.input).toEqual({ booking: timedOut })
    execution.crash().succeed('cancel')
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: unknown })
    expect(rollback(execution)).toEqual(['book undone'])
    expect(execution.stepAt('book')).toMatchObject({ status: 'failed', undone: true })
  })

  test('is not undone by default, nor when it is known that it did not happen', () => {
    expect(
      play(drawing({ ...once, undoWhenUnknown: false }))
        .start()
        .fail('book', unknown).keys,
    ).toEqual([])
    expect(play(drawing(once)).start().fail('book', refused).keys).toEqual([])
  })

  test('counts also when a later try of the step was refused, or it was passed over', () => {
    const again = play(drawing({ retry: { maxRetries: 1 } }))
      .start()
      .fail('book', unknown)
      .until(60_000)
    expect(again.fail('book', refused).keys).toEqual(['cancel/1'])
    const passedOver = play(drawing({ ...once, onError: 'continue' }))
      .start()
      .fail('book', unknown)
    expect(passedOver.keys).toEqual(['ship/1'])
    expect(passedOver.fail('ship', refused).keys).toEqual(['cancel/1'])
  })

  test('counts when the process died too often, and when it was cut off by what failed beside it', () => {
    const lost = play(drawing({ ...once, onAmbiguous: 'fail' }))
      .start()
      .lose('book')
    expect(lost.outstanding.invocations[0]?.input).toMatchObject({
      booking: { error: { code: 'step.outcome_unknown' } },
    })
    const beside = play(drawing(once, 'start > book; start > ship; book:undo > cancel')).start().fail('ship', refused)
    expect(beside.keys).toEqual(['cancel/1'])
  })

  test('is undone once when it was cancelled, done by a redrive, and the rest failed', () => {
    const execution = play(drawing(once)).start().turn({ type: 'cancel', by: 'usr_ada', reason: '' })
    expect(execution.state.finished?.status).toBe('cancelled')
    execution.turn({ type: 'redrive', by: 'usr_ada' }).succeed('book', { id: 'b1' }).fail('ship', refused)
    expect(execution.outstanding.invocations.map(({ input }) => input)).toEqual([{ booking: { id: 'b1' } }])
    expect(rollback(execution.succeed('cancel'))).toEqual(['book undone'])
  })

  test('is undone when it was skipped in mid-call', () => {
    const execution = play(drawing(once)).start().turn({ type: 'skipStep', by: 'usr_ada', path: 'book' })
    expect(execution.fail('ship', refused).keys).toEqual(['cancel/1'])
  })
})

// Whether a call that failed may have happened, where its failure says so: in the ledger, for what is undone, and for calls
// that must not happen twice.

import { describe, expect, test } from 'vitest'
import type { Failure, Sent } from '../../worker/contract/failure.ts'
import { effectLedger } from '../../worker/engine/effect-ledger.ts'
import { call, type Drawing } from './support/draw.ts'
import { brokenOff, busy, notReached, refused, tooSlow } from './support/failures.ts'
import { play } from './support/play.ts'
import { undoable } from './support/undo.ts'

const once = { retry: { maxRetries: 0 } }
const saying = (failure: Failure, sent: Sent): Failure => ({ ...failure, sent })

//  start ─► book ─► ship
//            ┊undo
//          cancel
const booking = (settings: object): Drawing => ({
  edges: 'start > book > ship; book:undo > cancel',
  nodes: { book: undoable(undefined, { undoWhenUnknown: true, ...settings }), ship: call(once), cancel: call(once) },
})

/** The state of the ledger's one entry, and the outcomes of its attempts. */
function ledgerAfter(settings: object, ...failures: Failure[]): string[] {
  const execution = play({ edges: 'start > book', nodes: { book: call(settings) } }).start()
  for (const [index, failure] of failures.entries()) execution.until(index * 1_000).fail('book', failure)
  const [entry] = effectLedger(execution.entries).effects
  return [entry!.state, ...entry!.attempts.map(({ outcome }) => outcome)]
}

test.each([
  ['the connection was refused', notReached, 'not_sent', false],
  ['the connection broke', brokenOff, 'unknown', true],
  ['time was over before anything was sent', saying(tooSlow, 'no'), 'not_sent', false],
  ['time was over after it was sent', saying(tooSlow, 'unknown'), 'unknown', true],
  ['the other side said no', saying(refused, 'answered'), 'failed', false],
  ['the other side said yes in words nobody can read', saying(refused, 'unknown'), 'unknown', true],
  ['the address was refused', saying(refused, 'no'), 'not_sent', false],
] as const)('when %s', (_, failure, state, isUndone) => {
  expect(ledgerAfter(once, failure)).toEqual([state, state])
  const execution = play(booking(once)).start().fail('book', failure)
  expect(execution.keys).toEqual(isUndone ? ['cancel/1'] : [])
})

test.each([
  ['says that it was slow', tooSlow, 'unknown', true],
  ['says that it was busy', busy, 'failed', false],
  ['says that it was refused', refused, 'failed', false],
] as const)('a failure of an earlier release that %s means what it meant', (_, failure, state, isUndone) => {
  expect(ledgerAfter(once, failure)).toEqual([state, state])
  expect(play(booking(once)).start().fail('book', failure).keys).toEqual(isUndone ? ['cancel/1'] : [])
})

describe('of several attempts', () => {
  const twice = { retry: { maxRetries: 1, backoff: 'fixed', delayMs: 1_000, jitter: 'none' } }

  test('one that may have happened is enough', () => {
    expect(ledgerAfter(twice, brokenOff, notReached)).toEqual(['unknown', 'unknown', 'not_sent'])
    const execution = play(booking(twice)).start().fail('book', brokenOff).until(1_000)
    expect(execution.fail('book', notReached).keys).toEqual(['cancel/1'])
  })

  test('none was sent only if none was', () => {
    expect(ledgerAfter(twice, notReached, notReached)).toEqual(['not_sent', 'not_sent', 'not_sent'])
    expect(ledgerAfter(twice, notReached, saying(busy, 'answered'))).toEqual(['failed', 'not_sent', 'failed'])
  })
})

describe('a call that must not happen twice', () => {
  const careful = (failure: Failure) =>
    play({ edges: 'start > pay', nodes: { pay: call({ onAmbiguous: 'fail' }) } })
      .start()
      .fail('pay', failure)

  test('is not tried again when its connection broke', () => {
    expect(careful(brokenOff).state.finished).toMatchObject({ status: 'failed', failure: brokenOff })
  })

  test('is tried again when it cannot have gone out, in time or not', () => {
    for (const failure of [notReached, saying(tooSlow, 'no')]) {
      expect(careful(failure).stepAt('pay')).toMatchObject({ status: 'retrying' })
    }
  })
})

test('the other side’s wish when to come back is kept also where nobody knows whether it happened', () => {
  const execution = play({ edges: 'start > send', nodes: { send: call() } })
    .start()
    .fail('send', { ...brokenOff, retryAfterMs: 120_000 })
  expect(execution.until(119_000).keys).toEqual([])
  expect(execution.until(121_000).keys).toEqual(['send/2'])
})

test('an error branch reads it', () => {
  const execution = play({ edges: 'start > book > ship', nodes: { book: call({ ...once, onError: 'continue' }) } })
  execution.start().fail('book', notReached)
  expect(execution.outputOf('book')).toMatchObject({ error: { code: 'egress.unreachable', sent: 'no' } })
})

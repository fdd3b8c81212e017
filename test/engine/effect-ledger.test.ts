import { describe, expect, test } from 'vitest'
import { effectLedger, type LedgerEntry } from '../../worker/engine/effect-ledger.ts'
import { call } from './support/draw.ts'
import { busy, refused } from './support/failures.ts'
import { play, type Play } from './support/play.ts'

function lines({ entries }: Play): string[] {
  return effectLedger(entries).effects.map(
    ({ path, generation, state, attempts }: LedgerEntry) =>
      `${generation}/${path} ${state}: ${attempts.map(({ attempt, outcome }) => `${attempt} ${outcome}`).join(', ')}`,
  )
}

const letter = { edges: 'start > send > after', nodes: { send: call({}, () => ({ url: 'https://a.example' })) } }

describe('the effect ledger', () => {
  test('has nothing of steps that stay inside', () => {
    expect(lines(play({ edges: 'start > a > b' }).start())).toEqual([])
  })

  test('tells what was sent, what came back and how often it was tried', () => {
    const execution = play(letter).start().fail('send', busy)
    expect(lines(execution)).toEqual(['1/send retrying: 1 failed'])
    execution.until(5_000).succeed('send', { id: 7 })
    expect(lines(execution)).toEqual(['1/send done: 1 failed, 2 succeeded'])
    expect(effectLedger(execution.entries).effects[0]).toMatchObject({
      input: { url: 'https://a.example' },
      output: { id: 7 },
      attempts: [{ at: 0, endedAt: 0, failure: busy }, { endedAt: 5_000 }],
    })
  })

  test('says of a call that vanished that nobody knows', () => {
    const execution = play(letter).start().until(10).lose('send')
    expect(lines(execution)).toEqual(['1/send in_flight: 1 unknown, 2 in_flight'])
    execution.turn({ type: 'cancel', by: 'ada', reason: '' })
    expect(lines(execution)).toEqual(['1/send unknown: 1 unknown, 2 unknown'])
  })

  test('keeps what is done when the execution is tried again, under an entry of its own for what is repeated', () => {
    const execution = play({
      edges: 'start > send > bill',
      nodes: { send: call(), bill: call() },
    })
      .start()
      .succeed('send', 1)
      .fail('bill', refused)
    execution.turn({ type: 'redrive', by: 'ada' }).succeed('bill', 2)
    expect(lines(execution)).toEqual([
      '1/send done: 1 succeeded',
      '1/bill failed: 1 failed',
      '2/bill done: 2 succeeded',
    ])
    expect(effectLedger(execution.entries).generation).toBe(2)
  })

  test('tells a result that was known already from one that was asked for', () => {
    const execution = play({ edges: 'start > a', nodes: { a: call({ cache: { ttlMs: 60_000 } }, () => ({ q: 1 })) } })
    execution.now = 500_000
    execution.start().recall('a', 'A', 450_000)
    expect(effectLedger(execution.entries).effects).toMatchObject([
      { state: 'recalled', input: { q: 1 }, output: 'A', attempts: [] },
    ])
  })
})

import { describe, expect, test } from 'vitest'
import { effectLedger } from '../../worker/engine/effect-ledger.ts'
import { call } from './support/draw.ts'
import { busy, heldBack } from './support/failures.ts'
import { play } from './support/play.ts'

const letter = { edges: 'start > send', nodes: { send: call({ stepTimeoutMs: 60_000 }) } }

describe('a call that is held back', () => {
  //  start ─► send (held back until 30 s) ─► made
  test('waits until then, says why, and is made with what it was to be made with', () => {
    const execution = play(letter).start().defer('send', 30_000)
    expect(execution.status).toBe('waiting')
    expect(execution.stepAt('send')).toMatchObject({
      status: 'waiting',
      attempt: 1,
      dueAt: '1970-01-01T00:00:30.000Z',
      deferred: { code: heldBack.code, message: heldBack.message },
    })
    expect(execution.until(29_999).keys).toEqual([])
    expect(execution.crash().until(30_000).keys).toEqual(['send/2'])
    expect(execution.succeed('send', 'sent').stepAt('send')).toMatchObject({ status: 'completed', attempt: 1 })
    expect(execution.stepAt('send')).not.toHaveProperty('deferred')
  })

  test('uses up no retry, and is not counted among the tries', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call({ retry: { maxRetries: 1 } }) } }).start()
    execution.defer('send', 1_000).until(1_000).defer('send', 2_000).until(2_000).fail('send', busy)
    execution.until(execution.outstanding.wakeAt!).defer('send', 9_000).until(9_000).fail('send', busy)
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: busy })
    expect(execution.stepAt('send')).toMatchObject({ attempt: 2, failures: [{ attempt: 1, failure: busy }] })
    expect(execution.asked).toEqual(['send/1', 'send/2', 'send/3', 'send/4', 'send/5'])
  })

  test('fails at once with the reason when it could not be made before the deadline of its step', () => {
    const execution = play(letter).start().until(40_000).defer('send', 60_000)
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: heldBack })
  })

  test('has its deadline moved on by a wait that is free', () => {
    const execution = play(letter).start().defer('send', 3_600_000, { free: true })
    expect(execution.until(3_600_000).keys).toEqual(['send/2'])
    // Of its 60 s it has used none.
    expect(execution.until(3_650_000).defer('send', 3_659_000).status).toBe('waiting')
    expect(execution.until(3_659_000).defer('send', 3_660_000).status).toBe('failed')
  })

  test('takes none of the places among the calls in flight, and no active time', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const execution = play({
      edges: names.map((name) => `start > ${name}`).join(';'),
      nodes: Object.fromEntries(names.map((name) => [name, call()])),
    }).start()
    for (const name of names.slice(0, 5)) execution.defer(name, 60_000)
    expect(execution.keys).toEqual(['f/1'])
    execution.succeed('f').until(59_999)
    expect(execution.state.activeMs).toBe(0)
  })

  test('that is reported late or twice changes nothing', () => {
    const execution = play(letter).start()
    const late = { type: 'deferred', path: 'send', attempt: 1, until: 9_000, failure: heldBack, free: false } as const
    execution.turn(late)
    const { length } = execution.entries
    expect(execution.turn(late).entries).toHaveLength(length)
    expect(execution.until(9_000).turn(late).keys).toEqual(['send/2'])
  })

  test('is made as soon as whoever holds it back lets go, and no sooner because of another', () => {
    const execution = play(letter).start().until(5_000).defer('send', 30_000, { holder: 'breaker:a' })
    const { length } = execution.entries
    expect(execution.turn({ type: 'released', holder: 'breaker:b' }).entries).toHaveLength(length)
    expect(execution.crash().until(9_000).turn({ type: 'released', holder: 'breaker:a' }).keys).toEqual(['send/2'])
    // The time it waited is the step's: 60 s from its beginning.
    expect(execution.defer('send', 59_000, { holder: 'breaker:a' }).stepAt('send')?.dueAt).toContain('00:00:59')
    execution.until(59_000).defer('send', 60_000)
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: heldBack })
    expect(play(letter).start().defer('send', 30_000).turn({ type: 'released', holder: 'breaker:a' }).keys).toEqual([])
  })

  test('can be tried at once by hand, paused, skipped and cancelled', () => {
    const by = 'usr_ada'
    const held = () => play(letter).start().defer('send', 30_000)
    expect(held().turn({ type: 'retryStep', by, path: 'send' }).keys).toEqual(['send/2'])
    expect(held().turn({ type: 'pause', by }).until(40_000).keys).toEqual([])
    expect(held().turn({ type: 'skipStep', by, path: 'send' }).status).toBe('completed')
    expect(held().turn({ type: 'cancel', by, reason: '' }).status).toBe('cancelled')
  })

  test('is in the ledger as held back, without an attempt that nobody made', () => {
    const execution = play(letter).start().defer('send', 1_000)
    const entry = () => effectLedger(execution.entries).effects[0]
    expect(entry()).toMatchObject({ state: 'deferred', attempts: [] })
    execution.until(1_000).succeed('send', 'sent')
    expect(entry()).toMatchObject({ state: 'done', attempts: [{ attempt: 1, at: 1_000, outcome: 'succeeded' }] })
  })
})

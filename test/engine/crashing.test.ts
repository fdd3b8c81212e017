import { describe, expect, test } from 'vitest'
import type { Input } from '../../worker/engine/input.ts'
import { call, give, wait } from './support/draw.ts'
import { busy, refused } from './support/failures.ts'
import { play } from './support/play.ts'

describe('after a crash', () => {
  test('a fresh process asks for the same calls again', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call({}, () => ({ to: 'ada' })) } }).start()
    const before = execution.outstanding
    expect(execution.crash().outstanding).toEqual(before)
  })

  //  attempt 1 ☠ ──► attempt 2, same step, no retry used up
  test('a call that was in flight is made again at once, and uses up no retry', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call() } })
      .start()
      .crash()
      .lose('send')
    expect(execution.keys).toEqual(['send/2'])
    expect(execution.stepAt('send')!.failures).toMatchObject([{ attempt: 1, failure: { code: 'attempt.lost' } }])
    for (let retry = 1; retry <= 3; retry++) execution.fail('send', busy).until(execution.outstanding.wakeAt!)
    expect(execution.keys, 'three retries were still left').toEqual(['send/5'])
  })

  test('a fresh process says so once, for all that was in flight', () => {
    const execution = play({
      edges: 'start > a; start > b; start > pause',
      nodes: { a: call(), b: call(), pause: wait(({ now }) => now + 9_000) },
    })
    execution.start().fail('b', busy).crash().turn({ type: 'recover' })
    expect(execution.keys).toEqual(['a/2'])
    expect(execution.stepAt('b')).toMatchObject({ status: 'retrying' })
    expect(execution.entries).toHaveLength(3)

    const idle = play({ edges: 'start > pause', nodes: { pause: wait(({ now }) => now + 9_000) } }).start()
    expect(idle.crash().turn({ type: 'recover' }).entries, 'nothing was lost').toHaveLength(1)
  })

  test('lost calls keep their places, and a retry that fell due meanwhile has to wait for one', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const execution = play({
      edges: names.map((name) => `start > ${name}`).join(';'),
      nodes: Object.fromEntries(names.map((name) => [name, call()])),
    }).start()
    execution.fail('a', busy).until(5_000).crash().turn({ type: 'recover' })
    expect(execution.keys).toEqual(['b/2', 'c/2', 'd/2', 'e/2', 'f/2'])
    expect(execution.succeed('f').keys).toEqual(['a/2', 'b/2', 'c/2', 'd/2', 'e/2'])
  })

  test('a call that must not be made twice fails instead, as unknown', () => {
    const execution = play({ edges: 'start > pay', nodes: { pay: call({ onAmbiguous: 'fail' }) } }).start()
    expect(execution.crash().lose('pay').state.finished).toMatchObject({
      status: 'failed',
      failure: { kind: 'unknown', code: 'step.outcome_unknown' },
    })
  })

  test('a call that kills the process each time is given up after five repeats', () => {
    const execution = play({ edges: 'start > bomb', nodes: { bomb: call() } }).start()
    for (let crash = 1; crash <= 5; crash++) execution.crash().lose('bomb')
    expect(execution.keys).toEqual(['bomb/6'])
    expect(execution.lose('bomb').state.finished).toMatchObject({ failure: { code: 'step.outcome_unknown' } })
  })

  test('a call whose lease ran out without a word is taken for lost', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call({ timeoutMs: 1_000 }) } }).start()
    expect(execution.outstanding.wakeAt).toBe(16_000)
    execution.until(16_000)
    expect(execution.keys).toEqual(['send/2'])
  })

  test('a call that its process has in flight is not taken for lost when its lease is over: it began late', () => {
    const drawing = { edges: 'start > send', nodes: { send: call({ timeoutMs: 1_000, onAmbiguous: 'fail' }) } }
    const execution = play(drawing).start()
    execution.inFlight.add('send/1')
    execution.until(300_000)
    expect(execution.keys).toEqual(['send/1'])
    expect(execution.outstanding.wakeAt, 'its lease begins anew').toBeGreaterThan(300_000)
    expect(execution.crash().turn({ type: 'recover' }).state.finished, 'a fresh process cannot know').toMatchObject({
      failure: { code: 'step.outcome_unknown' },
    })
  })

  test('a call that its process says it has in flight for ever ends with the time of its step', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call({ timeoutMs: 1_000 }) } }).start()
    execution.inFlight.add('send/1')
    execution.until(600_000)
    expect(execution.state.finished).toMatchObject({ failure: { code: 'step.timed_out' } })
  })

  test('what lies between a lease and the call that began late is nobody’s time', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call({ timeoutMs: 1_000 }) } }).start()
    execution.inFlight.add('send/1')
    // Nobody woke it for an hour, more than a step may take.
    execution.now = 3_600_000
    execution.turn({ type: 'wake' })
    expect(execution.keys).toEqual(['send/1'])
    execution.now += 500
    execution.succeed('send')
    expect(execution.status).toBe('completed')
    expect(execution.state.activeMs, 'the first lease, and what the call took').toBe(16_000 + 500)
  })
})

describe('a report', () => {
  const send = { edges: 'start > send > after', nodes: { send: call({ onError: 'continue' }) } }
  const report = (attempt: number): Input[] => [
    { type: 'succeeded', path: 'send', attempt, outcome: { output: 'late', port: 'out' } },
    { type: 'failed', path: 'send', attempt, failure: refused },
    { type: 'lost', path: 'send', attempt },
  ]

  test('about an attempt that is not the current one changes nothing', () => {
    const execution = play(send).start().fail('send', busy).until(1_000)
    const { length } = execution.entries
    for (const input of [...report(1), ...report(3)]) execution.turn(input)
    expect(execution.entries).toHaveLength(length)
  })

  test('about a step that is done, unknown or waiting changes nothing', () => {
    const execution = play({
      edges: 'start > send > pause',
      nodes: { send: call(), pause: wait(({ now }) => now + 9) },
    }).start()
    execution.succeed('send')
    const { length } = execution.entries
    for (const path of ['send', 'pause', 'start', 'nowhere', '__proto__', 'constructor']) {
      for (const input of report(1)) execution.turn({ ...input, path } as Input)
    }
    expect(execution.entries).toHaveLength(length)
  })

  test('given twice counts once', () => {
    for (const input of report(1)) {
      const once = play(send).start().turn(input)
      const twice = play(send).start().turn(input).turn(input)
      expect(twice.entries).toEqual(once.entries)
    }
  })

  test('after the end changes nothing, and neither does anything else but a redrive', () => {
    const execution = play({ edges: 'start > a' }).start()
    const { length } = execution.entries
    const start: Input = { type: 'start', trigger: { nodeId: 'start', kind: 'manual', data: null } }
    for (const input of [start, { type: 'cancel', by: 'ada', reason: '' }, { type: 'wake' }, ...report(1)] as Input[]) {
      execution.turn(input)
    }
    expect(execution.entries).toHaveLength(length)
  })
})

describe('a second start', () => {
  test('of a running execution changes nothing', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call() } })
      .start('first')
      .start('second')
    expect(execution.entries).toHaveLength(1)
    expect(execution.state.trigger?.data).toBe('first')
  })
})

describe('a journal of another release', () => {
  test('folds although it holds events that this one does not know', () => {
    const execution = play({ edges: 'start > a > send', nodes: { send: call(), a: give(() => 1) } }).start()
    const [entry] = execution.entries
    const foreign = { type: 'moonRose', at: 0, path: 'a' } as unknown as (typeof entry & object)['events'][number]
    entry!.events.splice(2, 0, foreign)
    expect(execution.crash().keys).toEqual(['send/1'])
  })
})

import { describe, expect, test } from 'vitest'
import type { ControlInput } from '../../worker/engine/control/control.ts'
import { refusalOf } from '../../worker/engine/control/may-control.ts'
import { call, each, wait } from './support/draw.ts'
import { busy, refused } from './support/failures.ts'
import { play, type Play } from './support/play.ts'

const by = 'usr_ada'
const pause = { type: 'pause', by } as const
const resume = { type: 'resume', by } as const

const letter = {
  edges: 'start > send > after; start > nap > late',
  nodes: { send: call(), nap: wait(({ now }) => now + 60_000) },
}

/** What happened at a path after the first `from` turns. */
function since({ entries }: Play, from: number): string[] {
  return entries.slice(from).flatMap(({ events }) => events.map((e) => ('path' in e ? `${e.type} ${e.path}` : e.type)))
}

describe('pausing', () => {
  test('lets calls in flight end and keeps what they gave, and begins nothing', () => {
    const execution = play(letter).start().until(10).turn(pause)
    expect([execution.status, execution.keys, execution.outstanding.wakeAt]).toEqual(['paused', ['send/1'], null])
    execution.until(500).succeed('send', 'sent')
    expect(execution.completed).toEqual(['start', 'send'])
    expect(execution.state.ready.map(({ path }) => path)).toEqual(['after'])
    expect(execution.outputOf('send')).toBe('sent')
  })

  test('leaves timers their instants: what fell due goes on when the execution does', () => {
    const execution = play(letter).start().succeed('send').turn(pause).until(90_000).turn({ type: 'wake' })
    expect(execution.stepAt('nap')).toMatchObject({ status: 'waiting', dueAt: '1970-01-01T00:01:00.000Z' })
    execution.turn(resume)
    expect(execution.status).toBe('completed')
  })

  test('a call that failed meanwhile is tried again afterwards, and has its time', () => {
    const settings = { stepTimeoutMs: 30_000 }
    const execution = play({ edges: 'start > send', nodes: { send: call(settings) } }).start()
    execution.until(100).turn(pause).until(200).fail('send', busy).until(500_000)
    const before = execution.entries.length
    execution.turn(resume)
    expect(since(execution, before)).toEqual(['resumed', 'retryScheduled send'])
    execution.until(510_000).succeed('send')
    expect(execution.status).toBe('completed')
  })

  test('survives a crash, in which the calls in flight are lost', () => {
    const execution = play(letter).start().turn(pause).crash().turn({ type: 'recover' })
    expect([execution.status, execution.keys]).toEqual(['paused', []])
    expect(execution.turn(resume).keys).toEqual(['send/2'])
  })

  test('twice is once; and only what is paused can be resumed', () => {
    const execution = play(letter).start()
    expect(refusalOf(execution, resume)).toBe('already')
    expect(refusalOf(execution.turn(pause), pause)).toBe('already')
    const { length } = execution.entries
    expect(execution.turn(pause).entries).toHaveLength(length)
    expect(execution.turn(resume).turn(resume).entries).toHaveLength(length + 1)
  })

  test('does not hold back a cancellation', () => {
    const execution = play(letter).start().turn(pause).turn({ type: 'cancel', by, reason: '' })
    expect(execution.status).toBe('cancelled')
    expect(refusalOf(execution, resume)).toBe('finished')
    expect(execution.turn({ type: 'redrive', by }).status).toBe('running')
  })
})

describe('skipping a step', () => {
  const skip = (path: string) => ({ type: 'skipStep', by, path }) as const

  test('gives up its call, and what came in goes on', () => {
    const execution = play(letter).start({ n: 1 })
    const late = { type: 'succeeded', path: 'send', attempt: 1, outcome: { output: 'late', port: 'out' } } as const
    execution.turn(skip('send'))
    expect(execution.stepAt('send')).toMatchObject({ status: 'skipped', because: { skippedBy: by } })
    expect([execution.keys, execution.completed]).toEqual([[], ['start', 'send', 'after']])
    const { length } = execution.entries
    expect(execution.turn(late).entries).toHaveLength(length)
  })

  test('ends a wait, and a retry', () => {
    const execution = play(letter).start().fail('send', busy).turn(skip('nap')).turn(skip('send'))
    expect(execution.status).toBe('completed')
  })

  test('reaches one that has not begun, while the execution is paused', () => {
    const execution = play(letter).start().turn(pause).succeed('send').turn(skip('after'))
    expect(execution.stepAt('after')).toMatchObject({ status: 'skipped' })
    expect(execution.status).toBe('paused')
  })

  test('cuts off what goes on in it', () => {
    const execution = play({
      edges: 'start > rows; rows:body > send; rows:done > last',
      nodes: { rows: each(['a', 'b'], { atOnce: 2 }), send: call() },
    }).start()
    execution.turn(skip('rows'))
    expect([execution.status, execution.keys]).toEqual(['completed', []])
    expect(execution.stepAt('rows[0].send')).toMatchObject({ status: 'cancelled', failure: { kind: 'unknown' } })
    expect(execution.stepAt('last')).toMatchObject({ status: 'completed' })
  })

  test('that is not there changes nothing', () => {
    const execution = play(letter).start()
    const { length } = execution.entries
    expect(execution.turn(skip('start')).turn(skip('nowhere')).entries).toHaveLength(length)
    expect(refusalOf(execution, skip('start'))).toBe('gone')
  })
})

describe('retrying a step', () => {
  const retry = (path: string) => ({ type: 'retryStep', by, path }) as const

  test('does not wait for the time of the retry, and uses none up', () => {
    const execution = play(letter).start().fail('send', busy).turn(retry('send'))
    expect(execution.keys).toEqual(['send/2'])
    const { open } = execution.state
    expect(open['send']).toMatchObject({ retries: 1 })
    execution.turn(retry('send'))
    expect([execution.keys, execution.state.open['send']]).toMatchObject([['send/3'], { retries: 1, losses: 0 }])
  })

  test('waits while the execution is paused', () => {
    const execution = play(letter).start().fail('send', busy).turn(pause).turn(retry('send'))
    expect([execution.keys, execution.turn(resume).keys]).toEqual([[], ['send/2']])
  })

  test('is refused of a step that makes no call', () => {
    expect(refusalOf(play(letter).start(), retry('nap'))).toBe('idle')
  })
})

describe('jumping', () => {
  const jump = (path: string, to: string): ControlInput => ({ type: 'jump', by, path, to })

  test('goes on elsewhere, back too, as a visit of its own', () => {
    const execution = play(letter).start({ n: 1 }).succeed('send', 'first').turn(jump('nap', 'send'))
    expect(execution.stepAt('nap')).toMatchObject({ status: 'skipped', because: { jumpedTo: 'send', by } })
    execution.succeed('send#2', 'second')
    expect(execution.completed).toEqual(['start', 'send', 'after', 'nap', 'send#2', 'after#2'])
    expect(execution.status).toBe('completed')
  })

  test('stays in the iteration in which it began', () => {
    const execution = play({
      edges: 'start > rows; rows:body > send > note; rows:done > last',
      nodes: { rows: each(['a']), send: call() },
    }).start()
    expect(refusalOf(execution, jump('rows[0].send', 'last'))).toBe('elsewhere')
    expect(refusalOf(execution, jump('rows', 'note'))).toBe('elsewhere')
    execution.turn(jump('rows[0].send', 'note'))
    expect(execution.completed).toEqual(['start', 'rows[0].send', 'rows[0].note', 'rows', 'last'])
  })

  test('can go nowhere else', () => {
    const execution = play(letter).start()
    expect(refusalOf(execution, jump('send', 'nowhere'))).toBe('elsewhere')
    execution.fail('send', refused)
    expect(refusalOf(execution, jump('send', 'after'))).toBe('finished')
  })
})

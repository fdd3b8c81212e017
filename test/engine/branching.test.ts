import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../worker/contract/json.ts'
import { call, give, pure } from './support/draw.ts'
import { busy } from './support/failures.ts'
import { play } from './support/play.ts'

/** Goes out at the port that the trigger's data names. */
const byTrigger = pure(({ trigger }) => ({ output: null, port: String(trigger), because: { saw: trigger } }))

describe('a branch', () => {
  //              yes ► gold ─┐
  //  start ─► if             ├─► thank
  //              no ─► tin ──┘
  const drawing = {
    edges: 'start > choose; choose:yes > gold > thank; choose:no > tin > thank',
    nodes: { choose: byTrigger },
  }

  test('is taken alone, and the node after it runs once', () => {
    const execution = play(drawing).start('no')
    expect(execution.completed).toEqual(['start', 'choose', 'tin', 'thank'])
    expect(execution.status).toBe('completed')
  })

  test('says why it was taken', () => {
    expect(play(drawing).start('yes').stepAt('choose')).toMatchObject({ port: 'yes', because: { saw: 'yes' } })
  })

  test('that leads nowhere ends there', () => {
    const execution = play(drawing).start('maybe')
    expect(execution.completed).toEqual(['start', 'choose'])
    expect(execution.status).toBe('completed')
  })

  test('in pure nodes is one turn and one journal entry', () => {
    expect(play(drawing).start('yes').entries).toHaveLength(1)
  })
})

describe('a fan-out', () => {
  //            ┌─► left ──┐
  //  start ────┤          ├─► join ─► send
  //            └─► right ─┘
  const diamond = 'start > left > join > send; start > right > join'

  test('sends a token down every edge, and a join runs once per token', () => {
    const execution = play({ edges: diamond }).start()
    expect(execution.completed).toEqual(['start', 'left', 'right', 'join', 'join#2', 'send', 'send#2'])
  })

  test('lets each token read what lies on its own way, whichever came last', () => {
    const execution = play({
      edges: diamond,
      nodes: {
        left: call(),
        right: call(),
        join: { ...give(() => null), settings: { disabled: true } },
        send: give(({ steps }) => ({ joined: steps['join']! })),
      },
    }).start()
    execution.succeed('right', 'from right').succeed('left', 'from left')
    expect(execution.outputOf('send')).toEqual({ joined: 'from right' })
    expect(execution.outputOf('send#2')).toEqual({ joined: 'from left' })
  })

  //            ┌─► left ──┐
  //  start ────┤          ├─► join ─► wait for the call ─► send
  //            └─► right ─┘
  test('keeps the ways apart over calls that come back in the other order', () => {
    const execution = play({
      edges: 'start > left > join > ask > send; start > right > join',
      nodes: {
        left: give(() => 'L'),
        right: give(() => 'R'),
        join: { ...give(() => null), settings: { disabled: true } },
        ask: call({}, ({ steps }) => ({ for: steps['join']! })),
        send: give(({ steps }) => [steps['join']!, steps['ask']!]),
      },
    }).start()
    expect(execution.outstanding.invocations.map(({ input }) => input)).toEqual([{ for: 'L' }, { for: 'R' }])

    execution.crash().succeed('ask#2', 'second').succeed('ask', 'first')
    expect(execution.outputOf('send')).toEqual(['R', 'second'])
    expect(execution.outputOf('send#2')).toEqual(['L', 'first'])
  })

  test('sees the latest output of a node that is not on its way', () => {
    const execution = play({
      edges: 'start > slow > last; start > quick',
      nodes: { slow: call(), quick: give(() => 'done'), last: give(({ steps }) => steps['quick'] ?? 'nothing') },
    }).start()
    expect(execution.succeed('slow').outputOf('last')).toBe('done')
  })

  test('forgets the ways of tokens that are gone', () => {
    const execution = play({ edges: diamond, nodes: { send: call() } }).start()
    execution.succeed('send').succeed('send#2')
    expect(execution.state.superseded).toEqual({})
    expect(Object.keys(execution.state.frames)).toHaveLength(1)
  })

  test('calls at most five at a time, and the next as soon as one comes back', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const execution = play({
      edges: names.map((name) => `start > ${name}`).join(';') + '; start > quick',
      nodes: Object.fromEntries(names.map((name) => [name, call()])),
    }).start()
    expect(execution.keys).toEqual(['a/1', 'b/1', 'c/1', 'd/1', 'e/1'])
    expect(execution.completed, 'what needs no call does not queue').toContain('quick')
    expect(execution.status).toBe('running')

    expect(execution.succeed('c').keys).toEqual(['a/1', 'b/1', 'd/1', 'e/1', 'f/1'])
    for (const path of ['a', 'b', 'd', 'e', 'f', 'g']) execution.succeed(path)
    expect(execution.status).toBe('completed')
  })

  test('lets a retry wait for a free place without waking for nothing', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const execution = play({
      edges: names.map((name) => `start > ${name}`).join(';'),
      nodes: Object.fromEntries(names.map((name) => [name, call({ stepTimeoutMs: 60_000 })])),
    }).start()
    execution.fail('a', busy)
    expect(execution.keys).toEqual(['b/1', 'c/1', 'd/1', 'e/1', 'f/1'])

    execution.until(20_000)
    expect(execution.keys).toEqual(['b/1', 'c/1', 'd/1', 'e/1', 'f/1'])
    expect(execution.succeed('b').keys).toEqual(['a/2', 'c/1', 'd/1', 'e/1', 'f/1'])
  })
})

describe('names', () => {
  test('that JavaScript objects inherit are nodes and variables like any other', () => {
    const seen: JsonObject[] = []
    const look = give(({ steps, vars }) => {
      seen.push({ ...steps }, { ...vars })
      return null
    })
    const execution = play({
      edges: 'start > toString > valueOf > hasOwnProperty',
      nodes: {
        toString: pure(() => ({ output: 'text', port: 'out', vars: { isPrototypeOf: 1, ['__proto__']: 2 } })),
        hasOwnProperty: look,
      },
      variables: { watch: 0 },
    }).start()
    expect(execution.status).toBe('completed')
    expect(seen[0]).toEqual({ start: null, toString: 'text', valueOf: 'valueOf' })
    expect(Object.entries(seen[1]!)).toEqual([
      ['watch', 0],
      ['isPrototypeOf', 1],
      ['__proto__', 2],
    ])
  })
})

describe('the journal', () => {
  //  start ─► off (disabled) ─► keep ─► last
  test('holds the data of the trigger once, however many steps pass it on', () => {
    const execution = play({
      edges: 'start > off > keep > last',
      nodes: {
        off: call({ disabled: true }),
        keep: give(({ trigger }) => trigger),
        last: give(({ steps }) => steps['keep']!),
      },
    }).start({ large: 'payload' })
    expect(JSON.stringify(execution.entries).split('payload')).toHaveLength(2)
    for (const path of ['start', 'off', 'keep', 'last']) expect(execution.outputOf(path)).toEqual({ large: 'payload' })
    expect(execution.crash().state.finished?.output).toEqual({ large: 'payload' })
  })
})

describe('variables', () => {
  //  start ─► count ─► count again ─► read
  test('begin with those of the workflow and change from step to step', () => {
    const execution = play({
      edges: 'start > first > second > read',
      variables: { total: 1 },
      nodes: {
        first: pure(({ vars }) => ({ output: vars, port: 'out', vars: { total: 2, by: 'first' } })),
        second: pure(({ vars }) => ({ output: vars, port: 'out', vars: { total: 3 } })),
        read: give(({ vars }) => vars),
      },
    }).start()
    expect(['first', 'second', 'read'].map((path) => execution.outputOf(path))).toEqual([
      { total: 1 },
      { total: 2, by: 'first' },
      { total: 3, by: 'first' },
    ])
  })
})

describe('a node that ends the execution', () => {
  //            ┌─► stop
  //  start ────┤
  //            └─► slow (in flight)
  const ended = (status: 'completed' | 'failed' | 'cancelled') =>
    play({
      edges: 'start > slow > after; start > stop > never; start > late',
      nodes: {
        slow: call(),
        stop: pure(() => ({ output: { total: 7 }, port: 'out', end: { status, reason: 'Enough.' } })),
      },
    }).start()

  test('cancels the other branches and gives its output', () => {
    const execution = ended('completed')
    expect(execution.state.finished).toMatchObject({ status: 'completed', output: { total: 7 } })
    expect(execution.outstanding).toEqual({ invocations: [], children: [], wakeAt: null })
    expect(execution.stepAt('slow')).toMatchObject({ status: 'cancelled', failure: { kind: 'unknown' } })
    expect(execution.completed).toEqual(['start', 'stop'])
  })

  test('can end it as failed or cancelled, with its reason, and then there is nothing to redrive', () => {
    expect(ended('failed').state.finished).toMatchObject({ status: 'failed', failure: { message: 'Enough.' } })
    const cancelled = ended('cancelled')
    expect(cancelled.state.finished).toMatchObject({ status: 'cancelled', output: { total: 7 } })
    const { length } = cancelled.entries
    expect(cancelled.turn({ type: 'redrive', by: 'ada' }).entries).toHaveLength(length)
  })
})

describe('the answer to the sender', () => {
  test('is the first that a node gave', () => {
    const answer = (body: string) =>
      pure(() => ({ output: null, port: 'out', response: { status: 200, headers: {}, body } }))
    const execution = play({ edges: 'start > one > two', nodes: { one: answer('one'), two: answer('two') } }).start()
    expect(execution.state.response?.body).toBe('one')
  })
})

describe('a disabled node', () => {
  //  start ─► a ─► off ─► c
  test('passes on what came in, at its first port', () => {
    const execution = play({
      edges: 'start > a > off > c; off:other > d',
      nodes: { a: give(() => ({ n: 1 })), off: call({ disabled: true }), c: give(({ steps }) => steps['off']!) },
    }).start()
    expect(execution.stepAt('off')).toMatchObject({ status: 'skipped', output: { n: 1 }, port: 'out' })
    expect(execution.outputOf('c')).toEqual({ n: 1 })
    expect(execution.asked).toEqual([])
  })

  test('right after the trigger passes on the trigger data', () => {
    const execution = play({ edges: 'start > off', nodes: { off: call({ disabled: true }) } }).start({ hi: 1 })
    expect(execution.outputOf('off')).toEqual({ hi: 1 })
  })
})

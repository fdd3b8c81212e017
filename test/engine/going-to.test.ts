import { describe, expect, test } from 'vitest'
import { call, each, give, goTo, merge, onlyIf, parallel, pure } from './support/draw.ts'
import { refused } from './support/failures.ts'
import { play } from './support/play.ts'

//            ┌────────── again ◄─ no ─┐
//            ▼                        │
//  start ─► try ─► enough? ───────────┤
//                                     └─ yes ─► last
const rounds = (limit: number, failsAtLimit = false) => ({
  edges: 'start > try > enough; enough:no > again; again:jump > try; again:onward > gaveUp; enough:yes > last',
  nodes: {
    try: call(),
    enough: pure(({ steps }) => ({ output: null, port: steps['try'] === 'ok' ? 'yes' : 'no' })),
    again: goTo(limit, { failsAtLimit }),
  },
})

describe('going back', () => {
  test('does the step again, as a visit of its own with its own key', () => {
    const execution = play(rounds(5)).start()
    execution.succeed('try', 'not yet').succeed('try#2', 'not yet').succeed('try#3', 'ok')
    expect(execution.asked).toEqual(['try/1', 'try#2/1', 'try#3/1'])
    expect(execution.completed.at(-1)).toBe('last')
    expect(execution.stepAt('again#2')).toMatchObject({ port: 'jump', because: { jumps: 1, limit: 5 } })
  })

  test('is counted, and goes on when that was enough', () => {
    const execution = play(rounds(2)).start()
    execution.succeed('try', 'no').succeed('try#2', 'no').succeed('try#3', 'no')
    expect(execution.completed.slice(-2)).toEqual(['again#3', 'gaveUp'])
    expect(execution.stepAt('again#3')).toMatchObject({ port: 'onward', because: { jumps: 2, limit: 2 } })
    expect(execution.status).toBe('completed')
  })

  test('or fails', () => {
    const execution = play(rounds(1, true)).start()
    execution.succeed('try', 'no').succeed('try#2', 'no')
    expect(execution.stepAt('again#2')).toMatchObject({
      failure: { code: 'go_to.too_many', details: { target: 'try', limit: 1 } },
    })
    expect(execution.status).toBe('failed')
  })

  test('hands over what came in', () => {
    const execution = play({
      edges: 'start > first > again; again:jump > echo; again:onward > last; echo > done',
      nodes: {
        first: give(() => 'in'),
        again: goTo(1),
        echo: { ...give(() => null), settings: { disabled: true } },
        done: give(({ steps }) => [steps['again']!, steps['echo']!]),
      },
    }).start()
    expect(execution.outputOf('done')).toEqual(['in', 'in'])
  })

  test('without an edge ends the branch', () => {
    const execution = play({ edges: 'start > again', nodes: { again: goTo(3) } }).start()
    expect(execution.status).toBe('completed')
  })

  //  start ─► work ─► a (goes to work) ─onward─► b (goes to work)
  test('is counted by target, whoever sends there', () => {
    const execution = play({
      edges: 'start > work > a; a:jump > work; a:onward > b; b:jump > work; b:onward > last',
      nodes: { a: goTo(2), b: goTo(3) },
    }).start()
    const visits = (node: string) => execution.completed.filter((path) => path.split('#')[0] === node).length
    expect(visits('work'), 'the first, two sent by a, one by b').toBe(4)
    expect(execution.completed.at(-1)).toBe('last')
  })

  //  start ─► each ══ body ─► work ─► again ─► kept
  test('is counted anew in each iteration', () => {
    const execution = play({
      edges: 'start > each; each:body > work > again; again:jump > work; again:onward > kept; each:done > last',
      nodes: { each: each(['a', 'b']), again: goTo(2), kept: give(({ loop }) => loop!.item) },
    }).start()
    expect(execution.completed.filter((path) => path.includes('.work'))).toEqual(
      ['each[0].work', 'each[0].work#2', 'each[0].work#3'].concat(['each[1].work', 'each[1].work#2', 'each[1].work#3']),
    )
    expect(execution.outputOf('each')).toMatchObject({ results: ['a', 'b'] })
  })

  //  start ─► fan ─► a ─► join ─► again (goes to fan)
  //             └──► b ───┘
  test('goes round through a fan-out and its merge, which joins the same two each time', () => {
    const execution = play({
      edges: 'start > fan > a > join > again; fan > b > join; again:jump > fan; again:onward > last',
      nodes: { join: merge(), again: goTo(2) },
    }).start()
    expect(execution.completed.filter((path) => path.startsWith('join'))).toEqual(['join', 'join#3', 'join#5'])
    expect(execution.status).toBe('completed')
    expect(execution.state).toMatchObject({ frameCount: 1, superseded: {}, shared: {} })
  })

  test('stays in the branch it lies in', () => {
    const execution = play({
      edges: 'start > all; all:a > x > again; again:jump > x; again:onward > y; all:b > z; all:done > last',
      nodes: { all: parallel('a b'), again: goTo(1) },
    }).start()
    expect(execution.outputOf('all')).toEqual({ a: 'y', b: 'z' })
    expect(execution.status).toBe('completed')
  })

  test('that is disabled, or not to be executed, is passed through', () => {
    const edges = 'start > work > again; again:jump > work; again:onward > last'
    for (const again of [goTo(9, { settings: { disabled: true } }), onlyIf(() => false, goTo(9))]) {
      expect(play({ edges, nodes: { again } }).start().completed).toEqual(['start', 'work', 'again', 'last'])
    }
  })

  test('keeps its count over a crash and a redrive', () => {
    const execution = play(rounds(2)).start().succeed('try', 'no')
    execution.crash().turn({ type: 'recover' }).fail('try#2', refused).turn({ type: 'redrive', by: 'usr_ada' })
    execution.succeed('try#2', 'no').succeed('try#3', 'no')
    expect(execution.completed.slice(-2)).toEqual(['again#3', 'gaveUp'])
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAtRest, misfitsOf } from '../../worker/engine/migrate/misfits.ts'
import { project } from '../../worker/engine/projection.ts'
import { statusOf } from '../../worker/engine/state.ts'
import { forkJournal } from '../../worker/engine/fork/fork-journal.ts'
import { checkLegal } from './support/check-legal.ts'
import { call, draw, each, give, merge, parallel, wait, type Drawing } from './support/draw.ts'
import { busy } from './support/failures.ts'
import { interpret } from './support/model.ts'
import { planOfProgram } from './support/plan-of-program.ts'
import { identity, Play, play, stored } from './support/play.ts'
import { programs } from './support/program.ts'
import { runs, scale } from './support/runs.ts'
import { run, type Meddler } from './support/world.ts'

const from = { id: 'ver_1', number: 1 }
const to = { id: 'ver_2', number: 2 }
const nap = wait(({ now }) => now + 3_600_000)

/** The execution goes on with another plan, if it can. */
function migrate(execution: Play, drawing: Drawing): Play {
  const plan = draw(drawing)
  expect(misfitsOf(execution.state, execution.plan, plan)).toEqual([])
  const moved = Play.from(plan, execution.entries, execution.now)
  return moved.turn({ type: 'migrate', by: 'usr_ada', from, to })
}

const codes = (execution: Play, drawing: Drawing) =>
  misfitsOf(execution.state, execution.plan, draw(drawing)).map(({ code, path }) => [code, path])

describe('an execution that waits', () => {
  test('goes on with what follows in the other version; what is finished stays as it was', () => {
    const before: Drawing = { edges: 'start > greet > nap > send', nodes: { nap, send: call() } }
    const execution = play(before).start('data').until(1_000)
    const steps = project(execution.entries).steps.slice(0, 2)
    const after: Drawing = {
      edges: 'start > greet > nap > check > tell',
      nodes: { nap, check: give(({ vars }) => vars['limit']!), tell: call() },
      variables: { limit: 7 },
    }
    const moved = migrate(execution, after).until(3_600_000)
    expect(moved.outputOf('check')).toBe(7)
    expect(moved.keys).toEqual(['tell/1'])
    moved.succeed('tell')
    expect(moved.status).toBe('completed')
    expect(project(moved.entries).steps.slice(0, 2)).toEqual(steps)
    expect(project(moved.entries).migrations).toEqual([
      { at: '1970-01-01T00:00:01.000Z', by: 'usr_ada', fromNumber: 1, toNumber: 2 },
    ])
  })

  test('keeps its instant, whatever the other version says of the wait', () => {
    const execution = play({ edges: 'start > nap > done', nodes: { nap } }).start()
    const moved = migrate(execution, { edges: 'start > nap > done', nodes: { nap: wait(({ now }) => now + 1) } })
    expect(moved.outstanding.wakeAt).toBe(3_600_000)
  })

  test('between two tries of a call tries it as it was asked, and as often as the other version says', () => {
    const one: Drawing = { edges: 'start > send', nodes: { send: call({}, () => ({ text: 'old' })) } }
    const execution = play(one).start().until(10).fail('send', busy)
    const two: Drawing = {
      edges: 'start > send',
      nodes: { send: call({ retry: { maxRetries: 1 } }, () => ({ text: 'new' })) },
    }
    const moved = migrate(execution, two).until(2_000)
    expect(moved.outstanding.invocations[0]!.input).toEqual({ text: 'old' })
    moved.fail('send', busy)
    expect(moved.status).toBe('failed')
  })

  test('while a call is in flight stays: it is no wait', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call() } }).start()
    expect(isAtRest(execution.state)).toBe(false)
    const before = execution.entries.length
    execution.turn({ type: 'migrate', by: 'usr_ada', from, to })
    expect(execution.entries).toHaveLength(before)
  })

  test('paused before a step may move, and the step begins with the other version', () => {
    const execution = play({ edges: 'start > send > tell', nodes: { send: call(), tell: call() } }).start()
    execution.turn({ type: 'pause', by: 'ada' }).succeed('send')
    expect(isAtRest(execution.state)).toBe(true)
    const moved = migrate(execution, {
      edges: 'start > send > tell',
      nodes: { send: call(), tell: give(() => 'told') },
    })
    expect(moved.turn({ type: 'resume', by: 'ada' }).outputOf('tell')).toBe('told')
  })
})

describe('does not fit', () => {
  test('where its step is gone, does something else, or lies in a loop now', () => {
    const execution = play({ edges: 'start > nap > done', nodes: { nap } }).start()
    expect(codes(execution, { edges: 'start > done' })).toEqual([['step_gone', 'nap']])
    expect(codes(execution, { edges: 'start > nap > done', nodes: { nap: call() } })).toEqual([['step_changed', 'nap']])
    const looped: Drawing = {
      edges: 'start > each; each:body > nap; each:done > done',
      nodes: { nap, each: each([1]) },
    }
    expect(codes(execution, looped)).toEqual([['step_moved', 'nap']])
    expect(codes(execution, { edges: 'begin > nap > done', nodes: { nap } })).toEqual([['trigger_gone', undefined]])
  })

  test('where a branch that goes on is gone', () => {
    const one: Drawing = {
      edges: 'start > all; all:a > nap; all:b > send',
      nodes: { all: parallel('a b'), nap, send: nap },
    }
    const execution = play(one).start()
    const two: Drawing = {
      edges: 'start > all; all:a > nap; all:c > send',
      nodes: { ...one.nodes, all: parallel('a c') },
    }
    expect(codes(execution, two)).toEqual([
      ['branch_gone', 'all'],
      ['step_moved', 'send'],
    ])
  })

  test('where the branches of a merge that collects part elsewhere', () => {
    const nodes = { join: merge(), nap, a: give(() => 'A') }
    const execution = play({ edges: 'start > mid; mid > a > join; mid > nap > join', nodes }).start()
    expect(codes(execution, { edges: 'start > a > join; start > nap > join; a > mid', nodes })).toContainEqual([
      'merge_changed',
      'join',
    ])
    expect(codes(execution, { edges: 'start > mid; mid > a > join; mid > nap > join > more', nodes })).toEqual([])
  })
})

test('a fork goes on with another version, if the step fits', () => {
  const execution = play({ edges: 'start > score > send', nodes: { send: call() } })
    .start()
    .until(5)
    .succeed('send')
  const plan = { ...draw({ edges: 'start > score > send > tell', nodes: { send: call(), tell: call() } }) }
  const wish = { executionId: 'exe_origin', by: 'ada', pretend: false, originPlan: execution.plan, identity }
  const fork = forkJournal(execution.entries, { ...wish, path: 'send', plan }, 100)
  if (fork.kind !== 'forked') throw new Error(fork.kind)
  const going = Play.from(plan, fork.entries, 100).turn({ type: 'wake' }).succeed('send')
  expect(going.keys).toEqual(['tell/1'])
  const without = draw({ edges: 'start > score > tell', nodes: { tell: call() } })
  expect(forkJournal(execution.entries, { ...wish, path: 'send', plan: without }, 100)).toMatchObject({
    kind: 'misfit',
    misfits: [{ code: 'step_gone', path: 'send' }],
  })
})

describe('of a random workflow', { timeout: 120_000 * scale }, () => {
  test('one that is moved to an equal version at every wait ends as the model says, and nothing finished changes', () => {
    let moves = 0
    fc.assert(
      fc.property(programs({ size: 8, stops: true }), (program) => {
        const expected = interpret(program, { hello: 'world' })
        if (expected === undefined) return
        const plan = planOfProgram(program)
        const again = planOfProgram(program)
        const move: Meddler = (_, state) => {
          if (!isAtRest(state)) return []
          expect(misfitsOf(state, plan, again)).toEqual([])
          return [{ type: 'migrate', by: 'ada', from, to }]
        }
        const once = new Set<string>()
        const atEachWait: Meddler = (turn, state) => {
          const key = `${state.generation}/${Object.keys(state.open).join()}/${state.at}`
          if (once.has(key)) return []
          once.add(key)
          const wishes = move(turn, state)
          moves += wishes.length
          return wishes
        }
        const ran = run(plan, [], 4_000, atEachWait)
        checkLegal(stored(ran.entries))
        expect(statusOf(ran.state)).toBe(expected.status)
        const ways = (all: typeof ran.entries) =>
          project(all).steps.map(({ path, port, status }) => `${path} ${status} ${port}`)
        if (expected.status !== 'failed') expect(ways(ran.entries).sort()).toEqual(ways(run(plan).entries).sort())
      }),
      runs(200),
    )
    expect(moves).toBeGreaterThan(50 * scale)
  })
})

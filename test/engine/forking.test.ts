import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { effectLedger } from '../../worker/engine/effect-ledger.ts'
import type { ExecutionEvent, JournalEntry } from '../../worker/engine/event.ts'
import { cutBefore } from '../../worker/engine/fork/cut.ts'
import { forkJournal, type ForkWish } from '../../worker/engine/fork/fork-journal.ts'
import { nodeOf } from '../../worker/engine/path.ts'
import type { Plan } from '../../worker/engine/plan.ts'
import { project } from '../../worker/engine/projection.ts'
import { canRedrive } from '../../worker/engine/receive.ts'
import { statusOf } from '../../worker/engine/state.ts'
import { playFork } from '../../worker/simulate/play-fork.ts'
import { checkLegal } from './support/check-legal.ts'
import { approve, call, child, each, give, merge, type Drawing } from './support/draw.ts'
import { busy, refused } from './support/failures.ts'
import { interpret } from './support/model.ts'
import { planOfProgram } from './support/plan-of-program.ts'
import { identity, Play, play, stored } from './support/play.ts'
import { programOf, programs, type Program } from './support/program.ts'
import { runs, scale } from './support/runs.ts'
import { onFailure, undoable } from './support/undo.ts'
import { run } from './support/world.ts'

const originId = 'exe_01jd4x8m3w5q7r9t1v3x5z7b9d'
const limits = { turns: 4_000, journalCharacters: 5_000_000 }

function forkOf(
  entries: readonly JournalEntry[],
  plan: Plan,
  wish: Partial<ForkWish> & { path: string },
  now = 9_000_000,
) {
  const whole = { executionId: originId, by: 'usr_ada', pretend: false, originPlan: plan, plan, identity, ...wish }
  return forkJournal(entries, whole, now)
}

/** The fork as a story that goes on; throws when it was refused. */
function forked(origin: Play, wish: Partial<ForkWish> & { path: string }, now = 9_000_000): Play {
  const fork = forkOf(stored(origin.entries), origin.plan, wish, now)
  if (fork.kind !== 'forked') throw new Error(JSON.stringify(fork))
  return Play.from(wish.plan ?? origin.plan, fork.entries, now)
}

function pretended(entries: readonly JournalEntry[], plan: Plan, wish: Partial<ForkWish> & { path: string }) {
  const fork = forkOf(entries, plan, { ...wish, pretend: true })
  if (fork.kind !== 'forked') throw new Error(JSON.stringify(fork))
  const { executionId } = identity
  const { state, recorded } = fork
  const more = playFork({ plan: wish.plan ?? plan, state, executionId, recorded, actors: new Map(), steps: {} }, limits)
  return { before: fork.entries, entries: [...fork.entries, ...more], state }
}

/**
 * When steps ended, and which way they took. In what order things happen that fall into one instant is nobody's to say;
 * that none comes before what it follows from is the journal's to show (`checkLegal`).
 */
function wayOf(events: readonly ExecutionEvent[]): string[] {
  const ways = events.flatMap((event) => {
    if (event.type === 'stepCompleted') return [`${event.at} ${event.path}:${event.port}`]
    return event.type === 'stepFailed' ? [`${event.at} ${event.path} failed ${event.handled}`] : []
  })
  return ways.sort()
}

/*   start ─► score ─► send ─► tell       */
const line: Drawing = {
  edges: 'start > score > send > tell',
  nodes: {
    score: give(({ trigger, vars }) => ({ points: trigger, bonus: vars['bonus'] ?? null })),
    send: call({ retry: { maxRetries: 0 } }, ({ steps }) => ({ to: 'a@example.com', score: steps['score']! })),
    tell: call({}, ({ steps }) => ({ sent: steps['send']! })),
  },
}

//  start ─► early ─► pay ─► late        early and late draw by chance
const drawing: Drawing = {
  edges: 'start > early > pay > late',
  nodes: {
    early: give(({ chance, execution }) => chance ?? execution.id),
    pay: call({ retry: { maxRetries: 0 } }),
    late: give(({ chance, execution }) => [chance ?? execution.id, execution.id]),
  },
}

describe('chance', () => {
  test('is drawn for a fork, and for a fork of it, by the name of their first origin; it keeps its own name', () => {
    const origin = play(drawing).start(10).fail('pay', refused)
    const wake = { type: 'wake' } as const
    const fork = forked(origin, { path: 'pay' }).turn(wake).fail('pay', refused)
    const further = forked(fork, { path: 'pay', executionId: 'exe_fork' }).turn(wake).succeed('pay')
    expect(further.state.outputs['late']).toEqual([originId, identity.executionId])
    expect(forked(further, { path: 'early', executionId: 'exe_other' }).state.chance).toBe(originId)
    const { state } = pretended(stored(fork.entries), fork.plan, { path: 'pay', executionId: 'exe_fork' })
    expect(state.chance).toBe(originId)
  })

  test('is drawn as it was for forks of earlier releases: by their own name', () => {
    const fork = forked(play(drawing).start(10).fail('pay', refused), { path: 'pay' })
    const earlier = fork.entries.map((entry) => ({
      ...entry,
      events: entry.events.map((event) => {
        if (event.type !== 'forked') return event
        const { chance: _chance, ...rest } = event
        return rest
      }),
    }))
    const { outputs } = Play.from(fork.plan, earlier, 9_000_000).turn({ type: 'wake' }).succeed('pay').state
    expect(outputs['late']).toEqual([identity.executionId, identity.executionId])
  })
})

describe('a fork', () => {
  test('keeps what lies before the step, and does the rest under keys of its own', () => {
    const origin = play(line).start(10).until(50).succeed('send', 'first').until(90).succeed('tell')
    const fork = forked(origin, { path: 'send' })
    expect(fork.status).toBe('running')
    fork.turn({ type: 'wake' })
    expect(fork.keys).toEqual(['send/1'])
    expect(fork.outstanding.invocations[0]).toMatchObject({ generation: 2, input: { score: { points: 10 } } })
    fork.succeed('send', 'second').succeed('tell')
    expect(fork.status).toBe('completed')
    expect(fork.outputOf('send')).toBe('second')
    expect(project(fork.entries)).toMatchObject({
      origin: { executionId: originId, path: 'send', by: 'usr_ada', effects: 'real', edited: [] },
      steps: [
        { path: 'start', inherited: true },
        { path: 'score', inherited: true },
        { path: 'send', output: 'second' },
        { path: 'tell' },
      ],
    })
    expect(origin.outputOf('send')).toBe('first')
  })

  test('from a step in the middle of a turn cuts through that turn', () => {
    const origin = play(line).start(10)
    const cut = cutBefore(origin.entries, 'score')!
    expect(cut.before).toHaveLength(1)
    expect(cut.before[0]!.events.map(({ type }) => type)).toEqual(['started', 'stepCompleted'])
  })

  test('of a step that was never called for is refused', () => {
    const origin = play(line).start(10)
    expect(forkOf(origin.entries, origin.plan, { path: 'tell' }).kind).toBe('noSuchStep')
    expect(forkOf(origin.entries, origin.plan, { path: 'nowhere' }).kind).toBe('noSuchStep')
  })

  test('reads what was edited: the trigger, variables, what a step gave', () => {
    const origin = play({ ...line, variables: { bonus: 1 } })
      .start(10)
      .until(50)
      .succeed('send')
      .succeed('tell')
    const again = forked(origin, { path: 'score', edits: { trigger: 70, variables: { bonus: 5 } } }).turn({
      type: 'wake',
    })
    expect(again.outputOf('score')).toEqual({ points: 70, bonus: 5 })
    const fork = forked(origin, { path: 'send', edits: { outputs: { score: 'edited' } } }).turn({ type: 'wake' })
    expect(fork.outstanding.invocations[0]!.input).toMatchObject({ score: 'edited' })
    expect(fork.stepAt('score')).toMatchObject({ output: 'edited', edited: true, inherited: true })
    expect(project(fork.entries).origin!.edited).toEqual(['outputs.score'])
  })

  test('calls a step with the input that was edited, whatever its expressions give', () => {
    const origin = play(line).start(10).until(50).fail('send', refused)
    const fork = forked(origin, { path: 'send', edits: { inputs: { send: { to: 'b@example.com' } } } })
    fork.turn({ type: 'wake' })
    expect(fork.outstanding.invocations[0]!.input).toEqual({ to: 'b@example.com' })
  })

  test('refuses edits that nobody would read, and says which', () => {
    const origin = play(line).start(10).until(50).succeed('send').succeed('tell')
    const edits = { outputs: { tell: 1 }, items: { 'each[0]': 1 }, inputs: { score: {}, send: 'text' } }
    const fork = forkOf(origin.entries, origin.plan, { path: 'send', edits })
    expect(fork).toEqual({
      kind: 'invalid',
      problems: [
        { path: 'outputs.tell', message: 'is not read by any step that comes' },
        { path: 'items.each[0]', message: 'is no iteration of a list that goes on' },
        { path: 'inputs.score', message: 'is no step that begins now' },
        { path: 'inputs.send', message: 'must be an object' },
      ],
    })
  })

  /*   start ─┬─► slow ─► after
              └─► pick ─► send       `slow` is in flight when `pick` begins, and answers later   */
  test('takes over what was under way beside the step and was done since', () => {
    const origin = play({
      edges: 'start > slow > after; start > ask > send',
      nodes: { slow: call(), ask: call(), after: give(({ steps }) => steps['slow']!), send: call() },
    })
    origin.start().until(10).succeed('ask', 'A').until(20).succeed('slow', 'S').until(30).fail('send', refused)
    const fork = forked(origin, { path: 'send' }).turn({ type: 'wake' })
    expect(fork.keys).toEqual(['send/1'])
    expect(fork.outputOf('after')).toBe('S')
    const { effects } = effectLedger(fork.entries)
    expect(effects.map(({ path, state, origin: by, output }) => [path, state, by, output])).toEqual([
      ['slow', 'done', originId, 'S'],
      ['ask', 'done', originId, 'A'],
      ['send', 'in_flight', undefined, undefined],
    ])
  })

  test('begins again what was under way and was never done, and gives back no word to whoever called its origin', () => {
    const origin = play({
      edges: 'start > slow > after; start > ask > send; start > help > after',
      nodes: { slow: call(), ask: call(), send: call(), help: child() },
    })
    const parent = { executionId: 'exe_parent', path: 'call', key: '1/call', depth: 1 }
    origin.turn({ type: 'start', trigger: { nodeId: 'start', kind: 'call', data: null }, parent })
    origin.childStarts('help').until(10).succeed('ask', 'A').until(30).turn({ type: 'cancel', by: 'ada', reason: '' })
    const fork = forked(origin, { path: 'send' }).turn({ type: 'wake' })
    expect(fork.keys.sort()).toEqual(['send/1', 'slow/2'])
    expect(fork.orders).toEqual(['start 2/help'])
    expect(fork.state.parent).toBeNull()
  })

  /*   start ─┬─► slow            `slow` was tried twice in vain when `send` begins, and a last time after that
              └─► ask ─► send */
  test('tries again with all retries what was being retried, and what its origin had to give up', () => {
    const slow = call({ retry: { maxRetries: 2, backoff: 'fixed', delayMs: 1_000, jitter: 'none' } })
    const origin = play({
      edges: 'start > slow; start > ask > send',
      nodes: { slow, ask: call(), send: call() },
    }).start()
    origin.fail('slow', busy).until(1_000).fail('slow', busy)
    origin.until(1_500).succeed('ask').until(2_000).fail('slow', busy)
    expect(origin.status).toBe('failed')
    const fork = forked(origin, { path: 'send' }).turn({ type: 'wake' })
    expect(fork.keys.sort()).toEqual(['send/1', 'slow/3'])
    fork.succeed('send')
    for (const tried of ['slow/3', 'slow/4', 'slow/5']) {
      expect(fork.keys).toEqual([tried])
      fork.fail('slow', busy).until(fork.now + 1_000)
    }
    expect(fork.status).toBe('failed')
  })

  test('asks people anew, and remembers no vote', () => {
    const origin = play({ edges: 'start > sign > done', nodes: { sign: approve() } }).start()
    origin.until(10).vote('sign', 'ada@example.com')
    const fork = forked(origin, { path: 'sign' }, 500_000).turn({ type: 'wake' })
    expect(fork.state.open['sign']).toMatchObject({ status: 'waiting', asking: { votes: [] } })
  })

  test('of a fork of a pretended one can only pretend, and such a one is not retried', () => {
    const origin = play(line).start(10).until(50).fail('send', refused)
    const { entries, state } = pretended(stored(origin.entries), origin.plan, { path: 'send' })
    expect(statusOf(state)).toBe('failed')
    expect(canRedrive(state)).toBe(false)
    expect(forkOf(entries, origin.plan, { path: 'send' }).kind).toBe('pretended')
    expect(forkOf(entries, origin.plan, { path: 'send', pretend: true }).kind).toBe('forked')
  })

  test('that pretends fails no more where the failed step was mended', () => {
    const origin = play(line).start(10).until(50).fail('send', refused)
    const edits = { inputs: { send: { to: 'b@example.com' } } }
    const { entries, state } = pretended(stored(origin.entries), origin.plan, { path: 'send', edits })
    expect(statusOf(state)).toBe('completed')
    expect(effectLedger(entries).effects.filter(({ pretended: made }) => made === true)).toHaveLength(2)
  })
})

/*   start ─► pay ─► send       `pay` is undone by `refund` when `send` fails, and `alarm` hears of it   */
describe('a fork of an execution that was undone', () => {
  const undone = () => {
    const origin = play({
      edges: 'start > pay > send; pay:undo > refund; oops > alarm',
      nodes: {
        pay: undoable(),
        send: call({ retry: { maxRetries: 0 } }),
        refund: call(),
        oops: onFailure(),
        alarm: call(),
      },
    })
    origin.start().until(10).succeed('pay', 'paid').until(20).fail('send', refused)
    return origin.until(30).succeed('refund').until(40).succeed('alarm')
  }

  test('does not begin with what was undone, unless it pretends', () => {
    const origin = undone()
    expect(origin.status).toBe('failed')
    expect(forkOf(origin.entries, origin.plan, { path: 'send' })).toEqual({ kind: 'undone', paths: ['pay'] })
    const { state } = pretended(stored(origin.entries), origin.plan, { path: 'send' })
    expect(statusOf(state)).toBe('failed')
    const again = forked(origin, { path: 'pay' }).turn({ type: 'wake' })
    expect(again.keys).toEqual(['pay/1'])
  })

  test('does not begin in the middle of undoing, or of handling', () => {
    const origin = undone()
    for (const path of ['refund', 'oops', 'alarm']) {
      expect(forkOf(origin.entries, origin.plan, { path, pretend: true }).kind).toBe('afterwards')
    }
  })

  test('that fails does not undo what its origin did', () => {
    const origin = play({
      edges: 'start > pay > send; pay:undo > refund',
      nodes: { pay: undoable(), send: call({ retry: { maxRetries: 0 } }), refund: call() },
    })
    origin.start().until(10).succeed('pay', 'paid').until(20).succeed('send')
    const fork = forked(origin, { path: 'send' }).turn({ type: 'wake' }).fail('send', refused)
    expect(fork.status).toBe('failed')
    expect(fork.asked).toEqual(['send/1'])
  })
})

describe('a fork of a loop', () => {
  const looped: Drawing = {
    edges: 'start > each; each:body > send; each:done > last',
    nodes: {
      send: call({ retry: { maxRetries: 0 } }, ({ loop: now }) => ({ item: now?.item ?? null })),
    },
  }

  test('goes on at an iteration, with the results of those before and the item that was edited', () => {
    const origin = play({ ...looped, nodes: { ...looped.nodes, each: each(['a', 'b', 'c']) } }).start()
    origin.until(10).succeed('each[0].send', 'A').until(20).fail('each[1].send', refused)
    const fork = forked(origin, { path: 'each[1]', edits: { items: { 'each[1]': 'x', 'each[2]': 'y' } } })
    fork.turn({ type: 'wake' })
    expect(fork.outstanding.invocations.map(({ path, input }) => [path, input])).toEqual([
      ['each[1].send', { item: 'x' }],
    ])
    fork.succeed('each[1].send', 'X')
    expect(fork.outstanding.invocations[0]!.input).toEqual({ item: 'y' })
    fork.succeed('each[2].send', 'Y')
    expect(fork.status).toBe('completed')
    expect(JSON.stringify(fork.outputOf('each'))).toContain('["A","X","Y"]')
  })
})

describe('a redrive', () => {
  test('with edits is a new generation that reads them', () => {
    const origin = play(line).start(10).until(50).fail('send', refused)
    const edits = { inputs: { send: { to: 'b@example.com' } }, outputs: { score: 'mended' } }
    origin.turn({ type: 'redrive', by: 'ada', edits })
    expect(origin.state.generation).toBe(2)
    expect(origin.outstanding.invocations[0]!.input).toEqual({ to: 'b@example.com' })
    expect(origin.stepAt('score')).toMatchObject({ output: 'mended', edited: true })
  })
})

/** Whether a step is one of those that undo, or of an error handler. */
function isPartOfEnd(entries: readonly JournalEntry[], plan: Plan, path: string): boolean {
  return forkOf(entries, plan, { path, pretend: true }).kind === 'afterwards'
}

/** Which visit of a node came first is a matter of time. */
function nodeOfVisit(path: string): string {
  return path.replace(/#\d+/g, '')
}

/** When a wait ended, and how often a call was made that was lost in between, is another time. */
function timeless(output: unknown): string {
  return JSON.stringify(output ?? null).replace(/"until":"[^"]*"|"attempt":\d+/g, '')
}

/** From how many steps it did. */
function goesTheWayOfItsOrigin(program: Program): number {
  const plan = planOfProgram(program)
  const { entries, state } = run(plan)
  let compared = 0
  for (const { path } of project(entries).steps.slice(0, 12)) {
    const { after } = cutBefore(entries, path)!
    if (isPartOfEnd(entries, plan, path)) continue
    const fork = pretended(entries, plan, { path })
    checkLegal(stored(fork.entries))
    const events = fork.entries.flatMap((entry) => entry.events)
    const from = events.findIndex(({ type }) => type === 'forked')
    expect(wayOf(events.slice(from))).toEqual(wayOf(after))
    expect(statusOf(fork.state)).toBe(statusOf(state))
    compared += 1
  }
  return compared
}

/** Held against the model and its origin, of which the steps are left out whose end depends on time. */
function endsAsItsOrigin(program: Program, which: number): void {
  const expected = interpret(program, { hello: 'world' })
  if (expected === undefined) return
  const plan = planOfProgram(program)
  const { entries, state } = run(plan)
  const { steps } = project(entries)
  const { path } = steps[which % steps.length]!
  const fork = forkOf(entries, plan, { path }, state.at + 1_000)
  if (fork.kind === 'afterwards' || fork.kind === 'undone') return
  if (fork.kind !== 'forked') throw new Error(fork.kind)
  const done = new Set(project(fork.entries).steps.flatMap((step) => (step.status === 'completed' ? [step.path] : [])))
  const ran = run(plan, [], 2_000, () => [], fork.entries)
  checkLegal(stored(ran.entries))
  expect(statusOf(ran.state)).toBe(expected.status)
  expect(ran.performed.filter((invocation) => done.has(invocation.path))).toEqual([])
  if (expected.status === 'failed') return
  const outputs = (all: readonly JournalEntry[]) =>
    project(all)
      .steps.filter((step) => expected.isKept(nodeOf(step.path)))
      .map((step) => `${nodeOfVisit(step.path)} ${step.status} ${step.port} ${timeless(step.output)}`)
      .sort()
  expect(outputs(ran.entries)).toEqual(outputs(entries))
}

function goesOnFromAnyStep(program: Program): void {
  const plan = planOfProgram(program)
  const { entries } = run(plan)
  for (const { path } of project(entries).steps.slice(0, 8)) {
    const fork = forkOf(entries, plan, { path })
    if (fork.kind === 'afterwards' || fork.kind === 'undone') continue
    if (fork.kind !== 'forked') throw new Error(fork.kind)
    const crashed = run(plan, [{ at: 1, what: 'calls' }], 4_000, () => [], fork.entries)
    checkLegal(stored(crashed.entries))
    expect(crashed.state.finished).not.toBeNull()
  }
}

describe('of a random workflow', { timeout: 120_000 * scale }, () => {
  const shape = { size: 8, stops: true, ends: true, races: true, jumps: true }

  test('a fork without edits and with pretended effects goes the way of its origin, from whichever step', () => {
    let compared = 0
    fc.assert(
      fc.property(programs(shape), (program) => {
        compared += goesTheWayOfItsOrigin(program)
      }),
      runs(150),
    )
    expect(compared).toBeGreaterThan(300 * scale)
  })

  /*   start ─┬─► n4      it has waited for its child as long as it may
              └─► n5      at the instant at which the other one's child ends */
  test('a pretended fork may do in another order what falls into one instant', () => {
    const waits = { kind: 'child', timeoutMs: 500 } as const
    const pass = { disabled: true }
    const program = programOf(
      { n1: pass, n2: pass, n3: pass, n4: waits, n5: { ...waits, atOnce: 2 } },
      'n0:out > n1; n0:out > n2; n0:out > n3; n0:out > n4; n0:out > n5',
    )
    expect(goesTheWayOfItsOrigin(program)).toBe(6)
  })

  test('a fork with real effects ends as the model says, and does nothing again that was done before it', () => {
    fc.assert(fc.property(programs({ size: 8, stops: true }), fc.nat(), endsAsItsOrigin), runs(300))
  })

  /*   start ─┬─► n1 ─► n3
              ├─► n4 ─► n5      `n4` has failed when its second visit, or `n5`, begins
              └─► n2 ─► n4 */
  test('a call that its origin gives up after the cut has all its retries in a fork', () => {
    const pass = { disabled: true }
    const program = programOf(
      { n1: pass, n2: pass, n3: pass, n4: { kind: 'call', cached: true, maxRetries: 2 }, n5: pass },
      'n0:out > n1; n0:out > n2; n1:out > n3; n0:out > n4; n4:out > n5; n2:out > n4',
    )
    for (const which of [0, 1, 2, 3, 4, 5, 6, 7, 1_434_296_862]) endsAsItsOrigin(program, which)
  })

  test('a fork need not come as far as its origin did in an iteration that fails', () => {
    const pass = { home: 'n1:body', disabled: true }
    const program = programOf(
      {
        n1: { kind: 'loop' },
        n2: pass,
        n3: pass,
        n4: { home: 'n1:body', kind: 'child', guarded: true, goesBy: 'condition' },
        n5: pass,
        n6: { home: 'n1:body', kind: 'call', onError: 'stop', guarded: true },
        n7: pass,
      },
      ['n2', 'n3', 'n4', 'n5', 'n6', 'n7'].reduce((edges, id) => `${edges}; n1:body > ${id}`, 'n0:out > n1'),
    )
    endsAsItsOrigin(program, 0)
  })

  /*   start ─┬─► n3              `n3` has been done twice when `n2` fails: once by the origin, which alone undoes that
              ├─► n1 ─► n3
              └─► n2 */
  test('a fork that fails is undone only as far as it came itself', () => {
    const program = programOf(
      {
        n1: { kind: 'call', cached: true },
        n2: { kind: 'call', onError: 'stop', guarded: true, cached: true },
        n3: { kind: 'child', guarded: true, undo: true, goesBy: 'condition' },
      },
      'n0:out > n1; n0:out > n2; n0:out > n3; n1:out > n3',
    )
    goesOnFromAnyStep({ ...program, handled: true })
  })

  test('any journal up to any step is one that a fork can begin with: it folds, and asks for the same after a crash', () => {
    fc.assert(fc.property(programs(shape), goesOnFromAnyStep), runs(100))
  })
})

test('a merge that had begun to collect goes on with the branches that had come', () => {
  const origin = play({
    edges: 'start > a > join; start > b > mid > join > last',
    nodes: { a: call(), b: call(), join: merge(), mid: call() },
  })
  origin.start().until(10).succeed('a', 'A').until(20).succeed('b').until(30).succeed('mid', 'M')
  const fork = forked(origin, { path: 'mid' }).turn({ type: 'wake' })
  expect(fork.keys).toEqual(['mid/1'])
  fork.succeed('mid', 'again')
  expect(fork.status).toBe('completed')
})

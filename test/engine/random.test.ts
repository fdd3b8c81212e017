import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ControlInput } from '../../worker/engine/control/control.ts'
import type { ExecutionEvent } from '../../worker/engine/event.ts'
import { outstanding } from '../../worker/engine/outstanding.ts'
import { fold } from '../../worker/engine/fold.ts'
import type { Plan } from '../../worker/engine/plan.ts'
import { project } from '../../worker/engine/projection.ts'
import { statusOf } from '../../worker/engine/state.ts'
import { checkAftermath } from './support/check-aftermath.ts'
import { checkLegal } from './support/check-legal.ts'
import { describeStep, interpret, type Expected } from './support/model.ts'
import { planOfProgram } from './support/plan-of-program.ts'
import { stored } from './support/play.ts'
import { programOf, programs, type Program } from './support/program.ts'
import { runs, scale } from './support/runs.ts'
import { run as runIn, someHolder, type Crash, type Meddler, type Ran } from './support/world.ts'

const data = { hello: 'world' }

/** As `world.ts` runs it; for every other plan in a world that holds calls back now and then. */
function run(plan: Plan, crashes: readonly Crash[] = [], maxTurns = 2_000, meddle?: Meddler): Ran {
  return runIn(plan, crashes, maxTurns, meddle, [], isHoldingBack(plan) ? 0.2 : 0)
}

const isHoldingBack = ({ nodes }: Plan) => nodes.size % 2 === 0

/** What came of a run, in the terms of the model. */
function came({ entries, state, performed }: Ran, isKept: (node: string) => boolean): Expected {
  const outputs = new Map(project(entries).steps.map(({ path, output }) => [path, output ?? null]))
  const steps = entries.flatMap(({ events }) =>
    events.flatMap((event) => {
      if (!('node' in event) || !isKept(event.node)) return []
      if (event.type === 'stepCompleted') return [describeStep(event.node, event.port, outputs.get(event.path)!)]
      if (event.type === 'stepFailed') return [describeStep(event.node, event.handled, event.output ?? null)]
      return []
    }),
  )
  const kept = performed.filter(({ node }) => isKept(node))
  const calls = new Map(kept.map(({ path, node, input }) => [path, `${node} ${JSON.stringify(input)}`]))
  return { status: statusOf(state), steps: steps.sort(), calls: [...calls.values()].sort() }
}

/** Held against the model. Of a failed execution only that it failed: how far it came depends on the order. */
function check(
  ran: Ran,
  { isKept, count: _count, below: _below, ...expected }: NonNullable<ReturnType<typeof interpret>>,
): void {
  checkLegal(ran.entries)
  checkKeys(ran)
  if (expected.status === 'failed') return expect(statusOf(ran.state)).toBe('failed')
  expect(came(ran, isKept)).toEqual(expected)
  checkNothingLeft(ran)
}

/** Of all that went on beside and inside each other nothing is left in the state. */
function checkNothingLeft({
  state: { superseded, shared, regions, places, placeCount, over, frameCount, abandoned },
}: Ran): void {
  const left = { superseded, shared, regions, places, placeCount, over, frameCount, abandoned }
  const nothing = {
    superseded: {},
    shared: {},
    regions: {},
    places: {},
    placeCount: 0,
    over: [],
    frameCount: 1,
    abandoned: {},
  }
  expect(left).toEqual(nothing)
}

/** One step, one payload: whatever is sent again under a key is the same. */
function checkKeys({ performed }: Ran): void {
  const sent = new Map<string, string>()
  for (const { path, input } of performed) {
    const text = JSON.stringify(input)
    expect(sent.get(path) ?? text, path).toBe(text)
    sent.set(path, text)
  }
}

describe('a random workflow', { timeout: 120_000 * scale }, () => {
  test('does what the model says', () => {
    let [compared, undone] = [0, 0]
    const any = programs({ stops: true })
    const drawn = fc.oneof({ weight: 3, arbitrary: any }, { weight: 1, arbitrary: any.map(eager) })
    fc.assert(
      fc.property(drawn, (program) => {
        const expected = interpret(program, data)
        if (expected === undefined) return
        const ran = run(planOfProgram(program))
        check(ran, expected)
        undone += checkAftermath(program, ran.entries)
        compared += 1
      }),
      runs(1_500),
    )
    expect(compared).toBeGreaterThan(1_200 * scale)
    expect(undone).toBeGreaterThan(5 * scale)
  })

  test('I16: that sleeps after any turn goes on from a snapshot as if it had not, and asks for the same keys', () => {
    fc.assert(
      fc.property(programs({ size: 6, stops: true, ends: true, races: true, jumps: true }), (program) => {
        const plan = planOfProgram(program)
        const undisturbed = run(plan)
        for (let at = 0; at < undisturbed.entries.length; at++) {
          expect(stored(run(plan, [{ at, what: 'memory' }]))).toEqual(stored(undisturbed))
        }
        const everywhere = undisturbed.entries.map((_, at): Crash => ({ at, what: 'memory' }))
        expect(stored(run(plan, everywhere))).toEqual(stored(undisturbed))
      }),
      runs(150),
    )
  })

  test('that crashes at any boundary ends as if it had not', () => {
    fc.assert(
      fc.property(programs({ size: 6, stops: true }), (program) => {
        const expected = interpret(program, data)
        if (expected === undefined) return
        const plan = planOfProgram(program)
        const { entries } = run(plan)
        for (const what of ['calls', 'turn'] as const) {
          for (let at = 0; at < entries.length; at++) {
            const ran = run(plan, [{ at, what }])
            check(ran, expected)
            checkAftermath(program, ran.entries)
          }
        }
      }),
      runs(150),
    )
  })

  test('that crashes again and again still ends as if it had not', () => {
    const crash = fc.record({
      at: fc.nat({ max: 40 }),
      what: fc.constantFrom<Crash['what'][]>('memory', 'calls', 'turn'),
    })
    fc.assert(
      fc.property(programs({ size: 12 }), fc.array(crash, { maxLength: 4 }), (program, crashes) => {
        const expected = interpret(program, data)
        if (expected === undefined) return
        const ran = run(planOfProgram(program), crashes)
        check(ran, expected)
        checkAftermath(program, ran.entries)
      }),
      runs(1_500),
    )
  })

  test('shows at every turn what its fold is then, and calls for nothing once it has ended', () => {
    fc.assert(
      fc.property(programs({ stops: true, ends: true, races: true, jumps: true }), (program) => {
        const plan = planOfProgram(program)
        const { entries, state } = run(plan)
        expect(stored(fold(stored(entries)))).toEqual(stored(state))
        for (let cut = 0; cut <= entries.length; cut++) {
          expect(project(entries, cut).status).toBe(statusOf(fold(entries.slice(0, cut))))
        }
        expect(outstanding({ plan, state })).toEqual({ invocations: [], children: [], wakeAt: null })
      }),
      runs(150),
    )
  })

  test('that is paused at any turn and goes on later ends as if it had not been, and begins nothing meanwhile', () => {
    fc.assert(
      fc.property(programs({ size: 8, stops: true }), (program) => {
        const expected = interpret(program, data)
        if (expected === undefined) return
        const plan = planOfProgram(program)
        const { entries } = run(plan)
        for (let at = 0; at < entries.length; at++) {
          const pause: Meddler = (turn) => (turn === at ? [{ type: 'pause', by: 'ada' }] : [])
          check(run(plan, [], 2_000, pause), expected)
          check(run(plan, [{ at: at + 2, what: 'calls' }], 2_000, pause), expected)
        }
      }),
      runs(150),
    )
  })

  test('whose calls are made again by hand, at any time, does what the model says', () => {
    fc.assert(
      fc.property(programs({ size: 10, stops: true }), fc.integer({ min: 1, max: 4 }), (program, every) => {
        const expected = interpret(program, data)
        if (expected === undefined) return
        const retry: Meddler = (turn, { open }) =>
          turn > 60 || turn % (every + 1) !== every
            ? []
            : Object.keys(open).map((path) => ({ type: 'retryStep' as const, by: 'ada', path }))
        check(run(planOfProgram(program), [], 4_000, retry), expected)
      }),
      runs(500),
    )
  })

  test('whose calls are held back, and let go of at any time, does what the model says', () => {
    let [held, released] = [0, 0]
    fc.assert(
      fc.property(programs({ size: 10, stops: true }), fc.integer({ min: 1, max: 4 }), (program, every) => {
        const expected = interpret(program, data)
        if (expected === undefined) return
        const letGo: Meddler = (turn) => {
          const isTime = turn < 200 && turn % (every + 1) === every
          return isTime ? [{ type: 'released', holder: someHolder }] : []
        }
        const ran = runIn(planOfProgram(program), [], 4_000, letGo, [], 0.5)
        check(ran, expected)
        const types = ran.entries.flatMap(({ events }) => events.map(({ type }) => type))
        held += types.filter((type) => type === 'attemptDeferred').length
        released += types.filter((type) => type === 'attemptReleased').length
      }),
      runs(500),
    )
    expect(held).toBeGreaterThan(200 * scale)
    expect(released).toBeGreaterThan(20 * scale)
  })

  test('that is cancelled at any turn is undone where it says so, and ends as cancelled or as not undone', () => {
    let undone = 0
    fc.assert(
      fc.property(
        programs({ size: 10, races: true }).map(eager),
        fc.nat(),
        fc.option(fc.record({ at: fc.nat({ max: 16 }), what: fc.constantFrom<Crash['what'][]>('memory', 'calls') })),
        (program, at, crash) => {
          const plan = planOfProgram(program)
          const turns = run(plan).entries.length
          const cancel: Meddler = (turn) => (turn === at % turns ? [{ type: 'cancel', by: 'ada', reason: '' }] : [])
          const ran = run(plan, crash === null ? [] : [crash], 2_000, cancel)
          checkLegal(ran.entries)
          expect(ran.state.finished).not.toBeNull()
          undone += checkAftermath(program, ran.entries)
        },
      ),
      runs(500),
    )
    expect(undone).toBeGreaterThan(10 * scale)
  })

  test('that is cancelled when much can be undone is undone as far as its time goes', () => {
    const round = { kind: 'child', undo: true, home: 'n3:body' } as const
    const program = programOf(
      {
        n1: {},
        n2: {},
        n3: { kind: 'loop', goesBy: 'condition' },
        n4: { home: 'n3:body' },
        n5: { kind: 'child', undo: true },
        n6: round,
      },
      'n0:out > n1; n0:out > n2; n0:out > n3; n2:out > n3; n3:done > n5; n3:body > n4; n3:body > n6; n4:out > n6',
    )
    const cancel: Meddler = (turn) => (turn === 46 ? [{ type: 'cancel', by: 'ada', reason: '' }] : [])
    const { entries } = run(planOfProgram({ ...program, cleansUp: true }), [], 2_000, cancel)
    expect(checkAftermath({ ...program, cleansUp: true }, entries)).toBeGreaterThan(20)
    expect(JSON.stringify(entries)).toContain('rollback.given_up')
  })

  test('whose steps are skipped, or left for other nodes, ends legally and leaves nothing', () => {
    let left = 0
    fc.assert(
      fc.property(
        programs({ size: 10, races: true, jumps: true }),
        fc.array(fc.tuple(fc.nat({ max: 12 }), fc.nat(), fc.option(fc.nat()))),
        fc.boolean(),
        (program, wishes, pauses) => {
          const plan = planOfProgram(program)
          const nodes = [...plan.nodes.keys()]
          const meddle: Meddler = (turn, { open, ready }) => {
            const paths = [...Object.keys(open), ...ready.map(({ path }) => path)]
            return wishes.flatMap(([at, which, to]): ControlInput[] => {
              const path = paths[which % paths.length]
              if (at !== turn || path === undefined) return []
              const pause: ControlInput[] = pauses ? [{ type: 'pause', by: 'ada' }] : []
              return to === null
                ? [...pause, { type: 'skipStep', by: 'ada', path }]
                : [...pause, { type: 'jump', by: 'ada', path, to: nodes[to % nodes.length]! }]
            })
          }
          const ran = run(plan, [], 4_000, meddle)
          checkLegal(ran.entries)
          expect(ran.state.finished).not.toBeNull()
          expect(stored(fold(stored(ran.entries)))).toEqual(stored(ran.state))
          expect(project(ran.entries).status).toBe(statusOf(ran.state))
          if (ran.state.finished?.status.startsWith('completed') === true) {
            // What a node gave before its second visit stays in sight of the branches that saw the first.
            checkNothingLeft({ ...ran, state: { ...ran.state, superseded: {}, shared: {} } })
          }
          if (ran.entries.some(({ events }) => events.some((e) => e.type === 'stepCompleted' && isLeft(e)))) left += 1
        },
      ),
      runs(500),
    )
    expect(left).toBeGreaterThan(80 * scale)
  })
})

/** Does more of what can be undone. */
function eager(program: Program): Program {
  const nodes = program.nodes.map((node) => ({ ...node, undo: true, disabled: false, guarded: false, cached: false }))
  return { ...program, nodes }
}

function isLeft({ because, skipped }: ExecutionEvent & { type: 'stepCompleted' }): boolean {
  return skipped === true && /skippedBy|jumpedTo/.test(JSON.stringify(because))
}

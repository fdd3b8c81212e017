import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { learn } from '../../worker/progress/history.ts'
import { project } from '../../worker/engine/projection.ts'
import { progressOf, type Yardstick } from '../../worker/progress/progress.ts'
import { follow, newTrace } from '../../worker/progress/trace.ts'
import { seededFraction } from '../../worker/lib/seeded-fraction.ts'
import { call, pure } from '../engine/support/draw.ts'
import { planOfProgram } from '../engine/support/plan-of-program.ts'
import { play, type Play, stored } from '../engine/support/play.ts'
import { programs } from '../engine/support/program.ts'
import { runs, scale } from '../engine/support/runs.ts'
import { type Crash, type Meddler, run } from '../engine/support/world.ts'

const traits = { size: 7, stops: true, races: true, ends: true } as const
const journals = programs(traits).map((program) => wayOf(run(planOfProgram(program))))

function yardstickOf(past: readonly (readonly JournalEntry[])[]): Yardstick {
  return { history: learn(past), version: { number: 1, isOwn: true }, leadsTo: () => null }
}

/** Up to its end: children that it left may be seen to afterwards. */
function wayOf({ entries }: { entries: JournalEntry[] }): JournalEntry[] {
  const end = entries.findIndex(({ events }) => events.some(({ type }) => type === 'finished'))
  return entries.slice(0, end + 1)
}

/** How an execution stood after each of its turns. */
function stands(entries: readonly JournalEntry[], yardstick: Yardstick) {
  return entries.map(({ at }, index) => progressOf(entries.slice(0, index + 1), yardstick, at))
}

describe('progress of random executions by random histories', { timeout: 120_000 * scale }, () => {
  // Nodes of all programs are called alike: ways of others cross this one wherever they like.
  const cases = fc.tuple(journals, fc.array(journals, { maxLength: 6 }))

  test('is never below 0 or above 1, and 1 only at the end; done is never more than expected', () => {
    fc.assert(
      fc.property(cases, ([entries, past]) => {
        const all = stands(entries, yardstickOf(past))
        for (const [index, { done, expected, share, remainingMs, basedOn }] of all.entries()) {
          const isLast = index === all.length - 1
          expect(expected === null).toBe(share === null)
          if (expected !== null && share !== null) {
            expect(expected.from).toBeLessThanOrEqual(expected.likely)
            expect(expected.likely).toBeLessThanOrEqual(expected.to)
            expect(done).toBeLessThanOrEqual(expected.from)
            expect(share).toBeGreaterThanOrEqual(0)
            expect(share < 1).toBe(!isLast)
          }
          if (remainingMs !== null) {
            expect(remainingMs.from).toBeGreaterThanOrEqual(0)
            expect(remainingMs.from).toBeLessThanOrEqual(remainingMs.likely)
            expect(remainingMs.likely).toBeLessThanOrEqual(remainingMs.to)
          }
          if (!isLast && basedOn === null) expect([expected, remainingMs]).toEqual([null, null])
        }
        expect(all.at(-1)?.share).toBe(1)
      }),
      runs(300),
    )
  })

  test('never goes back, for one and the same history', () => {
    let moved = 0
    fc.assert(
      fc.property(cases, ([entries, past]) => {
        let [reached, done] = [0, 0]
        for (const progress of stands(entries, yardstickOf(past))) {
          expect(progress.done).toBeGreaterThanOrEqual(done)
          done = progress.done
          if (progress.share === null) continue
          expect(progress.share).toBeGreaterThanOrEqual(reached)
          if (progress.share > reached && progress.share < 1) moved += 1
          reached = progress.share
        }
      }),
      runs(300),
    )
    expect(moved).toBeGreaterThan(50 * scale)
  })

  test('is the same whenever it is asked, also from a journal that was stored', () => {
    fc.assert(
      fc.property(cases, fc.nat(60_000), ([entries, past], later) => {
        const half = entries.slice(0, Math.ceil(entries.length / 2))
        const now = half.at(-1)!.at + later
        const once = progressOf(half, yardstickOf(past), now)
        expect(progressOf(stored(half), yardstickOf(stored(past)), now)).toEqual(once)
      }),
      runs(150),
    )
  })

  test('claims nothing without a history', () => {
    fc.assert(
      fc.property(journals, (entries) => {
        for (const { expected, share, remainingMs, basedOn } of stands(entries, yardstickOf([])).slice(0, -1)) {
          expect([expected, share, remainingMs, basedOn]).toEqual([null, null, null, null])
        }
      }),
      runs(150),
    )
  })

  test('is exact where an execution goes the way of the one that it is measured by', () => {
    let [steps, times] = [0, 0]
    const straight = programs(traits).filter(({ nodes }) => nodes.every(({ kind }) => kind !== 'loop'))
    fc.assert(
      fc.property(straight, (program) => {
        const entries = wayOf(run(planOfProgram(program)))
        const all = stands(entries, yardstickOf([entries]))
        const { at: end } = entries.at(-1)!
        const total = all.at(-1)!.done
        for (const [index, { expected, remainingMs, note }] of all.slice(0, -1).entries()) {
          if (note === 'ending') continue
          expect(expected?.likely).toBe(total)
          expect(remainingMs?.likely).toBe(end - entries[index]!.at)
          steps += 1
          if (remainingMs!.likely > 0) times += 1
        }
      }),
      runs(300),
    )
    expect(steps).toBeGreaterThan(100 * scale)
    expect(times).toBeGreaterThan(100 * scale)
  })

  test('counts the steps that people see, after any turn, crash, jump and later try', () => {
    let [inLoops, again] = [0, 0]
    const any = programs({ ...traits, size: 10, jumps: true })
    // Few programs have a loop, and fewer come to it.
    const looping = any.filter(({ nodes }) => nodes.some(({ kind }) => kind === 'loop'))
    fc.assert(
      fc.property(
        fc.oneof(any, looping),
        fc.option(fc.record({ at: fc.nat({ max: 12 }), what: fc.constantFrom<Crash['what'][]>('calls', 'turn') })),
        (program, crash) => {
          const plan = planOfProgram({ ...program, handled: false, cleansUp: false })
          const first = run(plan, crash === null ? [] : [crash]).entries
          const redrive: Meddler = (turn) => (turn === 0 ? [{ type: 'redrive', by: 'ada' }] : [])
          const { entries } = run(plan, [], 2_000, redrive, first)
          if (entries.length > first.length) again += 1
          const trace = newTrace()
          // What a later try begins anew is seen as it ended before until it has begun.
          const anew = new Set<string>()
          let isInLoop = false
          for (const [index, { events }] of entries.entries()) {
            for (const event of events) {
              follow(trace, event)
              if (event.type === 'redriven') for (const path of event.next) anew.add(path)
              else if ('path' in event) anew.delete(event.path)
            }
            if (trace.ending) return
            const steps = project(entries.slice(0, index + 1)).steps.filter(({ path }) => !anew.has(path))
            const ended = steps.filter(({ finishedAt }) => finishedAt !== undefined)
            expect([trace.begun, trace.done]).toEqual([steps.length, ended.length])
            if (!isInLoop && steps.some(({ path }) => path.includes('['))) {
              isInLoop = true
              inLoops += 1
            }
          }
        },
      ),
      runs(300),
    )
    expect(inLoops).toBeGreaterThan(10 * scale)
    expect(again).toBeGreaterThan(5 * scale)
  })
})

//  start ─► ask ─► vip ──yes─► phone ─┬─► send        calls of a few ms to 20 s; every third is a VIP
//                      ──no──────────┘
describe('estimates of calls that take as long as they like', () => {
  const drawn = (isVip: boolean) => ({
    edges: 'start > ask > vip; vip:yes > phone > send; vip:no > send',
    nodes: {
      ask: call(),
      vip: pure(() => ({ output: null, port: isVip ? 'yes' : 'no' })),
      phone: call(),
      send: call(),
    },
  })
  /** Long-tailed, as calls are: a second in the middle, a few ms at the least. */
  const lengthOf = (name: string) => Math.round(1_000 * Math.exp(6 * (seededFraction(name) * 2 - 1) ** 3))

  function executed(name: string): Play {
    const execution = play(drawn(seededFraction(`${name}|vip`) < 1 / 3)).start()
    for (let path: string | undefined; (path = execution.outstanding.invocations[0]?.path) !== undefined;) {
      execution.until(execution.now + Math.min(20_000, lengthOf(`${name}|${path}`))).succeed(path)
    }
    return execution
  }

  test('hold the end between `from` and `to` about as often as they say, and it is as often sooner as later', () => {
    let [asked, held, sooner] = [0, 0, 0]
    for (let history = 0; history < 15; history++) {
      const past = Array.from({ length: 20 }, (_, index) => executed(`${history}|${index}`).entries)
      const yardstick = yardstickOf(past)
      for (let each = 0; each < 15; each++) {
        const { entries } = executed(`${history}|live ${each}`)
        const end = entries.at(-1)!.at
        for (const [index, { at }] of entries.slice(0, -1).entries()) {
          const { remainingMs } = progressOf(entries.slice(0, index + 1), yardstick, at)
          asked += 1
          if (remainingMs!.from <= end - at && end - at <= remainingMs!.to) held += 1
          if (end - at <= remainingMs!.likely) sooner += 1
        }
      }
    }
    expect(asked).toBeGreaterThan(400)
    expect(held / asked).toBeGreaterThan(0.65)
    expect(held / asked).toBeLessThan(0.9)
    expect(sooner / asked).toBeGreaterThan(0.4)
    expect(sooner / asked).toBeLessThan(0.6)
  })
})

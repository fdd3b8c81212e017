// What holds at every gate, whatever comes in whatever order: many executions, words that are lost and said again, people
// who cancel, clocks that go on in jumps.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { heard, isIdle, leave, moveOn, nextMoveAt, offer, ordersOf, suspects } from '../../worker/concurrency/gate.ts'
import { byAge, insideOf, newLine, waitingIn, type Answer, type Line } from '../../worker/concurrency/line.ts'
import type { GateSettings } from '../../worker/concurrency/settings.ts'
import { standingOf } from '../../worker/concurrency/standing.ts'

type Known = 'coming' | 'waiting' | 'running' | 'over' | 'refused'
type Happening =
  | { kind: 'come'; who: number; lost: boolean }
  | { kind: 'end'; which: number; lost: boolean }
  | { kind: 'cancel'; which: number }
  | { kind: 'carry'; lost: boolean }
  | { kind: 'pass'; ms: number }

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('come' as const), who: fc.nat(11), lost: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(5), lost: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('carry' as const), lost: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(900) }) },
)
const happenings = fc.array(happening, { maxLength: 60 })

/** Executions, and what each of them knows. A word that is lost leaves whoever should hear it as it was. */
class World {
  readonly line: Line
  readonly known = new Map<string, Known>()
  readonly passedAt: number[] = []
  now = 0
  readonly #settings: GateSettings

  constructor(settings: GateSettings) {
    this.#settings = settings
    this.line = newLine(settings)
  }

  /** In which one comes says nothing about when its event was accepted. */
  acceptedAt = (who: number) => ((who * 7) % 12) * 10

  play(happening: Happening): void {
    const before = waitingIn(this.line)
    switch (happening.kind) {
      case 'come': {
        const id = `exe_${happening.who}/1`
        if ((this.known.get(id) ?? 'coming') !== 'coming') break
        const answer = offer(this.line, this.#settings, { id, at: this.acceptedAt(happening.who) }, this.now)
        // It dies before it hears: and asks again, as one that does not know.
        if (happening.lost) this.known.set(id, 'coming')
        else this.#answer(id, answer)
        break
      }
      case 'end':
      case 'cancel': {
        const those = this.those(happening.kind === 'end' ? 'running' : 'waiting')
        const id = those[happening.which % those.length]
        if (id === undefined) break
        this.known.set(id, 'over')
        if (happening.kind === 'cancel' || !happening.lost) leave(this.line, id, this.now)
        break
      }
      case 'carry':
        this.carry(happening.lost)
        break
      case 'pass':
        this.now += happening.ms
        moveOn(this.line, this.now)
    }
    this.#checkOrder(before)
  }

  /** Brings every order; lost: it was heard, and nobody knows. One that is over says that it is not there. */
  carry(lost = false): void {
    for (const order of ordersOf(this.line)) {
      const { id } = order
      const known = this.known.get(id) ?? 'coming'
      if (known === 'over' || known === 'refused') {
        leave(this.line, id, this.now)
        continue
      }
      if (order.kind === 'pass' && known !== 'running') this.#hear(id, 'running')
      if (order.kind === 'refuse') this.#hear(id, 'refused')
      if (order.kind === 'leave') {
        this.known.set(id, 'over')
        leave(this.line, id, this.now)
      } else if (!lost) heard(this.line, order, this.now)
    }
  }

  /** Everybody comes, nobody is lost any more, what is under way ends: and nobody is left. */
  drain(): void {
    for (let who = 0; who < 12; who++) this.play({ kind: 'come', who, lost: false })
    for (let round = 0; round < 200 && (this.line.places.size > 0 || round === 0); round++) {
      this.carry()
      for (const id of this.those('running')) {
        this.known.set(id, 'over')
        leave(this.line, id, this.now)
      }
      // Places whose end nobody heard of are found when their lease is over.
      for (const { id } of suspects(this.line, this.now)) {
        if (this.known.get(id) === 'over') leave(this.line, id, this.now)
      }
      this.now = Math.max(this.now, nextMoveAt(this.line) ?? this.now)
      moveOn(this.line, this.now)
    }
  }

  those(known: Known): string[] {
    return [...this.known].filter(([, is]) => is === known).map(([id]) => id)
  }

  #answer(id: string, answer: Answer): void {
    this.#hear(id, answer.kind === 'passed' ? 'running' : answer.kind)
  }

  #hear(id: string, known: Known): void {
    this.known.set(id, known)
  }

  /** Who went on had waited longest. */
  #checkOrder(before: ReturnType<typeof waitingIn>): void {
    const left = new Set(waitingIn(this.line).map(({ id }) => id))
    const wentOn = before.filter(({ id }) => ['inside', 'passed'].includes(this.line.places.get(id)?.standing ?? ''))
    for (const gone of wentOn) {
      for (const other of before) if (left.has(other.id)) expect(byAge(gone, other)).toBeLessThan(0)
    }
  }
}

const isOpen = (known: Known) => known === 'coming' || known === 'waiting' || known === 'running'

const limits = fc.record({
  gate: fc.constant('concurrency' as const),
  limit: fc.integer({ min: 1, max: 3 }),
  policy: fc.constantFrom('queue' as const, 'drop' as const, 'replace' as const),
  maxWaiting: fc.integer({ min: 1, max: 4 }),
})
const throttles = fc.record({
  gate: fc.constant('throttle' as const),
  limit: fc.integer({ min: 1, max: 3 }),
  perMs: fc.constant(1_000),
  policy: fc.constantFrom('delay' as const, 'drop' as const),
  maxWaiting: fc.integer({ min: 1, max: 4 }),
})
const debounces = fc.record({
  gate: fc.constant('debounce' as const),
  forMs: fc.constant(500),
  maxWaitMs: fc.integer({ min: 500, max: 2_000 }),
})
const shared = fc.record({
  gate: fc.constant('organization' as const),
  limit: fc.integer({ min: 1, max: 3 }),
  revision: fc.constant(1),
})
const anySettings: fc.Arbitrary<GateSettings> = fc.oneof(limits, throttles, debounces, shared)

describe('a gate', () => {
  test('never has more inside than may be, and nobody waits while there is a place', () => {
    fc.assert(
      fc.property(fc.oneof(limits, shared), happenings, (settings, some) => {
        const world = new World(settings)
        for (const each of some) {
          world.play(each)
          const inside = insideOf(world.line).length
          expect(inside).toBeLessThanOrEqual(settings.limit)
          expect(waitingIn(world.line).length === 0 || inside === settings.limit).toBe(true)
          // Those who believe that they run are inside.
          const running = world.those('running')
          expect(running.every((id) => world.line.places.get(id)?.standing === 'inside')).toBe(true)
        }
      }),
      { numRuns: 400 },
    )
  })

  test('loses nobody: whoever comes is let through, or hears why not, whatever words were lost', () => {
    fc.assert(
      fc.property(anySettings, happenings, (settings, some) => {
        const world = new World(settings)
        for (const each of some) world.play(each)
        world.drain()
        expect([...world.known.values()].filter(isOpen)).toEqual([])
        expect(world.known.size).toBe(12)
        world.now += 10_000
        expect(isIdle(world.line, world.now)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  test('gives everybody who waits a position, from 1, in the order in which they will go on', () => {
    fc.assert(
      fc.property(anySettings, happenings, ({ ...settings }, some) => {
        const world = new World(settings)
        for (const each of some) world.play(each)
        const waiting = waitingIn(world.line)
        expect(waiting.map(({ id }) => standingOf(world.line, id)?.position)).toEqual(waiting.map((_, at) => at + 1))
        if ('maxWaiting' in settings && settings.gate !== 'concurrency') {
          expect(waiting.length).toBeLessThanOrEqual(settings.maxWaiting)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('a throttle', () => {
  test('lets at most so many start in any stretch of its time, and none later than it must', () => {
    fc.assert(
      fc.property(throttles, fc.array(fc.nat(700), { maxLength: 40 }), (settings, pauses) => {
        const line = newLine(settings)
        const starts: number[] = []
        let now = 0
        const take = () => {
          for (const order of ordersOf(line)) {
            if (order.kind === 'pass') starts.push(now)
            heard(line, order, now)
          }
        }
        pauses.forEach((pause, index) => {
          for (const until = now + pause; now < until;) {
            now = Math.min(until, Math.max(now, nextMoveAt(line) ?? until))
            moveOn(line, now)
            take()
            if (now < until && nextMoveAt(line) === null) now = until
          }
          if (offer(line, settings, { id: `exe_${index}/1`, at: now }, now).kind === 'passed') starts.push(now)
        })
        starts.forEach((at, index) => {
          const within = starts.slice(index).filter((other) => other < at + settings.perMs)
          expect(within.length).toBeLessThanOrEqual(settings.limit)
        })
        const next = nextMoveAt(line)
        if (next !== null) expect(next).toBe(starts.at(-settings.limit)! + settings.perMs)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a debounce', () => {
  test('lets one of a burst through: the one accepted last, when it is quiet or at the latest then', () => {
    fc.assert(
      fc.property(debounces, fc.array(fc.nat(499), { minLength: 1, maxLength: 30 }), (settings, pauses) => {
        const line = newLine(settings)
        let now = 0
        let first = 0
        let burst: { id: string; at: number }[] = []
        for (const [index, pause] of pauses.entries()) {
          const comer = { id: `exe_${index}/1`, at: (index * 37) % 50 }
          if (burst.length === 0) first = now
          burst.push(comer)
          offer(line, settings, comer, now)
          expect(line.dueAt).toBe(Math.min(now + settings.forMs, first + settings.maxWaitMs))
          expect(waitingIn(line)).toHaveLength(1)
          now += pause
          if (now < line.dueAt!) continue
          moveOn(line, now)
          const passed = ordersOf(line).filter(({ kind }) => kind === 'pass')
          const last = burst.toSorted((one, other) => one.at - other.at).at(-1)!
          expect(passed.map(({ id }) => id)).toEqual([last.id])
          for (const order of ordersOf(line)) heard(line, order, now)
          burst = []
        }
      }),
      { numRuns: 300 },
    )
  })
})

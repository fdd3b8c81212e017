// Places that many want: whoever has much to do must not keep those waiting who have little.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adjust, heard, leave, offer, ordersOf } from '../../worker/concurrency/gate.ts'
import { insideOf, newLine, waitingIn, type Line } from '../../worker/concurrency/line.ts'
import { placesOf } from '../../worker/concurrency/places.ts'
import type { SharedSettings } from '../../worker/concurrency/settings.ts'
import { standingOf } from '../../worker/concurrency/standing.ts'

const limitTo = (limit: number | null, revision = 1): SharedSettings => ({ gate: 'organization', limit, revision })
const installation = (limit: number, weights: Record<string, number> = {}): SharedSettings => ({
  gate: 'installation',
  limit,
  weights,
})

/** Comes with one execution after another, each younger than the one before. */
class Crowd {
  readonly line: Line
  readonly #settings: SharedSettings
  #count = 0

  constructor(settings: SharedSettings) {
    this.#settings = settings
    this.line = newLine(settings)
  }

  come(party: string, lane = 'flow', times = 1): string {
    let id = ''
    for (let time = 0; time < times; time++) {
      const at = this.#count++
      id = `exe_${at}/1`
      offer(this.line, this.#settings, { id, at, party, lane }, at)
    }
    return id
  }

  /** One of those inside is over: the first, or the one at this place. Who comes in for it, if anybody does. */
  end(which = 0): { party: string; lane: string } | undefined {
    const before = insideOf(this.line)
    const gone = before[which % before.length]!
    leave(this.line, gone.id, this.#count)
    const known = new Set(before.map(({ id }) => id))
    const [next] = insideOf(this.line).filter(({ id }) => !known.has(id))
    return next && { party: next.party!, lane: next.lane! }
  }

  inside(party: string): number {
    return insideOf(this.line).filter((place) => place.party === party).length
  }

  waiting(party: string): number {
    return waitingIn(this.line).filter((place) => place.party === party).length
  }
}

describe('one with a backlog', () => {
  test('does not keep another waiting: a workflow with three takes turns with one that has ten thousand', () => {
    const crowd = new Crowd(limitTo(2))
    crowd.come('org', 'flood', 10_000)
    crowd.come('org', 'few', 3)
    const turns = Array.from({ length: 6 }, () => crowd.end()?.lane)
    expect(turns.filter((lane) => lane === 'few')).toHaveLength(3)
    expect(crowd.waiting('org')).toBe(10_000 - 2 - 3)
  })

  test('leaves the places that are due to another as its own become free', () => {
    const crowd = new Crowd(installation(10))
    crowd.come('flood', 'flow', 100)
    expect(crowd.inside('flood')).toBe(10)
    crowd.come('late', 'flow', 100)
    // Whoever has less than its share comes first: five in a row.
    expect(Array.from({ length: 5 }, () => crowd.end()?.party)).toEqual(Array(5).fill('late'))
    expect([crowd.inside('flood'), crowd.inside('late')]).toEqual([5, 5])
  })

  test('has all places while nobody else wants one', () => {
    const crowd = new Crowd(installation(4, { other: 9 }))
    crowd.come('flood', 'flow', 50)
    for (let time = 0; time < 40; time++) expect(crowd.end()?.party).toBe('flood')
    expect(crowd.inside('flood')).toBe(4)
  })
})

const weights = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 2 }).chain((names) =>
  fc.record({
    names: fc.constant(names),
    weights: fc.record(Object.fromEntries(names.map((name) => [name, fc.integer({ min: 1, max: 5 })]))),
  }),
)

describe('organizations that want places all the time', () => {
  test('get turns by their weight, and never one more than a turn ahead', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 120 }), fc.nat(30), (given, ends, first) => {
        const crowd = new Crowd(installation(1, given.weights))
        for (const name of given.names) crowd.come(name, 'flow', ends + 2)
        for (let time = 0; time < first; time++) crowd.come(given.names[0]!)
        const served = new Map(given.names.map((name) => [name, 0]))
        for (let turn = 0; turn < ends; turn++) {
          const { party } = crowd.end()!
          const name = party as (typeof given.names)[number]
          served.set(name, served.get(name)! + 1)
          for (const one of given.names) {
            for (const other of given.names) {
              const [mine, theirs] = [given.weights[one]!, given.weights[other]!]
              const ahead = served.get(one)! / mine - served.get(other)! / theirs
              // The first place was taken before anybody waited.
              expect(ahead).toBeLessThanOrEqual(1 / mine + 1 / theirs + 1e-9)
            }
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  test('who comes later is neither ahead nor behind for that: nothing was saved up, and nothing is to be made good', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.nat(80), fc.boolean(), (others, before, cameOnce) => {
        const crowd = new Crowd(installation(1))
        if (cameOnce) crowd.come('late')
        for (let other = 0; other < others; other++) crowd.come(`other${other}`, 'flow', 200)
        for (let time = 0; time < before; time++) crowd.end()
        crowd.come('late', 'flow', 50)
        const turns = Array.from({ length: 4 * (others + 1) }, () => crowd.end()?.party)
        const got = turns.filter((party) => party === 'late').length
        expect(Math.abs(got - 4)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 200 },
    )
  })

  test('have the places that are theirs by weight, once those who had more have ended', () => {
    fc.assert(
      fc.property(
        weights,
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.nat(50), { maxLength: 60 }),
        (given, limit, ends) => {
          const crowd = new Crowd(installation(limit, given.weights))
          const total = given.names.reduce((sum, name) => sum + given.weights[name]!, 0)
          const share = (name: string) => Math.floor((limit * given.weights[name]!) / total + 1e-9)
          for (const name of given.names) crowd.come(name, 'flow', 100)
          for (const which of ends) {
            const isOwed = given.names.filter((name) => crowd.inside(name) < share(name))
            const { party } = crowd.end(which)!
            // Whoever ended may be owed one now.
            if (isOwed.length > 0 && crowd.inside(party) > share(party)) expect(isOwed).toEqual([])
          }
          for (let time = 0; time < 2 * limit; time++) crowd.end()
          for (const name of given.names) expect(crowd.inside(name)).toBeGreaterThanOrEqual(share(name))
        },
      ),
      { numRuns: 200 },
    )
  })
})

const comings = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('come' as const),
      party: fc.constantFrom('a', 'b'),
      lane: fc.constantFrom('x', 'y'),
    }),
    fc.record({ kind: fc.constant('end' as const), which: fc.nat(9) }),
    fc.record({ kind: fc.constant('rest' as const), which: fc.nat(9) }),
    fc.record({ kind: fc.constant('back' as const) }),
  ),
  { maxLength: 80 },
)

describe('whatever comes in whatever order', () => {
  test('no place is free while somebody waits, nobody is let in beyond the limit, and everybody gets in at last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), comings, (limit, some) => {
        const settings = installation(limit)
        const crowd = new Crowd(settings)
        const { line } = crowd
        const resting: string[] = []
        for (const each of some) {
          const [before, waiting] = [insideOf(line).length, waitingIn(line).length]
          if (each.kind === 'come') crowd.come(each.party, each.lane)
          else if (each.kind === 'back') {
            const id = resting.pop()
            if (id === undefined) continue
            offer(line, settings, { id, at: 0, party: 'a', lane: 'x', isBack: true }, 0)
            expect([insideOf(line).length, waitingIn(line).length]).toEqual([before + 1, waiting])
          } else if (before > 0) {
            const { id } = insideOf(line)[each.which % before]!
            if (each.kind === 'rest') resting.push(id)
            leave(line, id, 0)
          }
          const inside = insideOf(line).length
          expect(waitingIn(line).length === 0 || inside >= limit).toBe(true)
          if (each.kind !== 'back') expect(inside).toBeLessThanOrEqual(Math.max(limit, before))
          // What is counted is what stands.
          const stored = placesOf(line.places.values())
          expect([stored.insideCount, stored.waiting()]).toEqual([inside, waitingIn(line)])
        }
        for (let time = 0; time < 200 && insideOf(line).length > 0; time++) leave(line, insideOf(line)[0]!.id, 0)
        expect(line.places.size).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  test('who waits is told the turn that it gets', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('x', 'y', 'z'), { minLength: 2, maxLength: 40 }),
        fc.nat(9),
        (lanes, ends) => {
          const crowd = new Crowd(limitTo(1))
          for (const lane of lanes) crowd.come('org', lane)
          for (let time = 0; time < ends && waitingIn(crowd.line).length > 0; time++) crowd.end()
          const told = new Map(waitingIn(crowd.line).map(({ id }) => [id, standingOf(crowd.line, id)?.position]))
          const turns: string[] = []
          while (waitingIn(crowd.line).length > 0) {
            crowd.end()
            turns.push(insideOf(crowd.line)[0]!.id)
          }
          expect(turns.map((id) => told.get(id))).toEqual(turns.map((_, index) => index + 1))
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('a limit', () => {
  test('that is raised or lifted lets in at once, and one that is older than what is known changes nothing', () => {
    const crowd = new Crowd(limitTo(1))
    crowd.come('org', 'flow', 6)
    adjust(crowd.line, limitTo(3, 2), 9)
    expect(insideOf(crowd.line)).toHaveLength(3)
    expect(ordersOf(crowd.line).map(({ kind }) => kind)).toEqual(['pass', 'pass'])
    crowd.come('org')
    expect([insideOf(crowd.line).length, waitingIn(crowd.line).length]).toEqual([3, 4])
    adjust(crowd.line, limitTo(null, 3), 9)
    expect(waitingIn(crowd.line)).toEqual([])
    for (const order of ordersOf(crowd.line)) heard(crowd.line, order, 9)
    expect(ordersOf(crowd.line)).toEqual([])
  })

  test('says how one stands among its own organization’s, and nothing of others', () => {
    const crowd = new Crowd(installation(2))
    crowd.come('others', 'flow', 40)
    const id = crowd.come('own', 'flow', 2)
    expect(standingOf(crowd.line, id)).toEqual({ position: 2, waiting: 2, running: 0 })
    const own = new Crowd(limitTo(1))
    expect(standingOf(own.line, own.come('org', 'flow', 3))).toEqual({ position: 2, waiting: 2, running: 1, limit: 1 })
  })

  test('one that comes back while it is known inside has one place', () => {
    const crowd = new Crowd(limitTo(2))
    const id = crowd.come('org')
    offer(crowd.line, limitTo(2), { id, at: 0, party: 'org', lane: 'flow', isBack: true }, 50)
    expect(insideOf(crowd.line)).toEqual([expect.objectContaining({ id, seenAt: 50 })])
  })
})

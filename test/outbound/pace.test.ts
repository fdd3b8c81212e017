import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { freshPace, takeTurn, type Pace, type PaceRule } from '../../worker/outbound/pace.ts'

const second: PaceRule = { calls: 2, perMs: 1_000, burst: 3 }

/** Calls that all come at once, and when each may go. */
function all(rule: PaceRule, count: number, now = 5_000): number[] {
  let pace: Pace = freshPace
  return Array.from({ length: count }, () => {
    const taken = takeTurn(pace, rule, { now })
    pace = taken.pace
    return taken.turn.at - now
  })
}

describe('a pace', () => {
  test('lets a burst go at once, and the rest one after the other', () => {
    expect(all(second, 7)).toEqual([0, 0, 0, 500, 1_000, 1_500, 2_000])
    expect(all({ calls: 60, perMs: 60_000, burst: 1 }, 3)).toEqual([0, 1_000, 2_000])
  })

  test('has room for a burst again when nobody came for a while', () => {
    let pace: Pace = freshPace
    const take = (now: number) => {
      const taken = takeTurn(pace, second, { now })
      pace = taken.pace
      return taken.turn.go
    }
    expect([take(0), take(0), take(0), take(0)]).toEqual([true, true, true, false])
    expect([take(10_000), take(10_000), take(10_000), take(10_000)]).toEqual([true, true, true, false])
  })

  test('lets whoever comes at their instant go, and nobody in their place', () => {
    const rule = { calls: 1, perMs: 1_000, burst: 1 }
    const first = takeTurn(freshPace, rule, { now: 0 })
    const mine = takeTurn(first.pace, rule, { now: 10 })
    expect(mine.turn).toEqual({ go: false, at: 1_000 })
    const other = takeTurn(mine.pace, rule, { now: 1_000 })
    expect(other.turn).toEqual({ go: false, at: 2_000 })
    expect(takeTurn(other.pace, rule, { now: 1_000, promised: 1_000 }).turn).toEqual({ go: true, at: 1_000 })
    expect(takeTurn(other.pace, rule, { now: 900, promised: 1_000 }).turn).toEqual({ go: false, at: 1_000 })
  })

  test('lets who is patient wait for their instant by themselves', () => {
    const { pace } = takeTurn(freshPace, second, { now: 0 })
    const busy = takeTurn(takeTurn(pace, second, { now: 0 }).pace, second, { now: 0 }).pace
    expect(takeTurn(busy, second, { now: 0, patienceMs: 500 }).turn).toEqual({ go: true, at: 500 })
    expect(takeTurn(busy, second, { now: 0, patienceMs: 499 }).turn).toEqual({ go: false, at: 500 })
  })
})

interface Caller {
  comesAt: number
  /** How late it comes to an instant it was given. */
  lateMs: number
  patienceMs: number
}

/** Everybody comes, and comes again when they were told to, until all have gone. */
function simulate(rule: PaceRule, callers: readonly Caller[]): { wentAt: number[]; asked: number; order: number[] } {
  let pace: Pace = freshPace
  const wentAt: number[] = []
  const order: number[] = []
  const due = callers.map((caller, index) => ({
    ...caller,
    index,
    now: caller.comesAt,
    promised: undefined as number | undefined,
  }))
  let asked = 0
  while (due.length > 0) {
    due.sort((a, b) => a.now - b.now || a.index - b.index)
    const next = due[0]!
    asked += 1
    if (asked > 100_000) throw new Error('it does not end')
    const { patienceMs } = next
    const taken = takeTurn(pace, rule, { now: next.now, promised: next.promised, patienceMs })
    pace = taken.pace
    if (taken.turn.go) {
      wentAt.push(taken.turn.at)
      order.push(next.index)
      due.shift()
    } else {
      expect(taken.turn.at).toBeGreaterThan(next.now)
      next.promised = taken.turn.at
      next.now = taken.turn.at + next.lateMs
    }
  }
  return { wentAt: wentAt.sort((a, b) => a - b), asked, order }
}

describe('whoever comes when', () => {
  const rules = fc.record({
    calls: fc.integer({ min: 1, max: 20 }),
    perMs: fc.constantFrom(1_000, 60_000),
    burst: fc.integer({ min: 1, max: 10 }),
  })
  const callersOf = (lateMs: fc.Arbitrary<number>) =>
    fc.array(fc.record({ comesAt: fc.nat({ max: 20_000 }), lateMs, patienceMs: fc.constantFrom(0, 0, 2_000) }), {
      minLength: 1,
      maxLength: 60,
    })

  test('all go in the end, and never more in any stretch of time than it allows and the burst besides', () => {
    fc.assert(
      fc.property(rules, callersOf(fc.oneof(fc.constant(0), fc.nat({ max: 9_000 }))), (rule, callers) => {
        const { wentAt } = simulate(rule, callers)
        expect(wentAt).toHaveLength(callers.length)
        for (let from = 0; from < wentAt.length; from++) {
          for (let to = from; to < wentAt.length; to++) {
            const spanMs = wentAt[to]! - wentAt[from]!
            const allowed = rule.burst + (spanMs * rule.calls) / rule.perMs
            expect(to - from + 1).toBeLessThanOrEqual(Math.floor(allowed + 1e-6))
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  test('who comes on time goes in the order in which they came, and comes twice at most', () => {
    fc.assert(
      fc.property(rules, callersOf(fc.constant(0)), (rule, callers) => {
        const orderly = callers.map((caller) => ({ ...caller, patienceMs: 0 })).sort((a, b) => a.comesAt - b.comesAt)
        const { asked, wentAt, order } = simulate(rule, orderly)
        expect(asked).toBeLessThanOrEqual(2 * orderly.length)
        expect(order).toEqual(orderly.map((_, index) => index))
        expect(wentAt.at(-1)! - orderly.at(-1)!.comesAt).toBeLessThanOrEqual(
          (orderly.length * rule.perMs) / rule.calls + 1,
        )
      }),
      { numRuns: 300 },
    )
  })
})

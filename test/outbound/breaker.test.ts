import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  admit,
  breakerLimits,
  closedBreaker,
  isForgotten,
  settle,
  type Breaker,
  type BreakerChange,
  type CallResult,
} from '../../worker/outbound/breaker.ts'

/** A breaker and a clock, so that a test reads as a story. */
class Host {
  breaker: Breaker = closedBreaker
  at = 1_000_000
  readonly changes: BreakerChange[] = []

  ask(by = 'a', leaseMs = 30_000) {
    const { breaker, admission } = admit(this.breaker, { by, at: this.at, leaseMs })
    this.breaker = breaker
    return admission
  }

  hear(result: CallResult, { by = 'a', before = 0 } = {}): this {
    const { breaker, change } = settle(this.breaker, { by, at: this.at, result, before, why: 'it answered 503' })
    this.breaker = breaker
    if (change !== null) this.changes.push(change)
    return this
  }

  times(count: number, result: CallResult): this {
    for (let i = 0; i < count; i++) this.hear(result)
    return this
  }

  later(ms: number): this {
    this.at += ms
    return this
  }
}

const opened = () => new Host().times(5, 'failed')

describe('a breaker', () => {
  test('opens with the fifth failure in a row, and not before', () => {
    expect(new Host().times(4, 'failed').breaker.state).toBe('closed')
    expect(new Host().times(4, 'failed').hear('answered').times(4, 'failed').breaker.state).toBe('closed')
    const host = opened()
    expect(host.breaker).toMatchObject({ state: 'open', until: host.at + 30_000, why: 'it answered 503' })
    expect(host.ask()).toEqual({ admitted: false, until: host.at + 30_000 })
  })

  test('counts answers of which nothing was said before the failure that they came before', () => {
    const host = new Host().times(4, 'failed').hear('failed', { before: 3 })
    expect(host.breaker).toMatchObject({ state: 'closed', run: 1 })
  })

  test('opens when half of twenty calls in a minute fail', () => {
    const host = new Host()
    for (let i = 0; i < 9; i++) host.hear('failed').hear('answered').later(3_000)
    expect(host.breaker.state).toBe('closed')
    expect(host.hear('answered').hear('failed').breaker.state).toBe('open')
  })

  test('does not open by what is longer ago than a minute', () => {
    const host = new Host()
    for (let i = 0; i < 100; i++) host.hear('failed').hear('answered').later(7_000)
    expect(host.changes).toEqual([])
  })

  test('takes calls of which nothing can be said for neither', () => {
    expect(new Host().times(4, 'failed').times(100, 'neither').hear('failed').breaker.state).toBe('open')
  })

  test('lets one call at a time try after 30 s, and closes when three in a row are answered', () => {
    const host = opened().later(29_999)
    expect(host.ask().admitted).toBe(false)
    host.later(1)
    for (const by of ['a', 'b', 'c']) {
      expect(host.ask(by)).toEqual({ admitted: true })
      expect(host.ask('other')).toEqual({ admitted: false, until: host.at + breakerLimits.probeWaitMs })
      host.hear('answered', { by: 'other' })
      host.hear('answered', { by })
    }
    expect(host.breaker).toEqual(closedBreaker)
    expect(host.changes).toEqual(['opened', 'closed'])
  })

  test('stays open twice as long each time a probe fails, and at most five minutes', () => {
    const host = opened()
    const waits: number[] = []
    for (let i = 0; i < 6; i++) {
      if (host.breaker.state !== 'open') throw new Error('not open')
      waits.push(host.breaker.until - host.at)
      host.at = host.breaker.until
      host.ask()
      host.hear('failed')
    }
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000])
    expect(new Set(host.changes.slice(1))).toEqual(new Set(['reopened']))
  })

  test('begins with 30 s again after it was closed', () => {
    const host = opened().later(30_000)
    host.ask()
    host.hear('failed').later(60_000)
    for (let i = 0; i < 3; i++) {
      host.ask()
      host.hear('answered')
    }
    expect(host.times(5, 'failed').breaker).toMatchObject({ state: 'open', until: host.at + 30_000 })
  })

  test('gives the place of a probe on that says nothing, or of which nobody hears', () => {
    const host = opened().later(30_000)
    host.ask('a')
    host.hear('neither', { by: 'a' })
    expect(host.ask('b')).toEqual({ admitted: true })
    host.later(30_000)
    expect(host.ask('c')).toEqual({ admitted: true })
    // What it comes to late is another's to say.
    expect(host.hear('failed', { by: 'b' }).breaker.state).toBe('half_open')
  })

  test('is forgotten an hour after it could have been tried', () => {
    const host = opened()
    expect(isForgotten(host.breaker, host.at + 3_629_999)).toBe(false)
    expect(isForgotten(host.breaker, host.at + 3_630_000)).toBe(true)
    expect(isForgotten(new Host().hear('failed').breaker, 1_000_000 + 599_999)).toBe(false)
    expect(isForgotten(new Host().hear('failed').breaker, 1_000_000 + 600_000)).toBe(true)
  })
})

describe('whatever happens', () => {
  const act = fc.oneof(
    fc.record({ type: fc.constant('ask' as const), by: fc.constantFrom('a', 'b', 'c') }),
    fc.record({
      type: fc.constant('hear' as const),
      by: fc.constantFrom('a', 'b', 'c'),
      result: fc.constantFrom<CallResult[]>('answered', 'failed', 'failed', 'neither'),
      before: fc.nat({ max: 2 }),
    }),
    fc.record({ type: fc.constant('later' as const), ms: fc.nat({ max: 40_000 }) }),
  )

  test('nobody calls while it is open, one at a time while it is half open, and it is never open for over five minutes', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
        const host = new Host()
        let inProbe = null as { by: string; until: number } | null
        for (const each of acts) {
          const before = host.breaker
          if (each.type === 'later') host.later(each.ms)
          if (each.type === 'hear') {
            host.hear(each.result, each)
            if (inProbe?.by === each.by) inProbe = null
          }
          if (each.type === 'ask') {
            const admission = host.ask(each.by)
            if (before.state === 'closed') expect(admission.admitted).toBe(true)
            if (before.state === 'open') expect(admission.admitted).toBe(host.at >= before.until)
            if (!admission.admitted) expect(admission.until).toBeGreaterThan(host.at)
            else if (before.state !== 'closed') {
              const isFree = inProbe === null || inProbe.by === each.by || host.at >= inProbe.until
              expect(isFree).toBe(true)
              inProbe = { by: each.by, until: host.at + 30_000 }
            }
          }
          if (host.breaker.state === 'closed') inProbe = null
          if (host.breaker.state === 'open') {
            const { openedAt, until } = host.breaker
            expect(until - openedAt).toBeGreaterThanOrEqual(breakerLimits.openMs)
            expect(until - openedAt).toBeLessThanOrEqual(breakerLimits.maxOpenMs)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a host that answers again is called again', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
        const host = new Host()
        for (const each of acts) {
          if (each.type === 'later') host.later(each.ms)
          if (each.type === 'hear') host.hear(each.result, each)
          if (each.type === 'ask') host.ask(each.by)
        }
        for (let asked = 0; host.breaker.state !== 'closed'; asked++) {
          expect(asked).toBeLessThan(10)
          const admission = host.ask('z')
          if (admission.admitted) host.hear('answered', { by: 'z' })
          else host.at = Math.max(admission.until, host.at + 30_000)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('it opens with the fifth failure in a row, or when half of twenty within a minute failed, and for no other reason', () => {
    const calls = fc.array(fc.record({ ok: fc.boolean(), ms: fc.nat({ max: 5_000 }) }), { maxLength: 60 })
    fc.assert(
      fc.property(calls, (made) => {
        const host = new Host()
        const past: { at: number; ok: boolean }[] = []
        for (const { ok, ms } of made) {
          host.later(ms).hear(ok ? 'answered' : 'failed')
          past.push({ at: host.at, ok })
          const isRun = past.length >= 5 && past.slice(-5).every((call) => !call.ok)
          const within = (ms: number) => {
            const recent = past.filter(({ at }) => at > host.at - ms)
            return recent.length >= 20 && recent.filter((call) => !call.ok).length >= recent.length / 2
          }
          if (host.breaker.state !== 'closed') {
            // Ten seconds are counted as one, so the minute is one of 50 to 60 s.
            const mayBe = Array.from({ length: 11 }, (_, index) => within(50_000 + index * 1_000))
            expect(isRun || mayBe.includes(true)).toBe(true)
            return
          }
          expect(isRun).toBe(false)
        }
      }),
      { numRuns: 500 },
    )
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideLimit } from '../../worker/enrolment/decide-limit.ts'

const starts = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 30 })

test('within any stretch of the window no more begin than the limit says, and the next one may at its retry', () => {
  fc.assert(
    fc.property(
      starts,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 1_000 }),
      (given, limit, windowMs) => {
        const limits = { executions: { limit, windowMs } }
        const begun: number[] = []
        for (const at of given.toSorted((one, other) => one - other)) {
          const decision = decideLimit(limits, begun, at)
          const within = begun.filter((other) => other > at - windowMs).length
          expect(decision.kind).toBe(within < limit ? 'free' : 'reached')
          if (decision.kind === 'free') begun.push(at)
          else {
            expect(decision.retryAt).toBeGreaterThan(at)
            expect(decideLimit(limits, begun, decision.retryAt - 1).kind).toBe('reached')
            expect(decideLimit(limits, begun, decision.retryAt).kind).toBe('free')
          }
        }
      },
    ),
    { numRuns: 150 },
  )
})

test('without a limit everything is free', () => {
  expect(decideLimit({ executions: null }, Array<number>(5_000).fill(1), 2)).toEqual({ kind: 'free' })
})

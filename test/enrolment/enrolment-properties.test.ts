// Who may enter, against a model that says the same by counting.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConditionGroup } from '../../worker/contract/condition.ts'
import { EnrolmentSettings, type Goal } from '../../worker/contract/enrolment.ts'
import { decideEnrolment, type PastEnrolment } from '../../worker/enrolment/decide-enrolment.ts'
import { decideEvent } from '../../worker/enrolment/decide-event.ts'

const flag = (name: string): ConditionGroup => ({
  operator: 'AND',
  conditions: [{ field: `contact.custom.${name}`, operator: '==', value: true }],
})

const goal = (id: string, onAchievement: Goal['onAchievement'], goTo?: string): Goal => ({
  id,
  name: id,
  conditions: flag(id),
  onAchievement,
  ...(goTo !== undefined && { goTo }),
})

const goalIds = ['a', 'b', 'c'] as const
const now = 1_000_000

const flags = fc.record({
  entry: fc.boolean(),
  exit: fc.boolean(),
  a: fc.boolean(),
  b: fc.boolean(),
  c: fc.boolean(),
})

const settings = fc.record(
  {
    entryConditions: fc.constant(flag('entry')),
    allowMultiple: fc.boolean(),
    limit: fc.integer({ min: 1, max: 5 }),
    windowMs: fc.integer({ min: 1_000, max: 50_000 }),
    reEnrolmentDelayMs: fc.integer({ min: 1_000, max: 50_000 }),
    exitConditions: fc.constant(flag('exit')),
    removeOnGoal: fc.boolean(),
  },
  { requiredKeys: [] },
)

const past: fc.Arbitrary<PastEnrolment> = fc
  .record({
    ago: fc.integer({ min: 0, max: 60_000 }),
    lasted: fc.option(fc.integer({ min: 0, max: 60_000 })),
    achieved: fc.subarray([...goalIds]),
  })
  .map(({ ago, lasted, achieved }) => ({
    at: now - ago,
    endedAt: lasted === null ? null : Math.min(now, now - ago + lasted),
    achieved,
  }))

const goals = fc.array(
  fc.record({ onAchievement: fc.constantFrom('continue', 'exit', 'goto'), id: fc.constantFrom(...goalIds) }),
  { maxLength: 3 },
)
const drawnGoals = goals.map((some) =>
  some
    .filter(({ id }, at) => some.findIndex((other) => other.id === id) === at)
    .map(({ id, onAchievement }) => goal(id, onAchievement, onAchievement === 'goto' ? `to_${id}` : undefined)),
)

const scopeOf = (custom: Record<string, boolean>) => ({ event: { type: 'x' }, contact: { custom } })
const runs = { numRuns: 500 }

describe('whether an event lets its contact in', () => {
  test('the first rule that forbids decides, in the order of the settings', () => {
    fc.assert(
      fc.property(settings, fc.array(past, { maxLength: 6 }), flags, drawnGoals, (given, history, has, some) => {
        EnrolmentSettings.parse(given)
        const decision = decideEnrolment({ enrolment: given, goals: some }, history, scopeOf(has), now)
        const { limit = Infinity, windowMs = Infinity, reEnrolmentDelayMs = -Infinity } = given
        const met = (id: string) => has[id as keyof typeof has]
        const forbids = {
          entry_conditions: given.entryConditions !== undefined && !has.entry,
          already_enrolled: given.allowMultiple !== true && history.some(({ endedAt }) => endedAt === null),
          limit_reached: history.filter(({ at }) => now - at < windowMs).length >= limit,
          re_enrolment_delay: history.some(({ at, endedAt }) => now - (endedAt ?? at) < reEnrolmentDelayMs),
          exit_conditions: given.exitConditions !== undefined && has.exit,
          goal_achieved:
            given.removeOnGoal === true &&
            some.some(({ id }) => met(id) || history.some(({ achieved }) => achieved.includes(id))),
        }
        const first = Object.entries(forbids).find(([, is]) => is)?.[0]
        expect(decision.kind === 'blocked' ? decision.reason : undefined).toBe(first)
      }),
      runs,
    )
  })

  test('what time alone forbids is allowed again at retryAt, and not a moment before', () => {
    fc.assert(
      fc.property(settings, fc.array(past, { minLength: 1, maxLength: 6 }), flags, (given, history, has) => {
        const rules = { enrolment: { ...given, allowMultiple: true }, goals: [] }
        const reasonAt = (at: number) => {
          const decision = decideEnrolment(rules, history, scopeOf(has), at)
          return decision.kind === 'blocked' ? decision.reason : undefined
        }
        const decision = decideEnrolment(rules, history, scopeOf(has), now)
        if (decision.kind === 'enrolled' || decision.retryAt === undefined) return
        expect(reasonAt(decision.retryAt - 1)).toBe(decision.reason)
        expect(reasonAt(decision.retryAt)).not.toBe(decision.reason)
      }),
      runs,
    )
  })

  test('however events come, no more are let in within any window than the limit says', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 60 })
    const most = fc.integer({ min: 1, max: 4 })
    const width = fc.integer({ min: 1_000, max: 20_000 })
    fc.assert(
      fc.property(gaps, most, width, (waits, limit, windowMs) => {
        const history: PastEnrolment[] = []
        let at = now
        for (const wait of waits) {
          at += wait
          const rules = { enrolment: { limit, windowMs, allowMultiple: true }, goals: [] }
          const { kind } = decideEnrolment(rules, history, scopeOf({}), at)
          if (kind === 'enrolled') history.push({ at, endedAt: at, achieved: [] })
        }
        for (const { at: from } of history)
          expect(history.filter((one) => one.at >= from && one.at < from + windowMs).length).toBeLessThanOrEqual(limit)
      }),
      runs,
    )
  })

  test('without settings everybody is let in; a contact that is gone never', () => {
    fc.assert(
      fc.property(fc.array(past), flags, settings, (history, has, given) => {
        expect(decideEnrolment({ goals: [] }, history, scopeOf(has), now)).toEqual({ kind: 'enrolled' })
        const gone = { event: null, contact: null }
        expect(decideEnrolment({ enrolment: given, goals: [] }, history, gone, now)).toMatchObject({
          reason: 'contact_missing',
        })
      }),
      runs,
    )
  })

  test('conditions that cannot be decided let nobody in', () => {
    const entryConditions: ConditionGroup = {
      operator: 'AND',
      conditions: [{ field: '{{ contact.tags.nothing() }}', operator: 'exists' }],
    }
    const decision = decideEnrolment({ enrolment: { entryConditions }, goals: [] }, [], scopeOf({}), now)
    expect(decision).toEqual({ kind: 'blocked', reason: 'entry_conditions' })
  })
})

describe('what an event makes of an enrolment', () => {
  test('each goal is achieved once, all that hold at once, and one thing follows at most', () => {
    fc.assert(
      fc.property(settings, drawnGoals, flags, fc.subarray([...goalIds]), (given, some, has, before) => {
        const rules = { enrolment: given, goals: some }
        const { achieved, follows } = decideEvent(rules, before, scopeOf(has), now)
        const fresh = some.filter(({ id }) => has[id as keyof typeof has] && !before.includes(id as never))
        expect(achieved).toEqual(fresh.map(({ id }) => id))
        const leaves = fresh.find(({ onAchievement }) => given.removeOnGoal === true || onAchievement === 'exit')
        const goes = fresh.find(({ onAchievement }) => onAchievement === 'goto')
        if (given.exitConditions !== undefined && has.exit)
          expect(follows).toEqual({ kind: 'leave', by: 'exit_conditions' })
        else if (leaves !== undefined)
          expect(follows).toEqual({ kind: 'leave', by: 'goal_achieved', goalId: leaves.id })
        else if (goes !== undefined) expect(follows).toEqual({ kind: 'goTo', nodeId: goes.goTo, goalId: goes.id })
        else expect(follows).toEqual({ kind: 'stay' })
      }),
      runs,
    )
  })
})

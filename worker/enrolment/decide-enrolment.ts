// decide-enrolment
//
// Whether an event lets its contact into a workflow.
//
//   E1. Pure: the same rules, history, event and time give the same decision.
//   E2. The first rule that forbids decides, in the order of `EnrolmentSettings`, and the reason says which it was.
//   E3. Without settings everybody is let in, as often as events come; goals are then looked for all the same.

import type { BlockedReason } from '../contract/enrolment.ts'
import type { Json } from '../contract/json.ts'
import { meets } from './meets.ts'
import type { EnrolmentRules } from './rules.ts'

/** An earlier enrolment of the same contact in the same workflow. Times are epoch ms. */
export interface PastEnrolment {
  at: number
  /** Null while it goes on. */
  endedAt: number | null
  achieved: readonly string[]
}

/** What conditions can see: the event as workflows read it, and the contact as it stands. */
export interface EnrolmentScope {
  event: Json
  contact: Json
}

export type EnrolmentDecision =
  | { kind: 'enrolled' }
  /** `retryAt`: from then on (epoch ms) this reason alone would not keep it out. */
  | { kind: 'blocked'; reason: BlockedReason; retryAt?: number }

/** `now` is epoch ms; `history` comes in any order. */
export function decideEnrolment(
  { enrolment, goals }: EnrolmentRules,
  history: readonly PastEnrolment[],
  { event, contact }: EnrolmentScope,
  now: number,
): EnrolmentDecision {
  if (contact === null) return { kind: 'blocked', reason: 'contact_missing' }
  if (enrolment === undefined) return { kind: 'enrolled' }
  const { entryConditions, allowMultiple, limit, windowMs, reEnrolmentDelayMs, exitConditions, removeOnGoal } =
    enrolment

  if (entryConditions !== undefined && !meets(entryConditions, { trigger: event, contact, now }))
    return { kind: 'blocked', reason: 'entry_conditions' }

  if (allowMultiple !== true && history.some(({ endedAt }) => endedAt === null))
    return { kind: 'blocked', reason: 'already_enrolled' }

  if (limit !== undefined) {
    const counted = history
      .map(({ at }) => at)
      .filter((at) => windowMs === undefined || at > now - windowMs)
      .toSorted((one, other) => other - one)
    if (counted.length >= limit) {
      const free = windowMs === undefined ? {} : { retryAt: counted[limit - 1]! + windowMs }
      return { kind: 'blocked', reason: 'limit_reached', ...free }
    }
  }

  if (reEnrolmentDelayMs !== undefined && history.length > 0) {
    const last = history.reduce((latest, { at, endedAt }) => Math.max(latest, endedAt ?? at), -Infinity)
    const retryAt = last + reEnrolmentDelayMs
    if (now < retryAt) return { kind: 'blocked', reason: 're_enrolment_delay', retryAt }
  }

  const scope = { event, contact, now }
  if (exitConditions !== undefined && meets(exitConditions, scope))
    return { kind: 'blocked', reason: 'exit_conditions' }

  if (removeOnGoal === true) {
    const has = (id: string) => history.some(({ achieved }) => achieved.includes(id))
    if (goals.some(({ id, conditions }) => has(id) || meets(conditions, scope)))
      return { kind: 'blocked', reason: 'goal_achieved' }
  }
  return { kind: 'enrolled' }
}

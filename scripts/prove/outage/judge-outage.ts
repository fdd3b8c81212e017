// judge outage
//
//   I14. A call is made again no sooner than its policy allows, and no oftener.
//
// It also counts the calls that a circuit breaker is to hold back (R12): those that still come when five have failed.
//
// Pure; `test/prove/storms.test.ts` shows that it sees.

import type { SinkCall } from '../sink/ledger.ts'
import type { StormViolation } from '../storm/prove-storm.ts'

/** How calls are tried again: exponentially, never above `maxDelayMs`. */
export interface Policy {
  maxRetries: number
  delayMs: number
  factor: number
  maxDelayMs: number
}

/** When the target was down, in epoch ms. */
export interface Downtime {
  from: number
  to: number
}

/** So many failures in a row open a breaker. */
const opensAfter = 5
/** A call that was under way when the breaker opened has arrived by then, in ms. */
const onTheWayMs = 5_000
/** A breaker that is open lets one call through in this time, in ms. */
const probeEveryMs = 30_000

/** Most calls that reach a target behind a breaker while that is open, where it is down for so long (ms). */
export function mostWhileOpen(downMs: number): number {
  return Math.ceil(downMs / probeEveryMs)
}

export interface OutageFigures {
  /** Calls that reached the target while it was down. */
  whileDown: number
  /** Of these, those that a breaker would not have let through, but for its probes. */
  whileOpen: number
  /** Calls that reached the target in each 30 s. */
  per30s: number[]
  /** Most tries of one call. */
  mostTries: number
  /** From the target's return to the last call that worked, in ms. */
  recoveredMs: number
}

/** Whether tries kept their distance, and what the target saw. `calls` are in the order in which they came. */
export function judgeOutage(
  calls: readonly SinkCall[],
  policy: Policy,
  { from, to }: Downtime,
): { violations: StormViolation[]; figures: OutageFigures } {
  const violations: StormViolation[] = []
  let mostTries = 0
  let lastAt = to
  for (const [event, tries] of Map.groupBy(calls, eventOf)) {
    mostTries = Math.max(mostTries, tries.length)
    const report = (what: string) => void violations.push({ oracle: 'I14', event, what })
    if (tries.length > policy.maxRetries + 1) report(`was tried ${tries.length} times`)
    for (const [index, call] of tries.slice(1).entries()) {
      const before = tries[index]!
      const leastMs = Math.min(policy.maxDelayMs, policy.delayMs * policy.factor ** index)
      const gapMs = call.at - (before.end?.at ?? before.at)
      if (gapMs < leastMs) report(`was tried again after ${gapMs} ms instead of ${leastMs}`)
    }
    const last = tries.at(-1)
    if (last?.end?.status !== 200) report('never worked')
    lastAt = Math.max(lastAt, last?.end?.at ?? lastAt)
  }
  const during = calls.filter(({ at }) => at >= from && at < to)
  const failures = during
    .flatMap(({ end }) => (end === undefined ? [] : [end.at]))
    .toSorted((one, other) => one - other)
  const openAt = (failures[opensAfter - 1] ?? Infinity) + onTheWayMs
  const whileOpen = during.filter(({ at }) => at >= openAt).length
  const per30s = Array.from({ length: Math.ceil((to - from) / 30_000) }, () => 0)
  for (const { at } of during) per30s[Math.floor((at - from) / 30_000)]! += 1
  return { violations, figures: { whileDown: during.length, whileOpen, per30s, mostTries, recoveredMs: lastAt - to } }
}

function eventOf({ body }: SinkCall): string {
  return typeof body === 'object' && body !== null && 'event' in body ? String(body.event) : ''
}

// judge outage
//
//   I14. A call is made again no sooner than its policy allows, and no oftener.
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

export interface OutageFigures {
  /** Calls that reached the target while it was down. */
  whileDown: number
  /** The same in each 30 s of it. */
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
  const per30s = Array.from({ length: Math.ceil((to - from) / 30_000) }, () => 0)
  for (const { at } of during) per30s[Math.floor((at - from) / 30_000)]! += 1
  return { violations, figures: { whileDown: during.length, per30s, mostTries, recoveredMs: lastAt - to } }
}

function eventOf({ body }: SinkCall): string {
  return typeof body === 'object' && body !== null && 'event' in body ? String(body.event) : ''
}

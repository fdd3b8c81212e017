// traffic
//
// All that is known of the calls of one organization to one host: its breaker and its pace. Decides what becomes of a call
// that somebody is about to make; whoever keeps it stores what comes back.
//
//   T1. What the breaker holds back takes no turn, and gives up the one it was promised.
//   T2. A probe has its turn before it is the probe: a host is not kept waiting for one that waits itself.

import { admit, closedBreaker, settle, type Breaker, type BreakerChange, type Settled } from './breaker.ts'
import { freshPace, takeTurn, type Pace, type PaceRule } from './pace.ts'

export interface Traffic {
  readonly breaker: Breaker
  readonly pace: Pace
  /** By which the pace is kept. */
  readonly rule: PaceRule | null
}

export const freshTraffic: Traffic = { breaker: closedBreaker, pace: freshPace, rule: null }

/** Somebody is about to call. */
export interface CallAsk {
  /** Names the call over all its attempts: its idempotency key. */
  by: string
  /** How long the call may take: a probe that is not heard of for longer is nobody's. */
  leaseMs: number
  /** So long it would rather wait by itself than come again. */
  patienceMs: number
  rule: PaceRule | null
  /** Hosts can be excepted from breaking. */
  breaks: boolean
}

/**
 * What is known of the host, for who asks: so that a healthy one is not asked about again. Epoch ms.
 * `quiet`: nothing is wrong; `suspect`: it failed last; `open`: nobody calls before `until`; `half_open`: one at a time.
 */
export type HostView =
  | { state: 'quiet' | 'suspect' | 'half_open' }
  | { state: 'open'; openedAt: number; until: number; why: string }

export type CallAnswer =
  /** Make it, after so many ms. */
  | { kind: 'go'; waitMs: number }
  /** Not before `until` (epoch ms). */
  | { kind: 'held'; because: 'breaker' | 'pace'; until: number; why?: string }

/** No wait for a turn is longer than this, so that a limit that is raised is soon felt. */
const maxWaitMs = 3_600_000

/** Decides about a call. `promised`: the turn it was promised before; what comes back is to be kept for it. */
export function ask(
  traffic: Traffic,
  { by, leaseMs, patienceMs, rule, breaks }: CallAsk,
  { at, promised }: { at: number; promised: number | undefined },
): { traffic: Traffic; answer: CallAnswer; promised: number | undefined } {
  const { breaker, admission } = breaks
    ? admit(traffic.breaker, { by, at, leaseMs })
    : { breaker: traffic.breaker, admission: { admitted: true as const } }
  if (!admission.admitted) {
    const why = breaker.state === 'closed' ? {} : { why: breaker.why }
    return {
      traffic,
      answer: { kind: 'held', because: 'breaker', until: admission.until, ...why },
      promised: undefined,
    }
  }
  if (rule === null) {
    const isAsBefore = traffic.rule === null && traffic.breaker === breaker
    const after = isAsBefore ? traffic : { breaker, rule: null, pace: freshPace }
    return { traffic: after, answer: { kind: 'go', waitMs: 0 }, promised: undefined }
  }
  const before = isSameRule(traffic.rule, rule) ? traffic.pace : { promised: at, gone: at }
  const { pace, turn } = takeTurn(before, rule, { now: at, promised, patienceMs })
  if (turn.go)
    return { traffic: { breaker, pace, rule }, answer: { kind: 'go', waitMs: turn.at - at }, promised: undefined }
  const until = Math.min(turn.at, at + maxWaitMs)
  return {
    traffic: { breaker: traffic.breaker, pace, rule },
    answer: { kind: 'held', because: 'pace', until },
    promised: turn.at,
  }
}

/** What came of a call. */
export function hear(traffic: Traffic, settled: Settled): { traffic: Traffic; change: BreakerChange | null } {
  const { breaker, change } = settle(traffic.breaker, settled)
  return { traffic: { ...traffic, breaker }, change }
}

/** Closes it by hand: whatever was known of the host is forgotten. */
export function close(traffic: Traffic): { traffic: Traffic; change: BreakerChange | null } {
  const change = traffic.breaker.state === 'closed' ? null : 'closed'
  return { traffic: { ...traffic, breaker: closedBreaker }, change }
}

/** What callers have to know of a host before they call it. */
export function viewOf({ breaker }: Traffic): HostView {
  switch (breaker.state) {
    case 'closed':
      return { state: breaker.run === 0 ? 'quiet' : 'suspect' }
    case 'open': {
      const { openedAt, until, why } = breaker
      return { state: 'open', openedAt, until, why }
    }
    default:
      return { state: breaker.state }
  }
}

function isSameRule(one: PaceRule | null, other: PaceRule): boolean {
  return one?.calls === other.calls && one.perMs === other.perMs && one.burst === other.burst
}

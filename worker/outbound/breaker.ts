// breaker
//
// The circuit breaker of one host: a pure reducer. It holds calls back from a host that fails, and lets it be tried now
// and then until it answers again.
//
//        5 failures in a row, or half of 20 calls in a minute            3 probes in a row answered
//   closed ─────────────────────────────────────────────► open ─── after a while ───► half open ──► closed
//                                                           ▲                             │
//                                                           └── a probe failed: twice as long
//
//   B1. While it is open nobody calls; half open, one call at a time does (the probe).
//   B2. Only what the probe comes to moves it out of half open. Calls that were under way when it opened, or that others
//       made who did not know, change nothing.
//   B3. A probe that nobody hears of again has its place taken after its lease.

import { unreachable } from '../lib/unreachable.ts'

/** All in ms but for the counts. The figures are those of the semantics (4). */
export const breakerLimits = {
  /** Consecutive failures that open the breaker; */
  run: 5,
  /** or this share of failures among at least `calls` calls, */
  share: 0.5,
  calls: 20,
  /** within this time. */
  windowMs: 60_000,
  openMs: 30_000,
  maxOpenMs: 300_000,
  /** Consecutive probes that must succeed to close it. */
  successes: 3,
  /** How long other calls wait for the outcome of a probe. */
  probeWaitMs: 5_000,
  /** A run of failures is forgotten this long after the last one: while no failure is known, successes are not reported. */
  runFadesMs: 600_000,
  /** An open breaker that no call has probed for this long, although one could, is deleted. */
  forgetMs: 3_600_000,
} as const

const sliceMs = 10_000

/** Calls and failures that ended in ten seconds. */
interface Slice {
  readonly at: number
  readonly calls: number
  readonly failed: number
}

export type Breaker =
  | {
      readonly state: 'closed'
      /** Failures in a row, and when the last of them was. */
      readonly run: number
      readonly failedAt: number
      readonly recent: readonly Slice[]
    }
  | (Troubled & { readonly state: 'open' })
  | (Troubled & {
      readonly state: 'half_open'
      /** Probes answered in a row. */
      readonly successes: number
      readonly probe: { readonly by: string; readonly until: number } | null
    })

interface Troubled {
  /** When it opened for the first time, and the last. Epoch ms. */
  readonly since: number
  readonly openedAt: number
  /** Nobody calls before this. */
  readonly until: number
  /** What the last call came to, as the end of a sentence: `it answered 503`. */
  readonly why: string
}

export const closedBreaker: Breaker = { state: 'closed', run: 0, failedAt: 0, recent: [] }

/** `answered`: the host is there, whatever it said; `failed`: it is not; `neither`: nothing can be said. */
export type CallResult = 'answered' | 'failed' | 'neither'

export type BreakerChange = 'opened' | 'reopened' | 'closed'

/** Whether a call may be made; else the instant from which on it may be asked again. */
export type Admission = { admitted: true } | { admitted: false; until: number }

/** Asks to make a call, named `by`. A probe has its place until it is settled, or for `leaseMs`. */
export function admit(
  breaker: Breaker,
  { by, at, leaseMs }: { by: string; at: number; leaseMs: number },
): { breaker: Breaker; admission: Admission } {
  const probe = { by, until: at + leaseMs }
  switch (breaker.state) {
    case 'closed':
      return { breaker, admission: { admitted: true } }
    case 'open': {
      if (at < breaker.until) return { breaker, admission: { admitted: false, until: breaker.until } }
      return { breaker: { ...breaker, state: 'half_open', successes: 0, probe }, admission: { admitted: true } }
    }
    case 'half_open': {
      const { probe: before } = breaker
      if (before !== null && before.by !== by && at < before.until) {
        return { breaker, admission: { admitted: false, until: at + breakerLimits.probeWaitMs } }
      }
      return { breaker: { ...breaker, probe }, admission: { admitted: true } }
    }
    default:
      return unreachable(breaker)
  }
}

/** What came of a call. `before`: calls that were answered before it and of which nothing was said. */
export interface Settled {
  by: string
  at: number
  result: CallResult
  before?: number
  /** Of a failure: the end of a sentence. */
  why?: string
}

/** Takes in what came of a call. `change`: whether the breaker opened or closed by it. */
export function settle(breaker: Breaker, settled: Settled): { breaker: Breaker; change: BreakerChange | null } {
  switch (breaker.state) {
    case 'closed':
      return count(breaker, settled)
    case 'open':
      return { breaker, change: null }
    case 'half_open':
      return breaker.probe?.by === settled.by ? judgeProbe(breaker, settled) : { breaker, change: null }
    default:
      return unreachable(breaker)
  }
}

/** Whether there is nothing about it that is worth keeping. */
export function isForgotten(breaker: Breaker, at: number): boolean {
  if (breaker.state !== 'closed') return at >= breaker.until + breakerLimits.forgetMs
  return at >= breaker.failedAt + breakerLimits.runFadesMs && inWindow(breaker.recent, at).length === 0
}

function count(
  breaker: Breaker & { state: 'closed' },
  { at, result, before = 0, why = 'it failed' }: Settled,
): { breaker: Breaker; change: BreakerChange | null } {
  if (result === 'neither') return { breaker, change: null }
  const failed = result === 'failed'
  const recent = add(inWindow(breaker.recent, at), { at, calls: before + 1, failed: failed ? 1 : 0 })
  if (!failed) return { breaker: { ...breaker, run: 0, recent }, change: null }
  const isBroken = before > 0 || at >= breaker.failedAt + breakerLimits.runFadesMs
  const run = isBroken ? 1 : breaker.run + 1
  if (run < breakerLimits.run && !isMostlyFailing(recent)) {
    return { breaker: { ...breaker, run, failedAt: at, recent }, change: null }
  }
  const until = at + breakerLimits.openMs
  return { breaker: { state: 'open', since: at, openedAt: at, until, why }, change: 'opened' }
}

function judgeProbe(
  breaker: Breaker & { state: 'half_open' },
  { at, result, why = 'it failed' }: Settled,
): { breaker: Breaker; change: BreakerChange | null } {
  switch (result) {
    case 'neither':
      return { breaker: { ...breaker, probe: null }, change: null }
    case 'answered': {
      const successes = breaker.successes + 1
      if (successes >= breakerLimits.successes) return { breaker: closedBreaker, change: 'closed' }
      return { breaker: { ...breaker, successes, probe: null }, change: null }
    }
    case 'failed': {
      const { since, openedAt, until: before } = breaker
      const openMs = Math.min(2 * (before - openedAt), breakerLimits.maxOpenMs)
      return { breaker: { state: 'open', since, openedAt: at, until: at + openMs, why }, change: 'reopened' }
    }
    default:
      return unreachable(result)
  }
}

function isMostlyFailing(recent: readonly Slice[]): boolean {
  const calls = recent.reduce((sum, slice) => sum + slice.calls, 0)
  const failed = recent.reduce((sum, slice) => sum + slice.failed, 0)
  return calls >= breakerLimits.calls && failed >= breakerLimits.share * calls
}

function inWindow(recent: readonly Slice[], at: number): readonly Slice[] {
  return recent.filter((slice) => slice.at > at - breakerLimits.windowMs)
}

function add(recent: readonly Slice[], { at, calls, failed }: Slice): readonly Slice[] {
  const last = recent.at(-1)
  if (last === undefined || at >= last.at + sliceMs) return [...recent, { at, calls, failed }]
  return [...recent.slice(0, -1), { at: last.at, calls: last.calls + calls, failed: last.failed + failed }]
}

// pace
//
// How fast one host may be called: a token bucket, kept as the instant at which it would be empty of calls (the generic cell
// rate algorithm), so it is two numbers however many calls there are.
//
//   P1. In any stretch of time no more calls are made than its length allows, and the burst besides.
//   P2. Who has to wait is given an instant, one after the other in the order in which they came, and nobody who comes
//       later is let past them.
//   P3. An instant that was not kept (its step was cancelled, or came late) is lost, never made up for by two at once
//       beyond the burst.

/** So many calls in so many ms, and so many at once: `burst` of 1 or more. */
export interface PaceRule {
  readonly calls: number
  readonly perMs: number
  readonly burst: number
}

/** Epoch ms. */
export interface Pace {
  /** When all that have been given an instant are through. */
  readonly promised: number
  /** The same of those who went. */
  readonly gone: number
}

export const freshPace: Pace = { promised: 0, gone: 0 }

/** Go now; or come at this instant. */
export type Turn = { go: true; at: number } | { go: false; at: number }

/**
 * A call asks for its turn. `promised` is the instant that it was given before, if any. Whose turn comes within
 * `patienceMs` is let go: it waits for `at` by itself.
 */
export function takeTurn(
  pace: Pace,
  rule: PaceRule,
  { now, promised, patienceMs = 0 }: { now: number; promised?: number | undefined; patienceMs?: number },
): { pace: Pace; turn: Turn } {
  if (promised !== undefined && promised > now + patienceMs) return { pace, turn: { go: false, at: promised } }
  // Its own instant has come: it goes, unless others that were late have taken the room.
  if (promised !== undefined) {
    const at = Math.max(now, promised)
    if (soonest(pace.gone, rule) <= at)
      return { pace: { ...pace, gone: after(pace.gone, rule, at) }, turn: { go: true, at } }
  }
  const at = Math.max(now, soonest(pace.promised, rule), soonest(pace.gone, rule))
  const next = after(pace.promised, rule, at)
  if (at > now + patienceMs) return { pace: { ...pace, promised: next }, turn: { go: false, at } }
  return { pace: { promised: next, gone: after(pace.gone, rule, at) }, turn: { go: true, at } }
}

/** The earliest instant at which one more fits. */
function soonest(through: number, { calls, perMs, burst }: PaceRule): number {
  return Math.ceil(through - ((burst - 1) * perMs) / calls)
}

/** When all are through once one more goes at an instant. */
function after(through: number, { calls, perMs }: PaceRule, at: number): number {
  return Math.max(at, through) + perMs / calls
}

// next-alarm
//
// When an execution's object wants to be woken. Pure; the object arms its one alarm with what comes out.

/** A call in flight is looked after this often, so a crash is noticed long before the call's own timeout. */
export const lookAfterMs = 10_000

/**
 * An execution that waits at a gate asks again after this time, in ms, should its gate have forgotten it. The sweeper looks
 * at one that is recorded as queued as often.
 */
export const askAgainAfterMs = 600_000

/** A finished execution keeps its storage this long, in ms, so that a late copy of its trigger finds it done. */
export const holdMs = 3_600_000

export interface AlarmFacts {
  now: number
  /** When the engine wants a turn, if ever. */
  wakeAt: number | null
  /** Calls in flight or to be made. */
  busy: boolean
  finishedAt: number | null
  /** Whether somebody would wake the execution if this process died: the inbox of its event, or the alarm that rings. */
  backed: boolean
  /** Whether an inbox has taken over the record of the execution as it stands. */
  recorded: boolean
}

/**
 * Epoch ms of the next look.
 *
 * `unarmed`: a call is under way, the execution is `backed`, and nothing else is due before the object looks again by itself.
 * `never`: it has finished and is recorded, and the sweeper erases it in time. So most short executions arm no alarm at all.
 */
export function nextAlarm({
  now,
  wakeAt,
  busy,
  finishedAt,
  backed,
  recorded,
}: AlarmFacts): number | 'unarmed' | 'never' {
  if (backed && busy && (wakeAt === null || wakeAt > now + lookAfterMs)) return 'unarmed'
  if (finishedAt !== null && recorded) return 'never'
  const look = busy || !recorded ? now + lookAfterMs : Infinity
  // Without any reason to wake, an hourly look costs nothing and forgives a mistake made elsewhere.
  return Math.min(wakeAt ?? Infinity, look, now + holdMs)
}

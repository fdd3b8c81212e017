// next-alarm
//
// When an execution's object wants to be woken. Pure; the object arms its one alarm with what comes out.

/** A call in flight is looked after this often, so a crash is noticed long before the call's own timeout. */
export const lookAfterMs = 10_000

/** A finished execution keeps its object this long, so that a late copy of its trigger finds it done. */
export const holdMs = 3_600_000

export interface AlarmFacts {
  now: number
  /** When the engine wants a turn, if ever. */
  wakeAt: number | null
  /** Calls in flight or to be made. */
  busy: boolean
  finishedAt: number | null
  /** Whether the inbox would begin the execution again if this process died: the event that began it is pending. */
  backed: boolean
  /** Whether an inbox has taken over the record of the execution as it stands. */
  recorded: boolean
}

/**
 * Epoch ms of the next look. Null when none is needed for now: a call is under way, the inbox stands behind it, and
 * nothing beside it is due before the object looks again by itself. So most short executions arm nothing until they are
 * done.
 */
export function nextAlarm({ now, wakeAt, busy, finishedAt, backed, recorded }: AlarmFacts): number | null {
  if (backed && busy && (wakeAt === null || wakeAt > now + lookAfterMs)) return null
  if (finishedAt !== null && recorded) return finishedAt + holdMs
  const look = busy || !recorded ? now + lookAfterMs : Infinity
  // Without any reason to wake, an hourly look costs nothing and forgives a mistake made elsewhere.
  return Math.min(wakeAt ?? Infinity, look, now + holdMs)
}

/** Whether everything about a finished execution lies elsewhere and its storage can go. */
export function isErasable({ now, finishedAt, recorded }: AlarmFacts): boolean {
  return finishedAt !== null && recorded && now >= finishedAt + holdMs
}

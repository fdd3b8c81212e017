// throttle
//
// So many starts of one key within any stretch of time.
//
//   T1. However a stretch of `perMs` is chosen, at most `limit` are let through in it.
//   T2. Nobody waits while one may start.
//   T3. Who was let through and did not hear of it is let through when it asks again, as long as its start counts: it
//       takes no second one, and is not turned away for the sake of its own.

import { placeFor, put, refusal, waitingIn, type Answer, type Comer, type Line } from './line.ts'
import type { GateSettings } from './settings.ts'

type Throttle = GateSettings & { gate: 'throttle' }

/** Takes in who comes. `now` is epoch ms. */
export function throttle(line: Line, settings: Throttle, comer: Comer, now: number): Answer {
  letStart(line, settings, now)
  const waiting = waitingIn(line)
  if (waiting.length === 0 && line.starts.length < settings.limit) {
    const at = Math.max(now, line.starts.at(-1) ?? now)
    line.starts = [...line.starts, at]
    put(line, { ...placeFor(line, comer), standing: 'passed', seenAt: at })
    return { kind: 'passed' }
  }
  if (settings.policy === 'drop') {
    const message = `Skipped: ${settings.limit} were started within ${settings.perMs / 1_000} s.`
    return { kind: 'refused', failure: refusal('throttle.dropped', message) }
  }
  if (waiting.length >= settings.maxWaiting) {
    const failure = refusal('throttle.queue_full', `Skipped: ${waiting.length} others are waiting already.`)
    return { kind: 'refused', failure }
  }
  put(line, placeFor(line, comer))
  return { kind: 'waiting' }
}

/** Lets start as many of those who wait as may by now, and forgets starts that count no more. */
export function letStart(line: Line, { limit, perMs }: Throttle, now: number): void {
  // A clock that went back makes no room.
  const latest = Math.max(now, line.starts.at(-1) ?? now)
  const counting = line.starts.filter((at) => at > latest - perMs)
  if (counting.length < line.starts.length) forgetStarted(line, latest - perMs)
  for (const place of waitingIn(line)) {
    if (counting.length >= limit) break
    counting.push(latest)
    put(line, { ...place, standing: 'passed', told: false })
  }
  line.starts = counting
}

/** Forgets who was let through by then (epoch ms), and has heard of it or never will. */
function forgetStarted(line: Line, until: number): void {
  for (const { id, standing, told, seenAt = Infinity } of line.places.values()) {
    if (standing === 'passed' && told && seenAt <= until) line.places.delete(id)
  }
}

/** When the next of those who wait may start, in epoch ms. */
export function nextStartAt({ starts }: Line, { limit, perMs }: Throttle): number {
  return (starts.at(-limit) ?? 0) + perMs
}

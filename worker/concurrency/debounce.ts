// debounce
//
// Of executions whose events follow each other closely, the last one stands for all.
//
//   D1. One waits at most. It is the one whose event was accepted last; each other is refused, and is told by which.
//   D2. It goes on when nobody has come for so long, and at the latest so long after the first one came.

import { byAge, executionIn, placeFor, put, refusal, waitingIn, type Answer, type Comer, type Line } from './line.ts'
import type { GateSettings } from './settings.ts'

type Debounce = GateSettings & { gate: 'debounce' }

/** Takes in who comes. `now` is epoch ms. */
export function debounce(line: Line, { forMs, maxWaitMs }: Debounce, comer: Comer, now: number): Answer {
  const [other] = waitingIn(line)
  line.firstAt = other === undefined ? now : (line.firstAt ?? now)
  line.dueAt = Math.min(now + forMs, line.firstAt + maxWaitMs)
  const mine = placeFor(line, comer)
  if (other !== undefined && byAge(mine, other) < 0) return { kind: 'refused', failure: mergedInto(other.id) }
  if (other !== undefined) put(line, { ...other, standing: 'refused', failure: mergedInto(mine.id), told: false })
  put(line, mine)
  return { kind: 'waiting' }
}

/** Lets through the one that waits when its time has come. */
export function letDue(line: Line, now: number): void {
  const [place] = waitingIn(line)
  if (place !== undefined && line.dueAt !== null && line.dueAt > now) return
  line.firstAt = null
  line.dueAt = null
  if (place !== undefined) put(line, { ...place, standing: 'passed', told: false })
}

function mergedInto(id: string) {
  const by = executionIn(id)
  return refusal('debounce.merged', `Skipped: a later event came soon after, and ${by} stands for both.`, by)
}

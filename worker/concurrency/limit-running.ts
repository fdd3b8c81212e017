// limit-running
//
// So many executions of one key at a time.
//
//   R1. Never more inside than the limit that holds as one is let in. One that is to leave has its place until it has left.
//   R2. Nobody waits while there is a place.
//   R3. `replace` keeps the newest, by when their events were accepted: an old event that comes late replaces nothing.

import { unreachable } from '../lib/unreachable.ts'
import {
  byAge,
  executionIn,
  insideOf,
  placeFor,
  put,
  refusal,
  waitingIn,
  type Answer,
  type Comer,
  type Line,
} from './line.ts'
import type { GateSettings } from './settings.ts'

type Limit = GateSettings & { gate: 'concurrency' }

/** Takes in who comes. `now` is epoch ms. */
export function limitRunning(line: Line, settings: Limit, comer: Comer, now: number): Answer {
  letIn(line, settings, now)
  const waiting = waitingIn(line)
  if (waiting.length === 0 && insideOf(line).length < settings.limit) {
    put(line, { ...placeFor(line, comer), standing: 'inside', seenAt: now })
    return { kind: 'passed' }
  }
  line.pressed = true
  switch (settings.policy) {
    case 'drop': {
      const what = settings.limit === 1 ? 'another execution is' : `${settings.limit} others are`
      return { kind: 'refused', failure: refusal('concurrency.dropped', `Skipped: ${what} under way.`) }
    }
    case 'queue': {
      if (waiting.length >= settings.maxWaiting) {
        const failure = refusal('concurrency.queue_full', `Skipped: ${waiting.length} others are waiting already.`)
        return { kind: 'refused', failure }
      }
      put(line, placeFor(line, comer))
      return { kind: 'waiting' }
    }
    case 'replace':
      return replace(line, settings, comer)
    default:
      return unreachable(settings.policy)
  }
}

/** Gives free places to those who have waited longest. */
export function letIn(line: Line, { limit }: Limit, now: number): void {
  let free = limit - insideOf(line).length
  if (free <= 0) return
  for (const place of waitingIn(line)) {
    if (free-- <= 0) return
    put(line, { ...place, standing: 'inside', told: false, seenAt: now })
  }
}

function replace(line: Line, { limit }: Limit, comer: Comer): Answer {
  const mine = placeFor(line, comer)
  const waiting = waitingIn(line)
  const staying = insideOf(line).filter(({ failure }) => failure === undefined)
  // Those that are to leave make room for those who wait; of all the others the newest have the places.
  const newest = [...staying, ...waiting, mine].toSorted(byAge).slice(-limit)
  const successor = executionIn(newest.at(-1)!.id)
  const because = refusal('concurrency.replaced', `Replaced by a newer execution, ${successor}.`, successor)
  for (const place of waiting) {
    if (newest.includes(place)) continue
    put(line, { ...place, standing: 'refused', failure: because, told: false })
  }
  for (const place of staying) {
    if (!newest.includes(place)) put(line, { ...place, failure: because, told: false })
  }
  if (!newest.includes(mine)) return { kind: 'refused', failure: because }
  put(line, mine)
  return { kind: 'waiting' }
}

import type { Watched } from '../sink/messages.ts'
import type { Random } from './random.ts'

/**
 * When the power is cut.
 *
 * - `anytime`: so many ms after the server was ready
 * - `call`: as such a call is at this instant of its life; see the sink
 * - `acknowledged`: so many ms after a sender had its `nth` answer
 * - `starting`: so many ms after it was started, ready or not
 * - `calm`: when everything acknowledged is over. A step whose call was cut off six times in a row fails, by design; so
 *   every fifth outage finds nothing to cut off
 */
export type Moment =
  | { kind: 'anytime'; afterMs: number }
  | { kind: 'call'; watched: Watched }
  | { kind: 'acknowledged'; nth: number; afterMs: number }
  | { kind: 'starting'; afterMs: number }
  | { kind: 'calm' }

/** A moment in one word, to count by. */
export function nameOf(moment: Moment): string {
  return moment.kind === 'call' ? `call ${moment.watched.instant}` : moment.kind
}

/** So many moments but calms: eight in turn, in another order each time. */
export function chooseMoments(random: Random, count: number): Moment[] {
  const left: Moment[] = []
  return Array.from({ length: count }, () => {
    if (left.length === 0) left.push(...random.shuffled(deck(random)))
    return left.pop()!
  })
}

function deck(random: Random): Moment[] {
  return [
    { kind: 'anytime', afterMs: random.int(200, 1_000) },
    { kind: 'anytime', afterMs: random.int(1_000, 3_000) },
    { kind: 'call', watched: { instant: 'arrived', nth: random.int(1, 20) } },
    { kind: 'call', watched: { instant: 'committed', nth: random.int(1, 20) } },
    { kind: 'call', watched: { instant: 'answered', nth: random.int(1, 20) } },
    { kind: 'acknowledged', nth: random.int(1, 30), afterMs: 0 },
    { kind: 'acknowledged', nth: 1, afterMs: random.int(0, 30) },
    { kind: 'starting', afterMs: random.int(100, 2_500) },
  ]
}

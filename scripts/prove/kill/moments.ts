import type { Instant } from '../sink/messages.ts'
import type { Random } from './random.ts'

/**
 * When the power is cut.
 *
 * - `anytime`: so many ms after the server was ready
 * - `call`: as the `nth` call from then on is at this instant of its life; see the sink
 * - `acknowledged`: as soon as a sender has its `nth` answer
 * - `starting`: so many ms after it was started, ready or not
 */
export type Moment =
  | { kind: 'anytime'; afterMs: number }
  | { kind: 'call'; instant: Instant; nth: number }
  | { kind: 'acknowledged'; nth: number }
  | { kind: 'starting'; afterMs: number }

/** A moment in one word, to count by. */
export function nameOf(moment: Moment): string {
  return moment.kind === 'call' ? `call ${moment.instant}` : moment.kind
}

/** So many moments: eight kinds in turn, in another order each time. */
export function chooseMoments(random: Random, count: number): Moment[] {
  const moments: Moment[] = []
  while (moments.length < count) {
    const deck: Moment[] = [
      { kind: 'anytime', afterMs: random.int(200, 1_000) },
      { kind: 'anytime', afterMs: random.int(1_000, 3_000) },
      { kind: 'call', instant: 'arrived', nth: random.int(1, 20) },
      { kind: 'call', instant: 'committed', nth: random.int(1, 20) },
      { kind: 'call', instant: 'answered', nth: random.int(1, 20) },
      { kind: 'acknowledged', nth: random.int(1, 30) },
      { kind: 'acknowledged', nth: 1 },
      { kind: 'starting', afterMs: random.int(100, 2_500) },
    ]
    moments.push(...random.shuffled(deck))
  }
  return moments.slice(0, count)
}

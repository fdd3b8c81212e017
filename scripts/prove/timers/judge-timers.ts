// judge timers
//
//   I7. No timer rings before its time, and each call comes once its timer has rung.
//
// Pure; `test/prove/storms.test.ts` shows that it sees.

import { percentiles, type Percentiles } from '../kill/percentiles.ts'
import type { SinkCall } from '../sink/ledger.ts'
import type { StormViolation } from '../storm/prove-storm.ts'

/** Timers that are due at one instant. */
export interface Wave {
  /** Epoch ms. */
  due: number
  events: readonly string[]
}

export interface WaveFigures {
  timers: number
  /** From the instant to the call that follows it, as its receiver saw it, in ms. */
  lateMs: Percentiles
}

/** How punctual each wave was, by when the calls that follow the timers arrived, and which came too early or never. */
export function judgeTimers(
  waves: readonly Wave[],
  calls: readonly SinkCall[],
): { violations: StormViolation[]; waves: WaveFigures[] } {
  const violations: StormViolation[] = []
  const firstCalls = new Map<string, number>()
  for (const { body, at } of calls) {
    const event = eventOf(body)
    firstCalls.set(event, Math.min(at, firstCalls.get(event) ?? Infinity))
  }
  const figures = waves.map(({ due, events }) => {
    const late: number[] = []
    for (const event of events) {
      const at = firstCalls.get(event)
      if (at === undefined) violations.push({ oracle: 'I7', event, what: 'its timer never rang' })
      else if (at < due) violations.push({ oracle: 'I7', event, what: `its timer rang ${due - at} ms too early` })
      else late.push(at - due)
    }
    return { timers: events.length, lateMs: percentiles(late) }
  })
  return { violations, waves: figures }
}

function eventOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'event' in body ? String(body.event) : ''
}

// judge timers
//
//   I7. No timer rings before its time, and each call comes once its timer has rung.
//
// Pure; `test/prove/storms.test.ts` shows that it sees.

import type { SeenExecution } from '../kill/evidence.ts'
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
  /** From the instant to when the execution went on, as its journal has it, in ms. */
  lateMs: Percentiles
  /** From the instant to the call that follows it, as its receiver saw it, in ms. */
  callLateMs: Percentiles
}

/** What was seen of the timers. */
export interface Seen {
  calls: readonly SinkCall[]
  executions: readonly SeenExecution[]
  /** The step that waits. */
  step: string
}

/** How punctual each wave was, by the journal and by the calls that follow, and what came too early or never. */
export function judgeTimers(
  waves: readonly Wave[],
  { calls, executions, step }: Seen,
): { violations: StormViolation[]; waves: WaveFigures[] } {
  const violations: StormViolation[] = []
  const firstCalls = new Map<string, number>()
  for (const { body, at } of calls) {
    const event = eventOf(body)
    firstCalls.set(event, Math.min(at, firstCalls.get(event) ?? Infinity))
  }
  const rings = new Map<string, number>()
  for (const { event, steps } of executions) {
    const finishedAt = steps.find(({ path }) => path === step)?.finishedAt
    if (finishedAt !== undefined) rings.set(event, finishedAt)
  }
  const figures = waves.map(({ due, events }) => {
    const late: number[] = []
    const callLate: number[] = []
    for (const event of events) {
      const rung = rings.get(event)
      const called = firstCalls.get(event)
      if (rung === undefined || called === undefined) {
        violations.push({ oracle: 'I7', event, what: 'its timer never rang' })
      } else if (Math.min(rung, called) < due) {
        const early = due - Math.min(rung, called)
        violations.push({ oracle: 'I7', event, what: `its timer rang ${early} ms too early` })
      } else {
        late.push(rung - due)
        callLate.push(called - due)
      }
    }
    return { timers: events.length, lateMs: percentiles(late), callLateMs: percentiles(callLate) }
  })
  return { violations, waves: figures }
}

/** How many of these events a call was made for. */
export function countCalled(events: ReadonlySet<string>, calls: readonly SinkCall[]): number {
  return new Set(calls.map(({ body }) => eventOf(body)).filter((event) => events.has(event))).size
}

function eventOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'event' in body ? String(body.event) : ''
}

import { z } from 'zod'
import { gateKinds, gateLimits } from './facts/concurrency.ts'

/** A template over `trigger`. Executions that give the same text share one gate; without a key all of a workflow do. */
const key = z.string().trim().min(1).max(gateLimits.keyLength)
const length = z.int().min(gateLimits.leastMs).max(gateLimits.mostMs)
const waiting = z.int().min(1).max(gateLimits.waiting)

/**
 * How many executions of one key go on at a time. Of one more than that: `queue` lets it wait its turn, in the order in
 * which the events were accepted; `drop` skips it; `replace` cancels the oldest, and the newest takes its place.
 */
export const ConcurrencySettings = z
  .strictObject({
    key: key.optional(),
    /** 1 when absent. */
    limit: z.int().min(1).max(gateLimits.running).optional(),
    /** `queue` when absent. */
    policy: z.enum(['queue', 'drop', 'replace']).optional(),
    /** With `queue`: one more than so many is skipped. 1,000 when absent. */
    maxWaiting: waiting.optional(),
  })
  .meta({ id: 'ConcurrencySettings' })
export type ConcurrencySettings = z.infer<typeof ConcurrencySettings>

/** Of events that follow each other within `forMs` only the last starts an execution; the others are skipped. */
export const DebounceSettings = z
  .strictObject({
    key: key.optional(),
    forMs: length,
    /** From the first event on: after this the last one there is starts, whether others follow or not. 7 days when absent. */
    maxWaitMs: length.optional(),
  })
  .meta({ id: 'DebounceSettings' })
export type DebounceSettings = z.infer<typeof DebounceSettings>

/** At most `limit` starts within any stretch of `perMs`. One more: `delay` lets it wait until it may, `drop` skips it. */
export const ThrottleSettings = z
  .strictObject({
    key: key.optional(),
    limit: z.int().min(1).max(gateLimits.starts),
    perMs: length,
    /** `delay` when absent. */
    policy: z.enum(['delay', 'drop']).optional(),
    /** With `delay`: one more than so many is skipped. 1,000 when absent. */
    maxWaiting: waiting.optional(),
  })
  .meta({ id: 'ThrottleSettings' })
export type ThrottleSettings = z.infer<typeof ThrottleSettings>

/** What an execution waits at, or was turned away by. */
export const GateKind = z.enum(gateKinds).meta({ id: 'GateKind' })
export type GateKind = z.infer<typeof GateKind>

/** Where a queued execution waits, and what for. What only its gate knows is absent while that cannot be asked. */
export const QueuePlace = z
  .strictObject({
    gate: GateKind,
    /** What its key gave; absent where the workflow has one queue. */
    key: z.string().optional(),
    /** 1 is the next. */
    position: z.int().optional(),
    /** All that wait with it, itself included, and all that go on. */
    waiting: z.int().optional(),
    running: z.int().optional(),
    limit: z.int().optional(),
    /** When the gate lets the next one through, where that is a matter of time. */
    nextAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'QueuePlace' })
export type QueuePlace = z.infer<typeof QueuePlace>

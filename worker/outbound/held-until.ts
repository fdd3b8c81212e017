import { seededFraction } from '../lib/seeded-fraction.ts'

/** The most by which calls that were held back are spread, in ms. */
export const maxSpreadMs = 30_000

/**
 * When a call that a breaker holds back comes again, in epoch ms: up to a quarter of the wait later than it might, by its
 * own draw, so that all that waited do not come at once.
 */
export function heldUntil({ by, from, until }: { by: string; from: number; until: number }): number {
  const spreadMs = Math.min(Math.max(0, until - from) / 4, maxSpreadMs)
  return Math.ceil(until + spreadMs * seededFraction(`${by}|${until}`))
}

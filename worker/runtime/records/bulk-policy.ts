/** From this many records on, a write of their own is worth it. */
const bulkFrom = 20

/** For this long after a bulk write the few that follow are written too: the queue would make them wait for its batch. */
const tailMs = 2_000

/** Decides whether records go straight to D1: many always, few only right after many. */
export interface BulkPolicy {
  writesDirectly(count: number, now: number): boolean
  /** `count` records were written at `now` (epoch ms). */
  wrote(count: number, now: number): void
}

/** The policy of one isolate. */
export function createBulkPolicy(): BulkPolicy {
  let bulkAt = -Infinity
  return {
    writesDirectly: (count, now) => count > 0 && (count >= bulkFrom || now - bulkAt <= tailMs),
    wrote(count, now) {
      if (count >= bulkFrom) bulkAt = now
    },
  }
}

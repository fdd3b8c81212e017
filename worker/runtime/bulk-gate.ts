/** So many records make a write of their own worth while. */
const bulkFrom = 20

/** Who has just written so many is under load, and does not leave the last few to the queue, whose batches wait. */
const tailMs = 2_000

/** Decides whether records go straight to D1: many always, few only right after many. */
export interface BulkGate {
  isOpen(count: number, now: number): boolean
  /** So many were written at `now`, in ms since 1970. */
  wrote(count: number, now: number): void
}

/** A gate of one isolate. */
export function createBulkGate(): BulkGate {
  let bulkAt = -Infinity
  return {
    isOpen: (count, now) => count > 0 && (count >= bulkFrom || now - bulkAt <= tailMs),
    wrote(count, now) {
      if (count >= bulkFrom) bulkAt = now
    },
  }
}

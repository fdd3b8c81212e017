import { sleep } from '../../lib/sleep.ts'

/** More events than these that wait to become durable at a time are a rush. */
const rush = 16
/** How often a rush is looked at, and how long it is given way to at most, in ms. */
const look = { everyMs: 20, forMs: 500 }

/**
 * Resolves when no rush of events waits to become durable (`waiting` counts them), or after half a second, so that a rush
 * without end does not stop what has been accepted.
 */
export async function giveWay(waiting: () => number): Promise<void> {
  const until = Date.now() + look.forMs
  while (waiting() > rush && Date.now() < until) await sleep(look.everyMs)
}

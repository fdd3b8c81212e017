/** An alarm that should have rung this long ago has been given up by the platform, in ms. */
const givenUpAfterMs = 30_000

/**
 * Whether an alarm that was armed for `armedAt` serves for `at`, in epoch ms: it rings no later, and is not so long
 * overdue that it will not ring at all.
 */
export function isArmed(armedAt: number | null | undefined, at: number, now: number = Date.now()): boolean {
  return armedAt !== undefined && armedAt !== null && armedAt <= at && armedAt > now - givenUpAfterMs
}

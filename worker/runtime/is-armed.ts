/** Ms after which an overdue alarm counts as lost: the platform gives an alarm up after six failed tries. */
const givenUpAfterMs = 30_000

/**
 * True when the alarm that is set for `armedAt` will do for `at`, both in epoch ms: it rings no later, and is not so long
 * overdue that it counts as lost.
 */
export function isArmed(armedAt: number | null | undefined, at: number, now: number = Date.now()): boolean {
  return armedAt !== undefined && armedAt !== null && armedAt <= at && armedAt > now - givenUpAfterMs
}

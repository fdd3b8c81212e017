/** What one test may take. Beyond a limit it ends where it is, and says so in `stopped`. */
export const testLimits = {
  /** Turns of the engine. */
  turns: 10_000,
  /** JSON characters of the journal: outputs and inputs of all steps. */
  journalCharacters: 5_000_000,
  /** Real time in ms that calls which are really made, and waits that are really waited for, may take together. */
  realMs: 60_000,
  /** The longest that one wait is really waited for, in ms. */
  waitMs: 10_000,
} as const

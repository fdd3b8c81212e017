/** The most that an organization can say. */
export const mostRunning = 100_000

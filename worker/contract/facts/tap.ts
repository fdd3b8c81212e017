/** For how long a tap listens, and how long one question to it waits for news, in ms. */
export const tapLimits = { listensMs: 5 * 60_000, waitMs: 20_000 } as const

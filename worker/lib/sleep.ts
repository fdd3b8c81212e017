/** Resolves after so many ms, by a timer of whoever waits. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

import type { ApiContext } from './env.ts'

/** Lets something finish after the answer. A failure is told to the log; the answer stands. */
export function inBackground(c: ApiContext, work: Promise<unknown>): void {
  const settled = work.catch((error: unknown) => {
    console.error({ message: 'background work failed', requestId: c.var.requestId, error: String(error) })
  })
  try {
    c.executionCtx.waitUntil(settled)
  } catch {
    // Outside of a Worker (tests) there is no execution context: the process itself outlives the answer.
    return
  }
}

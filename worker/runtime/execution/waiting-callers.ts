import type { LiveExecution } from './live-execution.ts'
import { toSettled, type Settled, type WaitFor } from './settled.ts'

type Timer = ReturnType<typeof setTimeout>

/** Callers that wait for an execution to finish or to respond, each with the timer that ends its wait. */
export class WaitingCallers {
  readonly #waiting = new Set<{ wait: WaitFor; resolve: (settled: Settled) => void; timer: Timer }>()

  /** Resolves at once when there is nothing to wait for. */
  async wait(live: LiveExecution, wait: WaitFor): Promise<Settled> {
    if (wait.until === 'now' || isSettled(live, wait)) return toSettled(live.state)
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(caller)
        resolve(toSettled(live.state))
      }, wait.timeoutMs)
      const caller = { wait, resolve, timer }
      this.#waiting.add(caller)
    })
  }

  /** Answers the callers whose wait is over. */
  settle(live: LiveExecution): void {
    for (const caller of this.#waiting) {
      if (!isSettled(live, caller.wait)) continue
      this.#waiting.delete(caller)
      // An object with a timer under way is kept awake by it.
      clearTimeout(caller.timer)
      caller.resolve(toSettled(live.state))
    }
  }
}

function isSettled({ state }: LiveExecution, { until }: WaitFor): boolean {
  return state.finished !== null || (until === 'responded' && state.response !== null)
}

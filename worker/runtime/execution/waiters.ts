import type { ExecutionStatus } from '../../contract/execution.ts'
import { statusOf, type ExecutionState } from '../../engine/state.ts'
import type { LiveExecution } from './live-execution.ts'

/** What a caller waits for: the end, the answer a node gives (or the end), or nothing. */
export type WaitFor = { until: 'now' } | { until: 'finished' | 'responded'; timeoutMs: number }

/** Where an execution stands. JSON values travel as text: they are large, and nobody in between looks at them. */
export interface Settled {
  status: ExecutionStatus | 'unknown'
  /** JSON text. */
  output?: string
  response?: string
  failure?: string
}

type Timer = ReturnType<typeof setTimeout>

export class Waiters {
  readonly #waiting = new Set<{ wait: WaitFor; resolve: (settled: Settled) => void; timer: Timer }>()

  /** Resolves at once when there is nothing to wait for. */
  async wait(live: LiveExecution, wait: WaitFor): Promise<Settled> {
    if (wait.until === 'now' || isThere(live, wait)) return toSettled(live.state)
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter)
        resolve(toSettled(live.state))
      }, wait.timeoutMs)
      const waiter = { wait, resolve, timer }
      this.#waiting.add(waiter)
    })
  }

  /** Tells everybody whose wait is over. */
  settle(live: LiveExecution): void {
    for (const waiter of this.#waiting) {
      if (!isThere(live, waiter.wait)) continue
      this.#waiting.delete(waiter)
      // An object with a timer under way is kept awake by it.
      clearTimeout(waiter.timer)
      waiter.resolve(toSettled(live.state))
    }
  }
}

function isThere({ state }: LiveExecution, { until }: WaitFor): boolean {
  return state.finished !== null || (until === 'responded' && state.response !== null)
}

/** Where an execution stands by its state. */
export function toSettled(state: ExecutionState): Settled {
  const settled: Settled = { status: statusOf(state) }
  if (state.response !== null) settled.response = JSON.stringify(state.response)
  if (state.finished !== null) {
    settled.output = JSON.stringify(state.finished.output)
    if (state.finished.failure !== undefined) settled.failure = JSON.stringify(state.finished.failure)
  }
  return settled
}

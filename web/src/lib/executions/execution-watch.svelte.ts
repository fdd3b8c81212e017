import type { Execution } from '#contract/execution.ts'
import { type ApiError, toApiError } from '../api/api-error.ts'
import { getExecution } from '../api/executions.ts'
import type { LiveState } from '../api/live-connection.ts'
import { Live } from '../api/live.svelte.ts'
import { hasEnded } from './has-ended.ts'
import { newerExecution } from './newer-execution.ts'
import { parseLiveMessage } from './parse-live-message.ts'

/**
 * One execution as it goes on. It is read once, then followed by its socket until it has ended; `resume` follows it
 * again after a retry. Call `close` when nobody looks any more.
 */
export class ExecutionWatch {
  readonly id: string
  #execution = $state.raw<Execution>()
  #error = $state.raw<ApiError>()
  #live = $state.raw<Live<Execution | undefined>>()
  #closed = false

  constructor(id: string) {
    this.id = id
    void this.read()
  }

  get execution(): Execution | undefined {
    return this.#execution
  }

  /** Why it could not be read, while nothing of it is known. */
  get error(): ApiError | undefined {
    return this.#execution === undefined ? this.#error : undefined
  }

  /** `closed` when there is nothing to follow. */
  get state(): LiveState {
    return this.#live?.state ?? 'closed'
  }

  async read(): Promise<void> {
    this.#error = undefined
    try {
      this.#take(await getExecution(this.id))
    } catch (thrown) {
      this.#error = toApiError(thrown)
      // A trigger that was accepted a moment ago may not have become an execution yet: the socket says when it does.
      if (this.#error.code === 'execution.not_found') this.#follow()
    }
  }

  /** It goes on again, although what is known of it says that it has ended. */
  resume(): void {
    this.#live?.close()
    this.#live = undefined
    this.#follow()
  }

  close(): void {
    this.#closed = true
    this.#live?.close()
  }

  #take(arrived: Execution): void {
    const newer = newerExecution(this.#execution, arrived)
    const isSettled = hasEnded(newer.status) && newer === arrived
    this.#execution = newer
    if (!isSettled) return this.#follow()
    this.#live?.close()
    this.#live = undefined
  }

  #follow(): void {
    if (this.#closed || this.#live !== undefined) return
    this.#live = new Live<Execution | undefined>({
      path: `/ws/executions/${encodeURIComponent(this.id)}`,
      parse(text) {
        const message = parseLiveMessage(text)
        return message.type === 'execution' ? message.execution : undefined
      },
      ask: () => getExecution(this.id),
      onmessage: (execution) => {
        if (execution !== undefined) this.#take(execution)
      },
    })
  }
}

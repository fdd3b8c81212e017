import type { Execution } from '#contract/execution.ts'
import { type ApiError, toApiError } from '../api/api-error.ts'
import { getExecution } from '../api/executions.ts'
import type { LiveState } from '../api/live-connection.ts'
import { Live } from '../api/live.svelte.ts'
import { hasEnded } from './has-ended.ts'
import { newerExecution } from './newer-execution.ts'
import { parseLiveMessage } from './parse-live-message.ts'

/** How often a queued execution is read again, in ms. */
const askPlaceEveryMs = 3_000

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
  #asking: ReturnType<typeof setTimeout> | undefined

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
    clearTimeout(this.#asking)
    this.#live?.close()
  }

  #take(arrived: Execution): void {
    const newer = keepPlace(this.#execution, newerExecution(this.#execution, arrived))
    const isSettled = hasEnded(newer.status) && newer === arrived
    this.#askForPlace(newer)
    this.#execution = newer
    if (!isSettled) return this.#follow()
    this.#live?.close()
    this.#live = undefined
  }

  /** Others in the queue move without a word to this one: while it is queued it is read again now and then. */
  #askForPlace({ status }: Execution): void {
    clearTimeout(this.#asking)
    if (status === 'queued' && !this.#closed) this.#asking = setTimeout(() => void this.read(), askPlaceEveryMs)
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

/** The socket says that it is queued, and not how it stands: that is kept as it was last read. */
function keepPlace(known: Execution | undefined, arrived: Execution): Execution {
  const isBare = arrived.queue !== undefined && arrived.queue.position === undefined
  return isBare && known?.queue?.gate === arrived.queue?.gate && known?.queue !== undefined
    ? { ...arrived, queue: known.queue }
    : arrived
}

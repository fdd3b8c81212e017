import { type ApiError, isAbort, toApiError } from './api-error.ts'

/**
 * Something a page shows that comes from the server: what is known of it, whether more is on its way, and why it
 * could not be had. Asking again keeps the old data in sight; the last call wins, whatever order answers come in.
 */
export class Resource<Data> {
  #data = $state.raw<Data>()
  #error = $state.raw<ApiError>()
  #loading = $state(false)
  #abort: AbortController | undefined
  #ask: ((signal: AbortSignal) => Promise<Data>) | undefined

  get data(): Data | undefined {
    return this.#data
  }

  /** Why the last call failed; undefined as soon as one succeeds. */
  get error(): ApiError | undefined {
    return this.#error
  }

  get loading(): boolean {
    return this.#loading
  }

  /**
   * Takes data that came another way, as the answer to a change. What is being read meanwhile may be from before the
   * change, so it is asked for again.
   */
  set(data: Data): void {
    this.#data = data
    this.#error = undefined
    if (this.#loading && this.#ask !== undefined) void this.load(this.#ask)
  }

  /** Forgets what was there: what comes next is another thing, not the same thing newer. */
  clear(): void {
    this.#abort?.abort()
    this.#data = undefined
    this.#error = undefined
    this.#loading = false
  }

  async load(ask: (signal: AbortSignal) => Promise<Data>): Promise<void> {
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    this.#ask = ask
    this.#loading = true
    try {
      const data = await ask(abort.signal)
      if (abort.signal.aborted) return
      this.#data = data
      this.#error = undefined
    } catch (thrown) {
      if (abort.signal.aborted || isAbort(thrown)) return
      this.#error = toApiError(thrown)
    } finally {
      if (this.#abort === abort) this.#loading = false
    }
  }
}

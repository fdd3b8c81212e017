import { type ApiError, toApiError } from './api-error.ts'

/** What a person has sent off: whether it is on its way, and why it was refused. */
export class Submission {
  #busy = $state(false)
  #error = $state.raw<ApiError>()

  get busy(): boolean {
    return this.#busy
  }

  /** Why the last one failed; undefined while another is on its way. */
  get error(): ApiError | undefined {
    return this.#error
  }

  /** The same in words; empty where nothing failed. */
  get problem(): string {
    return this.#error?.message ?? ''
  }

  /** Does the work, unless some is under way: pressing twice sends once. What it throws is the `error`. */
  async send(work: () => Promise<unknown>): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    this.#error = undefined
    try {
      await work()
    } catch (thrown) {
      this.#error = toApiError(thrown)
    } finally {
      this.#busy = false
    }
  }
}

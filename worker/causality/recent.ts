/**
 * Counts what happened within a moving stretch of time, each thing once, and no more of it than `limit`. Things are told
 * in about the order in which they happened: one told late counts until those told before it are forgotten.
 */
export class Recent {
  readonly #withinMs: number
  readonly #limit: number
  /** When each happened, in epoch ms, in the order in which they were told. */
  readonly #seen = new Map<string, number>()

  constructor({ withinMs, limit }: { withinMs: number; limit: number }) {
    this.#withinMs = withinMs
    this.#limit = limit
  }

  /** Takes one in, unless `limit` others happened in the time before it. Whether it was; known ones always are. */
  admit(id: string, at: number): boolean {
    if (this.#seen.has(id)) return true
    this.#forget(at - this.#withinMs)
    if (this.#seen.size >= this.#limit) return false
    this.#seen.set(id, at)
    return true
  }

  entries(): [id: string, at: number][] {
    return [...this.#seen]
  }

  #forget(until: number): void {
    for (const [id, at] of this.#seen) {
      if (at > until) return
      this.#seen.delete(id)
    }
  }
}

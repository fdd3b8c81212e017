/** Items in one batch: what piles up while the other side is away must not go out as one. */
const maxItems = 500

/**
 * Collects the items of a moment and delivers them together, one batch at a time: while one is under way the next one
 * grows. `deliver` must not reject; `keepAlive` is given all work that nobody else waits for.
 */
export class Batcher<Item> {
  readonly #afterMs: number
  readonly #deliver: (items: Item[]) => Promise<void>
  readonly #keepAlive: (work: Promise<void>) => void
  #items: Item[] = []
  #isScheduled = false
  #underWay: Promise<void> | undefined

  constructor(afterMs: number, deliver: (items: Item[]) => Promise<void>, keepAlive: (work: Promise<void>) => void) {
    this.#afterMs = afterMs
    this.#deliver = deliver
    this.#keepAlive = keepAlive
  }

  add(item: Item): void {
    this.#items.push(item)
    if (this.#isScheduled || this.#underWay !== undefined) return
    this.#isScheduled = true
    setTimeout(() => this.#keepAlive(this.flush()), this.#afterMs)
  }

  /**
   * Delivers the items that are there now, and resolves when they have been delivered. Items that are added meanwhile are
   * delivered too but not waited for: where items never cease to come, `flush` would never resolve.
   */
  async flush(): Promise<void> {
    this.#isScheduled = false
    // The delivery under way may have begun before the latest items were added.
    await this.#underWay
    await this.#deliverAll()
  }

  #deliverAll(): Promise<void> {
    if (this.#items.length > 0) this.#underWay ??= this.#drain()
    return this.#underWay ?? Promise.resolve()
  }

  async #drain(): Promise<void> {
    let left = this.#items.length
    try {
      while (left > 0) {
        const batch = this.#items.splice(0, maxItems)
        left -= batch.length
        await this.#deliver(batch)
      }
    } finally {
      // Before anything else runs: what is added from now on starts a delivery of its own.
      this.#underWay = undefined
      if (this.#items.length > 0) this.#keepAlive(this.#deliverAll())
    }
  }
}

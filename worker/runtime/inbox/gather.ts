/** Items given away in one lot: what piles up while the other side is away must not go out as one. */
const maxItems = 500

/**
 * Collects what comes within a moment and gives it away together, one lot at a time: while one is under way the next
 * one grows. `deliver` must not reject; `keepAlive` is told of all work that nobody else waits for.
 */
export class Gather<Item> {
  readonly #afterMs: number
  readonly #deliver: (items: Item[]) => Promise<void>
  readonly #keepAlive: (work: Promise<void>) => void
  #items: Item[] = []
  #isGathering = false
  #underWay: Promise<void> | undefined

  constructor(afterMs: number, deliver: (items: Item[]) => Promise<void>, keepAlive: (work: Promise<void>) => void) {
    this.#afterMs = afterMs
    this.#deliver = deliver
    this.#keepAlive = keepAlive
  }

  add(item: Item): void {
    this.#items.push(item)
    if (this.#isGathering || this.#underWay !== undefined) return
    this.#isGathering = true
    setTimeout(() => this.#keepAlive(this.flush()), this.#afterMs)
  }

  /**
   * Gives away what is there, and resolves when that has been given. What comes meanwhile goes by itself, and is not waited
   * for: where something always comes nobody would ever hear that it is done.
   */
  async flush(): Promise<void> {
    this.#isGathering = false
    // A round that is under way may have begun before the latest came.
    await this.#underWay
    await this.#giveAll()
  }

  #giveAll(): Promise<void> {
    if (this.#items.length > 0) this.#underWay ??= this.#drain()
    return this.#underWay ?? Promise.resolve()
  }

  async #drain(): Promise<void> {
    let left = this.#items.length
    try {
      while (left > 0) {
        const lot = this.#items.splice(0, maxItems)
        left -= lot.length
        await this.#deliver(lot)
      }
    } finally {
      // Before anybody else runs: what is added from now on starts a lot of its own.
      this.#underWay = undefined
      if (this.#items.length > 0) this.#keepAlive(this.#giveAll())
    }
  }
}

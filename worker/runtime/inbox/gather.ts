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

  /** Gives away what is there. Resolves when all of it, and what came meanwhile, has been given. */
  flush(): Promise<void> {
    this.#isGathering = false
    if (this.#items.length > 0) this.#underWay ??= this.#drain()
    return this.#underWay ?? Promise.resolve()
  }

  async #drain(): Promise<void> {
    try {
      while (this.#items.length > 0) await this.#deliver(this.#items.splice(0, maxItems))
    } finally {
      // Before anybody else runs: what is added from now on starts a lot of its own.
      this.#underWay = undefined
    }
  }
}

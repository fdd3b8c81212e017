/**
 * Collects what comes within a moment and gives it away together, at most one lot at a time: while one is under way
 * the next one grows. `deliver` must not reject; `keepAlive` is told of all work that nobody else waits for.
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
    this.#underWay ??= this.#drain().finally(() => {
      this.#underWay = undefined
    })
    return this.#underWay
  }

  async #drain(): Promise<void> {
    while (this.#items.length > 0) await this.#deliver(this.#items.splice(0))
  }
}

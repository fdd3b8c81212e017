// group call
//
// Calls of the same kind that come while one is under way go together in the next one. A call that comes alone goes at
// once; under load one round trip, and one commit on the other side, serve many.
//
// In a Worker each caller is a request, and a call belongs to the request that makes it:
//
//   G1. The next call is made by the first of those who wait, in its own context. Nobody works for a request that has
//       gone. Callers keep their request alive with `waitUntil`, so a sender that hangs up does not stop the others.
//   G2. A leader that is not heard of again is not waited for: who comes later leads, and takes the others along.

/** What a waiter is told: its result, or that it is its turn to call for these. */
type Turn<Item, Result> = { lead: Waiting<Item, Result>[] } | { result: Result }

interface Waiting<Item, Result> {
  item: Item
  tell(turn: Turn<Item, Result>): void
  fail(error: unknown): void
}

export interface GroupLimits {
  /** Items in one call. */
  maxItems: number
  /** How long a leader is trusted, in ms. */
  patienceMs: number
}

export class GroupCall<Item, Result> {
  readonly #call: (items: Item[]) => Promise<Result[]>
  readonly #limits: GroupLimits
  #waiting: Waiting<Item, Result>[] = []
  /** When the call under way began; null when there is none. */
  #since: number | null = null

  /** `call` gives one result per item, in their order. */
  constructor(call: (items: Item[]) => Promise<Result[]>, limits: GroupLimits) {
    this.#call = call
    this.#limits = limits
  }

  /** The item's result. Rejects with what the call that carried it rejected with. */
  async run(item: Item): Promise<Result> {
    if (this.#since === null || Date.now() - this.#since > this.#limits.patienceMs) {
      return this.#lead(this.#waiting.splice(0, this.#limits.maxItems - 1), item)
    }
    const turn = await this.#wait(item)
    return 'result' in turn ? turn.result : this.#lead(turn.lead, item)
  }

  #wait(item: Item): Promise<Turn<Item, Result>> {
    return new Promise((tell, fail) => {
      this.#waiting.push({ item, tell, fail })
    })
  }

  async #lead(followers: Waiting<Item, Result>[], item: Item): Promise<Result> {
    const since = Date.now()
    this.#since = since
    try {
      const [own, ...results] = await this.#call([item, ...followers.map((follower) => follower.item)])
      followers.forEach((follower, index) => follower.tell({ result: results[index] as Result }))
      return own as Result
    } catch (error) {
      for (const follower of followers) follower.fail(error)
      throw error
    } finally {
      // Not when somebody has taken the lead meanwhile.
      if (this.#since === since) this.#handOn()
    }
  }

  #handOn(): void {
    this.#since = null
    const [next, ...followers] = this.#waiting.splice(0, this.#limits.maxItems)
    if (next === undefined) return
    this.#since = Date.now()
    next.tell({ lead: followers })
  }
}

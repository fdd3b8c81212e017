// shared read
//
// A read that many requests want at the same moment, because none of them found anything in memory: one of them makes it,
// and the others look now and then whether it has come. A thousand events that reach a fresh isolate together cost one
// query, not a thousand.
//
//   S1. No promise crosses from request to request (as in `group-call.ts`): who waits holds a timer of its own.
//   S2. What fails, and who is not heard of for `patienceMs`, is waited for by nobody: each reads for itself.
//   S3. What one gets may have been read a moment before it asked. Who must not have it older reads by itself.

interface Place<Value> {
  /** Epoch ms. */
  readonly since: number
  outcome?: { value: Value } | 'failed'
}

/** How soon one looks first, and how rarely at most, in ms. */
const lookMs = { first: 2, most: 40 }

/** Reads a key once for all who ask at the same moment (S1–S3). */
export class SharedRead<Value> {
  readonly #patienceMs: number
  readonly #underWay = new Map<string, Place<Value>>()

  constructor(patienceMs = 2_000) {
    this.#patienceMs = patienceMs
  }

  /** What `read` gives, to whoever wants the same (`key`) while it is under way. Rejects with what the own read rejects with. */
  async get(key: string, read: () => Promise<Value>): Promise<Value> {
    const place = this.#underWay.get(key)
    if (place === undefined || this.#isOverdue(place)) return this.#lead(key, read)
    for (let ms = lookMs.first; ; ms = Math.min(ms * 2, lookMs.most)) {
      await new Promise<void>((resolve) => setTimeout(resolve, ms))
      const { outcome } = place
      if (outcome === 'failed' || (outcome === undefined && this.#isOverdue(place))) return read()
      if (outcome !== undefined) return outcome.value
    }
  }

  async #lead(key: string, read: () => Promise<Value>): Promise<Value> {
    const place: Place<Value> = { since: Date.now() }
    this.#underWay.set(key, place)
    try {
      const value = await read()
      place.outcome = { value }
      return value
    } catch (error) {
      place.outcome = 'failed'
      throw error
    } finally {
      // Not when somebody has taken over meanwhile.
      if (this.#underWay.get(key) === place) this.#underWay.delete(key)
    }
  }

  #isOverdue({ since }: Place<Value>): boolean {
    return Date.now() - since >= this.#patienceMs
  }
}

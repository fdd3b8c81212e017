import { BoundedMap } from './bounded-map.ts'

/**
 * What was found a moment ago, by the text that proved it. Spares a burst of requests the same reads, and forgets by
 * itself, so that whatever was revoked is felt everywhere after `ttlMs`.
 */
export class ShortMemory<Value> {
  readonly #entries = new BoundedMap<string, { value: Value; until: number }>(2_000)
  readonly #ttlMs: number
  readonly #now: () => number

  constructor(ttlMs: number, now: () => number) {
    this.#ttlMs = ttlMs
    this.#now = now
  }

  get(proof: string): Value | undefined {
    const entry = this.#entries.get(proof)
    return entry !== undefined && entry.until > this.#now() ? entry.value : undefined
  }

  set(proof: string, value: Value): void {
    this.#entries.set(proof, { value, until: this.#now() + this.#ttlMs })
  }
}

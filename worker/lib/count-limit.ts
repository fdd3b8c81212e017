import { BoundedMap } from './bounded-map.ts'

interface Count {
  since: number
  count: number
}

/** Counts by key within a window, in memory: who is forgotten, or meets another process, begins anew. */
export class CountLimit {
  readonly #counts: BoundedMap<string, Count>
  readonly #most: number
  readonly #windowMs: number

  constructor({ most, windowMs, maxKeys }: { most: number; windowMs: number; maxKeys: number }) {
    this.#counts = new BoundedMap(maxKeys)
    this.#most = most
    this.#windowMs = windowMs
  }

  /** Ms until the key may go on; 0 when it may. Times are epoch ms. */
  waitMs(key: string, now: number): number {
    const known = this.#counts.get(key)
    if (known === undefined || known.count < this.#most) return 0
    return Math.max(0, known.since + this.#windowMs - now)
  }

  add(key: string, now: number): void {
    const known = this.#counts.get(key)
    if (known !== undefined && now - known.since < this.#windowMs) known.count += 1
    else this.#counts.set(key, { since: now, count: 1 })
  }
}

import { BoundedMap } from './bounded-map.ts'

interface Count {
  since: number
  count: number
}

/** Limits how often each key may occur within a window. In memory of one process, for the latest `maxKeys` keys only. */
export class CountLimit {
  readonly #counts: BoundedMap<string, Count>
  readonly #most: number
  readonly #windowMs: number

  constructor({ most, windowMs, maxKeys }: { most: number; windowMs: number; maxKeys: number }) {
    this.#counts = new BoundedMap(maxKeys)
    this.#most = most
    this.#windowMs = windowMs
  }

  /** Ms until the key is within its limit again; 0 while it is. Times are epoch ms. */
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

  /** Counts one more where that is within the limit. False: it is not, and nothing is counted. */
  take(key: string, now: number): boolean {
    if (this.waitMs(key, now) > 0) return false
    this.add(key, now)
    return true
  }
}

import type { EffectLedger } from '#contract/effect.ts'
import type { ApiError } from '../api/api-error.ts'
import { Resource } from '../api/resource.svelte.ts'

/** A loop may call many times a second, and the ledger holds them all: this often it is asked for at most, in ms. */
const atMostEveryMs = 2_000

/**
 * What an execution did outside, followed as it moves: one question at a time, and after the last move one that knows of
 * it. Call `close` when nobody looks any more.
 */
export class LedgerWatch {
  readonly #resource = new Resource<EffectLedger>()
  readonly #ask: (signal: AbortSignal) => Promise<EffectLedger>
  #timer: ReturnType<typeof setTimeout> | undefined
  #readAt = 0
  #reading = false
  /** Something moved since the question that is under way was sent: its answer may not know of it. */
  #moved = false
  #closed = false

  constructor(ask: (signal: AbortSignal) => Promise<EffectLedger>) {
    this.#ask = ask
  }

  /** Undefined until it was read. A reading that fails leaves what was known before. */
  get ledger(): EffectLedger | undefined {
    return this.#resource.data
  }

  /** Why the last reading failed. */
  get error(): ApiError | undefined {
    return this.#resource.error
  }

  /** Something moved. It is read at once where that was not done just now, and otherwise once for all that moves until then. */
  look(): void {
    if (this.#closed || this.#timer !== undefined) return
    if (this.#reading) this.#moved = true
    else {
      const inMs = Math.max(0, this.#readAt + atMostEveryMs - Date.now())
      this.#timer = setTimeout(() => void this.#read(), inMs)
    }
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#resource.clear()
  }

  async #read(): Promise<void> {
    this.#timer = undefined
    this.#moved = false
    this.#reading = true
    this.#readAt = Date.now()
    await this.#resource.load(this.#ask)
    this.#reading = false
    if (this.#moved) this.look()
  }
}

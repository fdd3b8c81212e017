import type { ExecutionProgress } from '#contract/progress.ts'
import { getProgress } from '../api/executions.ts'
import { every } from '../ui/every.ts'

/** Steps may end many times a second; this often it is asked at most, in ms. */
const atMostEveryMs = 2_000
/** What takes long is expected to take longer: this often it is asked although nothing happens, in ms. */
const anywayEveryMs = 15_000

/** How far an execution has come, as long as it goes on. Call `close` when nobody looks any more. */
export class ProgressWatch {
  readonly #id: string
  #progress = $state.raw<ExecutionProgress>()
  #reached = $state(0)
  #generation = 0
  // No state: whoever looks would otherwise look again because it was read.
  #readAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false
  readonly #stop: () => void

  constructor(id: string) {
    this.#id = id
    this.#stop = every(anywayEveryMs, () => this.#read())
  }

  /** Undefined until it is known, and where it cannot be had: what is beside the point must not stand in its way. */
  get progress(): ExecutionProgress | undefined {
    return this.#progress
  }

  /**
   * Of the way, 0 to 1; null where nothing is expected. In one try of an execution it does not go back, also when what it
   * is measured by changes.
   */
  get share(): number | null {
    const share = this.#progress?.share ?? null
    return share === null ? null : Math.max(share, this.#reached)
  }

  /** When it was read, in epoch ms by the clock of this machine. */
  get readAt(): number {
    return this.#readAt
  }

  /** Something happened in this try of the execution. It is asked soon, and not again for everything that happens until then. */
  look(generation: number): void {
    if (generation !== this.#generation) this.#reached = 0
    this.#generation = generation
    if (this.#timer !== undefined || this.#closed) return
    const sinceMs = Date.now() - this.#readAt
    // Of an execution that is over in a moment it is not asked at all.
    const inMs = this.#readAt === 0 ? 400 : Math.max(0, atMostEveryMs - sinceMs)
    this.#timer = setTimeout(() => void this.#read(), inMs)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#stop()
  }

  async #read(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const generation = this.#generation
    const progress = await getProgress(this.#id).catch(() => undefined)
    if (progress === undefined || this.#closed || generation !== this.#generation) return
    this.#progress = progress
    this.#readAt = Date.now()
    this.#reached = Math.max(this.#reached, progress.share ?? 0)
  }
}

import type { JournalEntry } from '../../engine/event.ts'

/**
 * The journal of an execution in memory: what this process has read or written of it. The turns before a snapshot are read
 * when they are asked for, which going on with an execution never does.
 */
export class LiveJournal {
  #entries: JournalEntry[]
  #since: number
  readonly #readWhole: () => readonly JournalEntry[]

  /** `entries` are those after turn `since`; `readWhole` reads all that is stored. */
  constructor(entries: JournalEntry[], since = 0, readWhole: () => readonly JournalEntry[] = () => []) {
    this.#entries = entries
    this.#since = since
    this.#readWhole = readWhole
  }

  /** The entries after a turn, in order; all of them after turn 0. */
  after(seq: number): readonly JournalEntry[] {
    if (seq < this.#since) {
      // What this process has not stored yet is in memory alone.
      const earlier = this.#readWhole().filter((entry) => entry.seq <= this.#since)
      this.#entries = [...earlier, ...this.#entries]
      this.#since = 0
    }
    return seq === 0 ? this.#entries : this.#entries.filter((entry) => entry.seq > seq)
  }

  /** Whether the entries from a turn on are in memory. */
  isAtHand(from: number): boolean {
    return from > this.#since
  }

  add(entry: JournalEntry): void {
    this.#entries.push(entry)
  }
}

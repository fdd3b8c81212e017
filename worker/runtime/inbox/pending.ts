import type { PendingKind, PendingRow } from './inbox-table.ts'
import { isDue, type Sent } from './resend.ts'

export type PendingEntry = Pick<PendingRow, 'number' | 'kind'>

/** What of an inbox is pending and when it was sent, as far as this process knows. Times are epoch ms. */
export class Pending {
  readonly #entries = new Map<number, { kind: PendingKind; sent?: Sent }>()
  #isWhole = false

  /** True when it knows all that is pending: what earlier processes left behind as well. */
  get isWhole(): boolean {
    return this.#isWhole
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0
  }

  /** What lies in the table, to be read once per process: from then on memory knows it. */
  learn(entries: readonly PendingEntry[]): void {
    for (const { number, kind } of entries) {
      if (!this.#entries.has(number)) this.#entries.set(number, { kind })
    }
    this.#isWhole = true
  }

  /** It is new, and sent now. */
  add({ number, kind }: PendingEntry, now: number): void {
    this.#entries.set(number, { kind, sent: { at: now, times: 1 } })
  }

  /** They were sent, but go out only now. */
  noteSent(numbers: readonly number[], now: number): void {
    for (const number of numbers) {
      const entry = this.#entries.get(number)
      if (entry?.sent !== undefined) entry.sent = { ...entry.sent, at: now }
    }
  }

  /** Those that are to be sent (again), at most `most`, but for those of which `isHeld`. They count as sent. */
  takeDue(now: number, most: number, isHeld: (number: number) => boolean): PendingEntry[] {
    const due: PendingEntry[] = []
    for (const [number, entry] of this.#entries) {
      if (isHeld(number) || !isDue(entry.sent, now)) continue
      entry.sent = { at: now, times: (entry.sent?.times ?? 0) + 1 }
      due.push({ number, kind: entry.kind })
      if (due.length === most) break
    }
    return due
  }

  done(numbers: readonly number[]): void {
    for (const number of numbers) this.#entries.delete(number)
  }
}

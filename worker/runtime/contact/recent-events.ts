import type { WitnessedEvent } from './witness.ts'

/** Enough for what comes together with the event that lets somebody in. Lengths of texts in characters. */
const bounds = { events: 20, text: 262_144, forMs: 60_000 }

/**
 * Events that a contact was told lately, as far as this process knows: one may overtake the event that lets the contact
 * in, and counts for that enrolment all the same. Texts are of `WitnessedEvent`s, times epoch ms.
 */
export class RecentEvents {
  readonly #told: { text: string; toldAt: number }[] = []
  #length = 0

  note(text: string, toldAt: number): void {
    this.#told.push({ text, toldAt })
    this.#length += text.length
    while (this.#told.length > bounds.events || this.#length > bounds.text) {
      this.#length -= this.#told.shift()?.text.length ?? 0
    }
  }

  /** In the order in which they were told. */
  list(now: number): WitnessedEvent[] {
    return this.#told
      .filter(({ toldAt }) => toldAt >= now - bounds.forMs)
      .map(({ text }) => JSON.parse(text) as WitnessedEvent)
  }
}

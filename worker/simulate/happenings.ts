import type { ContactEvent } from '../contract/simulate.ts'
import type { Heard } from '../engine/behaviour.ts'
import type { JournalEntry } from '../engine/event.ts'
import { toHeard } from './bring-events.ts'

const hourMs = 3_600_000

/** What one contact does by itself: drawn when its cause is there, and known from then on. */
export class Happenings {
  readonly #rules: readonly ContactEvent[]
  readonly #draw: (name: string) => number
  readonly #at = new Map<string, number>()
  readonly #drawn = new Set<number>()
  readonly #events: Heard[] = []

  constructor(rules: readonly ContactEvent[], draw: (name: string) => number) {
    this.#rules = rules
    this.#draw = draw
  }

  /** When each of them happens (first), in epoch ms. */
  get instants(): ReadonlyMap<string, number> {
    return this.#at
  }

  /** All that has happened and will, as far as it is known. */
  get events(): readonly Heard[] {
    return this.#events
  }

  hasHappened(name: string, now: number): boolean {
    return (this.#at.get(name) ?? Infinity) <= now
  }

  /** The contact has come. */
  arrived(at: number): void {
    this.#rules.forEach((rule, index) => {
      if (rule.after === undefined) this.#look(rule, index, at)
    })
  }

  /** What was waited for may be in here. Each rule is drawn at the first completed step of its node. */
  follow({ events }: JournalEntry): void {
    if (this.#drawn.size === this.#rules.length) return
    for (const event of events) {
      if (event.type !== 'stepCompleted' || event.skipped === true) continue
      this.#rules.forEach((rule, index) => {
        if (rule.after === event.node) this.#look(rule, index, event.at)
      })
    }
  }

  #look({ name, probability, fromHours, withinHours, data = {} }: ContactEvent, index: number, at: number): void {
    if (this.#drawn.has(index)) return
    this.#drawn.add(index)
    if (this.#draw(`event ${index}`) >= probability) return
    const hours = fromHours + this.#draw(`event ${index} at`) * (withinHours - fromHours)
    const instant = Math.round(at + hours * hourMs)
    this.#events.push(toHeard(name, instant, `event-${index + 1}`, data))
    this.#at.set(name, Math.min(instant, this.#at.get(name) ?? Infinity))
  }
}

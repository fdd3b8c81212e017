import { BoundedMap } from '../../lib/bounded-map.ts'

/** More are not played at a time; the execution of one that is forgotten goes on in an object. */
const maxEvents = 10_000

/**
 * The direct events of an inbox: those whose execution the caller plays itself, with the last turn that is known of each.
 * Kept in memory only. After a restart of the inbox they belong to the consumer, to whom they are sent again.
 */
export class DirectEvents {
  /** The last known turn by the number of the event; `Infinity` once its execution has finished. */
  readonly #turns = new BoundedMap<number, number>(maxEvents)

  add(number: number): void {
    this.#turns.set(number, 0)
  }

  /** A consumer has taken the event: its caller may not play it any more. */
  takenByConsumer(number: number): void {
    if (this.#turns.get(number) !== Infinity) this.#turns.delete(number)
  }

  /** Whether playing up to this turn is `news`, was `known` before, or is `refused` because the event is not direct (any more). */
  judge(number: number, turn: number): 'news' | 'known' | 'refused' {
    const known = this.#turns.get(number)
    if (known === undefined) return 'refused'
    return turn > known ? 'news' : 'known'
  }

  played(number: number, turn: number): void {
    this.#turns.set(number, turn)
  }

  finished(number: number): void {
    this.#turns.set(number, Infinity)
  }
}

import { BoundedMap } from '../../lib/bounded-map.ts'

/** More are not played at a time; one that is forgotten goes on in an object. */
const mostLent = 10_000

/**
 * The events that whoever brought them plays, and how far. Only in memory: after a restart of the inbox each of them is the
 * consumer's, to whom it is sent again.
 */
export class Lent {
  /** By the number of the event: the last turn that is known; there is none after that of one that is over. */
  readonly #turns = new BoundedMap<number, number>(mostLent)

  lend(number: number): void {
    this.#turns.set(number, 0)
  }

  /** A consumer has taken it, and goes on by itself. */
  takeBack(number: number): void {
    if (this.#turns.get(number) !== Infinity) this.#turns.delete(number)
  }

  /** Whether it is news that it was played until this turn; `refused` where nobody may play it any more. */
  judge(number: number, turn: number): 'news' | 'known' | 'refused' {
    const known = this.#turns.get(number)
    if (known === undefined) return 'refused'
    return turn > known ? 'news' : 'known'
  }

  played(number: number, turn: number): void {
    this.#turns.set(number, turn)
  }

  over(number: number): void {
    this.#turns.set(number, Infinity)
  }
}

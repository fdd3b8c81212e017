// outlet
//
// What an inbox lets into the queue that all organizations share.
//
//   O1. So many of its events are on their way at a time, until a consumer takes them; the others lie here, in order.
//       Whoever comes after a flood of another waits for that many, and not for all of it.
//   O2. One that is sent again frees the place of the message that was lost.

/**
 * Events of one inbox that are on their way: half a second of a machine that consumes a thousand a second, and no limit for
 * a queue that takes a second to deliver (30,000 a minute).
 */
export const mostOnTheWay = 500

export class Outlet {
  readonly #most: number
  readonly #onTheWay = new Set<number>()
  readonly #held = new Set<number>()

  constructor(most = mostOnTheWay) {
    this.#most = most
  }

  /** To be sent when there is room. */
  hold(number: number): void {
    this.#onTheWay.delete(number)
    this.#held.add(number)
  }

  isHeld(number: number): boolean {
    return this.#held.has(number)
  }

  /** Those for which there is room now: they are on their way. */
  next(): number[] {
    const numbers: number[] = []
    for (const number of this.#held) {
      if (this.#onTheWay.size >= this.#most) break
      this.#held.delete(number)
      this.#onTheWay.add(number)
      numbers.push(number)
    }
    return numbers
  }

  /** They are on their way no more: taken, done, or never sent. Whether there is something to send now. */
  arrived(numbers: readonly number[]): boolean {
    for (const number of numbers) this.#onTheWay.delete(number)
    return this.#held.size > 0 && this.#onTheWay.size < this.#most
  }

  /** They need nothing more. */
  drop(numbers: readonly number[]): boolean {
    for (const number of numbers) this.#held.delete(number)
    return this.arrived(numbers)
  }
}

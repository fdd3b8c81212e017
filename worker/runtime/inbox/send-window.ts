// send-window
//
// How many events an inbox has in flight in the queue that all organizations share.
//
//   O1. At most `maxInFlight` of its events are in the queue at a time, until a consumer takes them. The others wait here,
//       in order, so that one organization's flood delays the events of another by that many, and not by all of it.
//   O2. An event that is sent again frees the place of its message that was lost.

/**
 * Events of one inbox in flight: half a second's work for a machine that consumes a thousand a second, and with a queue that
 * takes a second to deliver still 30,000 a minute.
 */
export const maxInFlight = 500

export class SendWindow {
  readonly #most: number
  readonly #inFlight = new Set<number>()
  readonly #held = new Set<number>()

  constructor(most = maxInFlight) {
    this.#most = most
  }

  /** The event is to be sent when there is room. */
  hold(number: number): void {
    this.#inFlight.delete(number)
    this.#held.add(number)
  }

  isHeld(number: number): boolean {
    return this.#held.has(number)
  }

  /** The events for which there is room now, which are in flight from here on. */
  next(): number[] {
    const numbers: number[] = []
    for (const number of this.#held) {
      if (this.#inFlight.size >= this.#most) break
      this.#held.delete(number)
      this.#inFlight.add(number)
      numbers.push(number)
    }
    return numbers
  }

  /** These are no longer in flight: taken, done, or never sent. Whether there is something to send now. */
  arrived(numbers: readonly number[]): boolean {
    for (const number of numbers) this.#inFlight.delete(number)
    return this.#held.size > 0 && this.#inFlight.size < this.#most
  }

  /** These need no sending any more. Whether there is something to send now. */
  drop(numbers: readonly number[]): boolean {
    for (const number of numbers) this.#held.delete(number)
    return this.arrived(numbers)
  }
}

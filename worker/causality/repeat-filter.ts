import { BoundedMap } from '../lib/bounded-map.ts'
import { loopLimits } from './loop.ts'

/** So often something may come before anybody else is asked. */
const quietTimes = 4
const maxRemembered = 5_000

/**
 * What came to one isolate of late, so that most of what comes need not be counted anywhere else: only what came more
 * than four times within a minute is worth to ask about. `Start` is what is told then.
 */
export class RepeatFilter<Start> {
  readonly #came = new BoundedMap<string, { at: number; start: Start }[]>(maxRemembered)

  /** What is to be asked about, with those that came before it; undefined where there is nothing to ask. */
  note(name: string, start: Start, at: number): Start[] | undefined {
    const before = (this.#came.get(name) ?? []).filter((other) => other.at > at - loopLimits.repeatsWithinMs)
    const came = [...before, { at, start }].slice(-quietTimes - 1)
    this.#came.set(name, came)
    return came.length > quietTimes ? came.map((entry) => entry.start) : undefined
  }
}

import { loopLimits } from './loop.ts'

const { repeats, repeatsWithinMs } = loopLimits

/** Verdicts that are remembered: more come only where nothing of them is let in anyway. */
const maxVerdicts = 5_000

/** The rule `repeats`, for the same data coming to the same workflow. A start that was asked about keeps its verdict. */
export class Repeats {
  /** When the last ones came, in epoch ms. */
  #came: number[] = []
  readonly #verdicts = new Map<string, boolean>()

  /** Whether a start may begin, for an event that was accepted at an instant (epoch ms). */
  admit(id: string, at: number): boolean {
    const known = this.#verdicts.get(id)
    if (known !== undefined) return known
    this.#came = [...this.#came.filter((other) => other > at - repeatsWithinMs), at].slice(-repeats)
    const isAdmitted = this.#came.length < repeats
    if (this.#verdicts.size < maxVerdicts) this.#verdicts.set(id, isAdmitted)
    return isAdmitted
  }
}

import { BoundedMap } from '../lib/bounded-map.ts'
import { loopLimits } from './loop.ts'

const { repeats, repeatsWithinMs, heldForMs, goesOnAfterMs, goesOnTimes, freeForMs } = loopLimits

/** Starts that are remembered: more come only where nothing of them is let in anyway. */
const maxRemembered = 5_000
const maxHeld = 1_000

/** `held`: not yet, and perhaps never. */
export type RepeatAnswer = 'begin' | 'held' | 'refused'

/** What is to be remembered of what repeats where something of it was held: plain data, epoch ms. */
export interface KeptRepeats {
  came: number[]
  /** Starts that were held, and whether they are refused for good. */
  held: [id: string, isRefused: boolean][]
  heldSince: number | null
  late: number
  freeUntil: number
}

/**
 * The rule `repeats`, for what comes to the same workflow again and again. A start that was asked about keeps its answer,
 * once that is final.
 *
 * Of the same data nothing more is asked than how often it came. Changes that a program makes to one contact may well be
 * many (`mayGoOn`): once they are too many, all are held for a while. A loop stands still then, for nothing of it is executed;
 * whoever changes the contact for reasons of their own goes on, and is let in.
 */
export class Repeats {
  readonly #mayGoOn: boolean
  /** When the last ones came, in the order in which they were told. */
  #came: number[]
  /** When the first of those came that are held. */
  #heldSince: number | null
  /** How many came so long after that, that nothing executed before can have caused them. */
  #late: number
  #freeUntil: number
  readonly #begun = new BoundedMap<string, true>(maxRemembered)
  readonly #held: Map<string, boolean>

  constructor({ mayGoOn, kept }: { mayGoOn: boolean; kept?: KeptRepeats | undefined }) {
    this.#mayGoOn = mayGoOn
    this.#came = kept?.came ?? []
    this.#heldSince = kept?.heldSince ?? null
    this.#late = kept?.late ?? 0
    this.#freeUntil = kept?.freeUntil ?? 0
    this.#held = new Map(kept?.held)
  }

  /** Whether a start may begin, for an event that was accepted at an instant; both in epoch ms. */
  judge(id: string, at: number, now: number): RepeatAnswer {
    if (this.#begun.get(id) !== undefined) return 'begin'
    const isRefused = this.#held.get(id)
    if (isRefused === true) return 'refused'
    const isLetIn = isRefused === undefined ? this.#admit(at) : at < this.#freeUntil
    if (isLetIn) {
      this.#held.delete(id)
      this.#begun.set(id, true)
      return 'begin'
    }
    const isOver = now >= at + heldForMs
    this.#hold(id, isOver)
    return isOver ? 'refused' : 'held'
  }

  get kept(): KeptRepeats {
    const [came, heldSince, late, freeUntil] = [this.#came, this.#heldSince, this.#late, this.#freeUntil]
    return { came, held: [...this.#held], heldSince, late, freeUntil }
  }

  /** Counts one that is new. */
  #admit(at: number): boolean {
    if (at < this.#freeUntil) return true
    if (this.#mayGoOn && this.#heldSince !== null) {
      if (at < this.#heldSince + heldForMs) return this.#isLate(at, this.#heldSince)
      this.#heldSince = null
      this.#came = []
    }
    this.#came = [...this.#came.filter((other) => other > at - repeatsWithinMs), at].slice(-repeats)
    if (this.#came.length < repeats) return true
    this.#heldSince ??= at
    this.#late = 0
    return false
  }

  /** One more comes while others are held: whether that is proof enough that it is no loop. */
  #isLate(at: number, since: number): boolean {
    if (at < since + goesOnAfterMs) return false
    this.#late += 1
    if (this.#late < goesOnTimes) return false
    this.#freeUntil = at + freeForMs
    this.#heldSince = null
    return true
  }

  #hold(id: string, isRefused: boolean): void {
    this.#held.set(id, isRefused)
    const oldest = this.#held.keys().next()
    if (this.#held.size > maxHeld && !oldest.done) this.#held.delete(oldest.value)
  }
}

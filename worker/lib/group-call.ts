// group call
//
// Calls of the same kind that come while one is under way go together in the next one. A call that comes alone goes at
// once; under load one round trip, and one commit on the other side, serve many.
//
// In a Worker each caller is a request, and nothing that belongs to one may be used by another:
//
//   G1. No promise crosses from request to request. Whoever waits holds a timer of its own, and looks when it rings;
//       what lies between requests is plain data. (The runtime ends a request that waits for nothing but another
//       request, and a promise that another request resolves may go on in the wrong one.)
//   G2. The next call is made by one of those who wait, in its own context. Nobody works for a request that has gone.
//   G3. A leader that is not heard of is not waited for: who has waited too long calls again, though its item may have
//       gone out before. So the call must do no harm twice.

import { fromSharedFailure, toSharedFailure, type SharedFailure } from './shared-failure.ts'
import { sleep } from './sleep.ts'

/** An item on its way. Leader and follower meet here and nowhere else. */
interface Place<Item, Result> {
  item: Item
  /** When a leader took it along, in epoch ms. */
  takenAt?: number
  outcome?: { ok: true; result: Result } | { ok: false; failure: SharedFailure }
}

export interface GroupLimits<Item> {
  /** Items in one call. */
  maxItems: number
  /** What the items of one call weigh together at most; a heavier one goes alone. */
  maxWeight: number
  weightOf(item: Item): number
  /** How long a leader is trusted, in ms. */
  patienceMs: number
}

/** How soon a waiting request looks again at least and at most, in ms; and in between, in shares of a usual call. */
const lookMs = { least: 1, most: 100 }
const lookShare = 0.2
/** How much the duration of the latest call tells of the next one. */
const weightOfLatest = 0.25

/** Sends items by a call that takes many, and gives each its own result (G1–G3). */
export class GroupCall<Item, Result> {
  readonly #call: (items: Item[]) => Promise<Result[]>
  readonly #limits: GroupLimits<Item>
  #waiting: Place<Item, Result>[] = []
  /** The call under way, and when it began in epoch ms. */
  #underWay: { since: number } | undefined
  /** How long a call takes by experience, in ms. */
  #usualMs = 0

  /** `call` gives one result per item, in their order; an item that comes to it twice is the same item. */
  constructor(call: (items: Item[]) => Promise<Result[]>, limits: GroupLimits<Item>) {
    this.#call = call
    this.#limits = limits
  }

  /**
   * The item's result. Rejects with what the call that carried it rejected with, or with an error that says the same and
   * is an outage where that was one.
   */
  async run(item: Item): Promise<Result> {
    if (this.#isFree()) return this.#lead(item)
    const place: Place<Item, Result> = { item }
    this.#waiting.push(place)
    for (;;) {
      await sleep(this.#untilNews(place))
      if (place.outcome !== undefined) {
        if (place.outcome.ok) return place.outcome.result
        throw fromSharedFailure(place.outcome.failure)
      }
      if (place.takenAt === undefined ? this.#isFree() : this.#isOverdue(place.takenAt)) {
        this.#waiting = this.#waiting.filter((other) => other !== place)
        return this.#lead(item)
      }
    }
  }

  /** Whether the next call may be made: none is under way, or the one that is has not been heard of for too long. */
  #isFree(): boolean {
    return this.#underWay === undefined || this.#isOverdue(this.#underWay.since)
  }

  #isOverdue(since: number): boolean {
    return Date.now() - since >= this.#limits.patienceMs
  }

  /**
   * When it is worth looking again, in ms: when the call that counts should be over. Who waits longest makes the next
   * call, and looks when the one under way should be over; it takes the others along, so they look one call later.
   */
  #untilNews(place: Place<Item, Result>): number {
    const since = place.takenAt ?? this.#underWay?.since ?? 0
    const isNext = this.#waiting[0] === place
    // One that is carried may be a little late, so that one look is enough.
    const calls = isNext ? 1 : (place.takenAt === undefined ? 2 : 1) + lookShare
    const left = since + this.#usualMs * calls - Date.now()
    return Math.min(Math.max(left, lookMs.least, this.#usualMs * lookShare), lookMs.most)
  }

  async #lead(item: Item): Promise<Result> {
    const own = { since: Date.now() }
    this.#underWay = own
    const followers = this.#takeAlong(item)
    for (const follower of followers) follower.takenAt = own.since
    try {
      const [result, ...results] = await this.#call([item, ...followers.map((follower) => follower.item)])
      followers.forEach((follower, index) => {
        follower.outcome = { ok: true, result: results[index] as Result }
      })
      return result as Result
    } catch (error) {
      const failure = toSharedFailure(error)
      for (const follower of followers) follower.outcome = { ok: false, failure }
      throw error
    } finally {
      this.#usualMs += (Date.now() - own.since - this.#usualMs) * weightOfLatest
      // Not when somebody has taken the lead meanwhile.
      if (this.#underWay === own) this.#underWay = undefined
    }
  }

  /** The oldest waiting items that fit into one call together with `first`. */
  #takeAlong(first: Item): Place<Item, Result>[] {
    const { maxItems, maxWeight, weightOf } = this.#limits
    let weight = weightOf(first)
    let count = 0
    while (count < Math.min(this.#waiting.length, maxItems - 1)) {
      weight += weightOf(this.#waiting[count]!.item)
      if (weight > maxWeight) break
      count += 1
    }
    return this.#waiting.splice(0, count)
  }
}

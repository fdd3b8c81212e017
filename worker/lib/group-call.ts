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
//   G3. A leader that is not heard of is not waited for: one of those who have waited too long calls again, and takes all
//       that it carried along, though they may have gone out before. So the call must do no harm twice.
//   G4. Each time that happens patience lasts twice as long, and the more wait the more rarely each looks: what is slow
//       because too much is asked of it is not asked more.

import { fromSharedFailure, toSharedFailure, type SharedFailure } from './shared-failure.ts'
import { sleep } from './sleep.ts'

/** An item on its way. Leader and follower meet here and nowhere else. */
interface Place<Item, Result> {
  item: Item
  /** The call that a leader took it along in; undefined while it waits. */
  carrier: UnderWay<Item, Result> | undefined
  outcome?: { ok: true; result: Result } | { ok: false; failure: SharedFailure }
}

interface UnderWay<Item, Result> {
  /** When it went out, in epoch ms. */
  since: number
  /** How long its leader is trusted, in ms. */
  patienceMs: number
  followers: readonly Place<Item, Result>[]
}

export interface GroupLimits<Item> {
  /** Items in one call. */
  maxItems: number
  /** What the items of one call weigh together at most; a heavier one goes alone. */
  maxWeight: number
  weightOf(item: Item): number
  /** How long a leader is trusted, in ms, where none before it was waited for in vain. */
  patienceMs: number
}

/** How soon a waiting request looks again at least and, where few wait, at most, in ms; and in between, in shares of a usual call. */
const lookMs = { least: 1, most: 100 }
/** So many ms of each one's waiting are one look of all: a thousand look four thousand times a second together. */
const lookMsPerOther = 0.25
const lookShare = 0.2
/** How much the duration of the latest call tells of the next one. */
const weightOfLatest = 0.25

/** Sends items by a call that takes many, and gives each its own result (G1–G4). */
export class GroupCall<Item, Result> {
  readonly #call: (items: Item[]) => Promise<Result[]>
  readonly #limits: GroupLimits<Item>
  #waiting: Place<Item, Result>[] = []
  #underWay: UnderWay<Item, Result> | undefined
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
    const place: Place<Item, Result> = { item, carrier: undefined }
    this.#waiting.push(place)
    let watched = this.#underWay
    for (let looksInVain = 0; ; looksInVain++) {
      if (watched !== this.#underWay) {
        watched = this.#underWay
        looksInVain = 0
      }
      await sleep(this.#untilNews(place, looksInVain))
      if (place.outcome !== undefined) {
        if (place.outcome.ok) return place.outcome.result
        throw fromSharedFailure(place.outcome.failure)
      }
      if (this.#isFree()) return this.#lead(item, place)
    }
  }

  /** Whether the next call may be made: none is under way, or the one that is has not been heard of for too long. */
  #isFree(): boolean {
    return this.#underWay === undefined || Date.now() - this.#underWay.since >= this.#underWay.patienceMs
  }

  /**
   * When it is worth looking again, in ms: when the call that counts should be over. Who waits longest makes the next call,
   * and looks when the one under way should be over, and soon again; it takes others along, so they look some calls later,
   * and then ever more rarely.
   */
  #untilNews(place: Place<Item, Result>, looksInVain: number): number {
    const { since, followers } = this.#underWay ?? { since: 0, followers: [] }
    const inCalls = (calls: number) => since + this.#usualMs * calls - Date.now()
    const least = Math.max(lookMs.least, this.#usualMs * lookShare)
    const index = place.carrier === undefined ? this.#waiting.indexOf(place) : undefined
    if (index === 0) return Math.min(Math.max(inCalls(1), least), lookMs.most)
    const calls = index === undefined ? 1 : 2 + Math.floor(index / this.#limits.maxItems)
    // One that is carried may be a little late, so that one look is enough.
    const soonest = Math.max(inCalls(calls + lookShare), least * 2 ** looksInVain)
    return Math.min(soonest, Math.max(lookMs.most, (this.#waiting.length + followers.length) * lookMsPerOther))
  }

  /** Calls with `item`, which may have had a place, and with as many of the others as may go along. */
  async #lead(item: Item, place?: Place<Item, Result>): Promise<Result> {
    const patienceMs = this.#giveUp()
    if (place !== undefined) this.#waiting = this.#waiting.filter((other) => other !== place)
    const own: UnderWay<Item, Result> = { since: Date.now(), patienceMs, followers: this.#takeAlong(item) }
    for (const follower of own.followers) follower.carrier = own
    this.#underWay = own
    try {
      const answer = this.#call([item, ...own.followers.map((follower) => follower.item)])
      // What is done before it goes out is work here: nobody can do that sooner by doing it again.
      own.since = Date.now()
      const [result, ...results] = await answer
      own.followers.forEach((follower, index) => {
        follower.outcome = { ok: true, result: results[index] as Result }
      })
      // Where this call was taken over, some of them wait for another one.
      if (this.#underWay !== own) this.#waiting = this.#waiting.filter(({ outcome }) => outcome === undefined)
      return result as Result
    } catch (error) {
      const failure = toSharedFailure(error)
      // Not those that somebody else carries by now.
      for (const follower of own.followers) if (follower.carrier === own) follower.outcome ??= { ok: false, failure }
      throw error
    } finally {
      this.#usualMs += (Date.now() - own.since - this.#usualMs) * weightOfLatest
      // Not when somebody has taken the lead meanwhile.
      if (this.#underWay === own) this.#underWay = undefined
    }
  }

  /** Has those wait again, before all others, whom an overdue call carries. Returns how long the next call is trusted, in ms. */
  #giveUp(): number {
    const overdue = this.#underWay
    if (overdue === undefined) return this.#limits.patienceMs
    const left = overdue.followers.filter(({ outcome }) => outcome === undefined)
    for (const place of left) place.carrier = undefined
    this.#waiting.unshift(...left)
    return overdue.patienceMs * 2
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

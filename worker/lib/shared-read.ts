// shared read
//
// A read that many requests want at the same moment, because none of them found anything in memory: one of them makes it,
// and the others look now and then whether it has come. A thousand events that reach a fresh isolate together cost one
// query, not a thousand.
//
//   S1. No promise crosses from request to request (as in `group-call.ts`): who waits holds a timer of its own.
//   S2. A read that fails, or does not come while patience lasts, is made again by one of those who wait for it, and each time
//       patience lasts twice as long: what is slow because it is asked too much is not asked by everybody at once.
//   S3. What one gets may have been read a moment before it asked. Who must not have it older reads by itself.

import { fromSharedFailure, toSharedFailure, type SharedFailure } from './shared-failure.ts'
import { sleep } from './sleep.ts'

interface Place<Value> {
  /** Epoch ms. */
  readonly since: number
  /** How long it is waited for, in ms. */
  readonly patienceMs: number
  followers: number
  outcome?: { value: Value } | { failure: SharedFailure }
}

/** How soon one looks first, and how rarely at most where few look, in ms. */
const lookMs = { first: 2, most: 40 }
/** So many ms of each follower's waiting are one look of all: a thousand look four thousand times a second together. */
const lookMsPerFollower = 0.25
/** Who has seen so many reads fail is told so. */
const mostFailures = 2

/** Reads a key once for all who ask at the same moment (S1–S3). */
export class SharedRead<Value> {
  readonly #patienceMs: number
  readonly #underWay = new Map<string, Place<Value>>()

  constructor(patienceMs = 2_000) {
    this.#patienceMs = patienceMs
  }

  /**
   * What `read` gives, to whoever wants the same (`key`) while it is under way. Rejects with what the own read rejects with;
   * or, where two of others have failed, with an error that says the same and is an outage where that was one.
   */
  async get(key: string, read: () => Promise<Value>): Promise<Value> {
    const followed = new Set<Place<Value>>()
    let failures = 0
    for (let ms = lookMs.first; ; ms *= 2) {
      const place = this.#underWay.get(key)
      if (place === undefined || isOverdue(place)) return this.#lead(key, read, place)
      if (!followed.has(place)) {
        followed.add(place)
        place.followers += 1
      }
      const most = Math.max(lookMs.most, place.followers * lookMsPerFollower)
      await sleep(Math.min(ms, most))
      for (const one of followed) {
        if (one.outcome === undefined) continue
        if ('value' in one.outcome) return one.outcome.value
        followed.delete(one)
        if (++failures === mostFailures) throw fromSharedFailure(one.outcome.failure)
      }
    }
  }

  async #lead(key: string, read: () => Promise<Value>, overdue: Place<Value> | undefined): Promise<Value> {
    const patienceMs = overdue === undefined ? this.#patienceMs : overdue.patienceMs * 2
    const place: Place<Value> = { since: Date.now(), patienceMs, followers: 0 }
    this.#underWay.set(key, place)
    try {
      const value = await read()
      place.outcome = { value }
      return value
    } catch (error) {
      place.outcome = { failure: toSharedFailure(error) }
      throw error
    } finally {
      // Not when somebody has taken over meanwhile.
      if (this.#underWay.get(key) === place) this.#underWay.delete(key)
    }
  }
}

const isOverdue = ({ since, patienceMs }: Place<unknown>) => Date.now() - since >= patienceMs

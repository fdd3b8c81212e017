// shared-places
//
// The places that an execution has where many want one. It gives them back while it has nothing to do, be it for a
// timer, an event, people or another execution, and takes them again when it goes on.
//
//   P1. One message to the gates is under way at a time, and the next one says what holds then: they do not overtake each other.
//   P2. A process that does not know what was sent last sends it again.
//   P3. A message that is lost for good costs no place: the gate asks those inside, and one that rests answers `gone`.

import { statusOf } from '../../engine/state.ts'
import type { Env } from '../../env.ts'
import { giveBackSharedPlaces, takeSharedPlaces } from '../gate/gates.ts'
import type { LiveExecution } from './live-execution.ts'

/** A wait that is over sooner than this, in ms, is not worth two messages: most retries. */
const shortWaitMs = 10_000

type Standing = Pick<LiveExecution, 'state' | 'outstanding'>

/** Whether one that has been let in has nothing to do for a while. `now` is epoch ms. */
export function isResting({ state, outstanding: { wakeAt } }: Standing, now: number): boolean {
  const status = statusOf(state)
  if (status === 'paused') return true
  return status === 'waiting' && (wakeAt === null || wakeAt > now + shortWaitMs)
}

export class SharedPlaces {
  readonly #env: Env
  readonly #now: () => number
  /** Whether it has its places, as far as this process knows. */
  #has: boolean | undefined
  #sending: Promise<void> | undefined

  constructor(env: Env, now: () => number) {
    this.#env = env
    this.#now = now
  }

  /** It was let in. */
  admit(): void {
    this.#has = true
  }

  /**
   * Gives places back, or takes them again, as the execution that `load` gives stands. Undefined where there is nothing
   * to say. Never rejects.
   */
  keep(load: () => LiveExecution | undefined): Promise<void> | undefined {
    const live = load()
    if (live === undefined || live.state.sharedPlaces.length === 0) return undefined
    if (this.#sending === undefined && this.#wanted(live) === this.#has) return undefined
    this.#sending ??= this.#send(load).finally(() => (this.#sending = undefined))
    return this.#sending
  }

  async #send(load: () => LiveExecution | undefined): Promise<void> {
    for (;;) {
      const live = load()
      const wanted = live === undefined ? this.#has : this.#wanted(live)
      if (live === undefined || wanted === this.#has || wanted === undefined) return
      const { header, state } = live
      const { generation, sharedPlaces } = state
      try {
        if (wanted) await takeSharedPlaces(this.#env, header, { generation, sharedPlaces })
        else await giveBackSharedPlaces(this.#env, header, { generation, sharedPlaces })
        // An execution that finished meanwhile has left its gates, and that may have arrived before this.
        if (wanted && load()?.state.finished !== null) {
          await giveBackSharedPlaces(this.#env, header, { generation, sharedPlaces })
        }
        this.#has = wanted
      } catch (error) {
        console.error({ message: 'gate not told', execution: header.executionId, error: String(error) })
        this.#has = undefined
        return
      }
    }
  }

  /** Whether it is to have its places; undefined while its gates know, or have been told. */
  #wanted(live: LiveExecution): boolean | undefined {
    const { state } = live
    if (state.finished !== null || state.gates.length > 0) return undefined
    return !isResting(live, this.#now())
  }
}

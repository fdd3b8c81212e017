// outside: who is not part of the product. They ask until they are heard, and see to it that a run comes to its end

import { isGivenUp } from './platform/faults.ts'
import type { World } from './world.ts'

/** Nothing that goes on by itself waits this long; a finished execution is looked at again an hour later. */
const restMs = 20 * 60_000
const maxSteps = 6_000
const maxSweeps = 80
/** While there is something to do, or to come, whoever sweeps comes as often as this. */
const sweepBusyMs = 10 * 60_000
const maxTries = 30

export class Outside {
  /** What people are still about. */
  open = 0
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Asks in so many ms, and again until somebody answers. `then` is called with the answer, once; `never` where none came. */
  insist<Answer>(
    what: string,
    inMs: number,
    ask: () => Promise<Answer>,
    then: (answer: Answer) => void,
    tries = 1,
  ): void {
    const { timeline } = this.#world
    this.open += 1
    timeline.schedule(
      null,
      what,
      () =>
        this.ask(
          ask,
          (answer) => {
            this.open -= 1
            then(answer)
          },
          () => {
            this.open -= 1
            if (tries < maxTries) this.insist(what, timeline.random.int(500, 3_000), ask, then, tries + 1)
          },
        ),
      inMs,
    )
  }

  /** Asks the front. Exactly one of the two is called, once. */
  ask<Answer>(ask: () => Promise<Answer>, then: (answer: Answer) => void, otherwise: () => void): void {
    const { timeline, front } = this.#world
    let isOver = false
    const once = (tell: () => void) => {
      if (isOver) return
      isOver = true
      front.watchers.delete(broken)
      tell()
    }
    const broken = () => once(otherwise)
    front.watchers.add(broken)
    timeline.schedule(null, 'sender gives up', broken, 60_000)
    timeline.current = front
    ask().then(
      (answer) => once(() => then(answer)),
      () => once(otherwise),
    )
  }

  /**
   * Lets everything happen until nothing does any more. Why it does not come to its end; null when it does. `visit` is what
   * people do then as well, where the sweeper is needed.
   */
  async untilRest(isOver: () => boolean, visit = () => {}): Promise<string | null> {
    const { timeline, faults, queues } = this.#world
    let sweeps = 0
    let sweptAt = timeline.now
    const sweep = () => {
      timeline.current = this.#world.front
      void this.#world.sweep().catch(() => undefined)
      visit()
    }
    for (;;) {
      if (timeline.steps > maxSteps) return `no end after ${maxSteps} events`
      const next = timeline.nextAt
      const isQuiet = next === undefined || next - timeline.now > restMs
      // One that nobody looks for may be what others wait for, who look around all the time.
      if (isQuiet || timeline.now - sweptAt > sweepBusyMs) {
        const isAlone = this.open === 0 && queues.size === 0
        // The sweeper is for the day an alarm does not ring, and only then may it be needed.
        const isNeeded = faults.fired.some(isGivenUp) && sweeps < maxSweeps && !(isAlone && isOver())
        if (isQuiet && isAlone && !isNeeded) return null
        const inMs = isQuiet && !isAlone ? sweepBusyMs : 60_000
        sweptAt = timeline.now + inMs
        if (isQuiet && isAlone) sweeps += 1
        if (isNeeded) timeline.schedule(null, 'cron', sweep, inMs)
      }
      if (!(await timeline.step())) return 'nothing is to come, and somebody waits'
    }
  }
}

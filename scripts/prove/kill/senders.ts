// senders
//
// Those who send: providers that deliver an event until it is acknowledged, always under the same id, as providers do.
// Some give up at the first broken connection, some deliver what was acknowledged again, some deliver twice at once.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Acknowledgement, Refusal, SentEvent } from './evidence.ts'
import { deliverOnce, idHeaders, type Address, type Delivery } from './deliver.ts'
import { targets, type Program } from './programs.ts'
import type { Random } from './random.ts'

interface Plan extends SentEvent, Delivery {
  /** Does not try again when the connection breaks. */
  givesUp: boolean
  /** Delivers again after the acknowledgement. */
  again: boolean
  /** Delivers twice at once. */
  twice: boolean
}

export interface Senders {
  sent: SentEvent[]
  acknowledged: Acknowledgement[]
  /** Events whose senders gave up. */
  givenUp: Set<string>
  refused: Refusal[]
  /** Answers that were neither an acknowledgement nor a broken connection, by status and code. */
  refusals: Record<string, number>
  /** So many more events may be sent, or one for each of these targets by a sender without quirks. */
  allow(events: number | readonly (readonly Program[])[]): void
  /** Whether all that was allowed is delivered. */
  isIdle(): boolean
  /** Where to send; undefined while the server is down. */
  point(address: Address | undefined): void
  /** Resolves at the `nth` acknowledgement from now. */
  reach(nth: number): Promise<void>
  /** No more events will be allowed. Resolves when all that were are delivered. */
  finish(): Promise<void>
}

/** A sender that was refused so often stops. */
const maxRefusals = 20

/** Starts so many senders at once. `onAcknowledged` is told of each acknowledgement, to write it down. */
export function startSenders(
  random: Random,
  count: number,
  onAcknowledged: (acknowledgement: Acknowledgement) => void,
): Senders {
  const sent: SentEvent[] = []
  const acknowledged: Acknowledgement[] = []
  const givenUp = new Set<string>()
  const refused: Refusal[] = []
  const refusals: Record<string, number> = {}
  /** What may be sent; undefined is anything. */
  const allowed: (readonly Program[] | undefined)[] = []
  let delivering = 0
  let isLast = false
  let address: Address | undefined
  let watch: { left: number; resolve: () => void } | undefined

  function nextPlan(target: readonly Program[] | undefined): Plan {
    const number = sent.length + 1
    const listeners = target ?? random.pick(targets)
    const hasQuirk = (probability: number) => target === undefined && random.chance(probability)
    const event = `event-${String(number).padStart(6, '0')}`
    const plan: Plan = {
      event,
      body: { event, number },
      starts: listeners.map(({ name, calls }) => ({ program: name, calls })),
      listeners,
      idHeader: random.pick(idHeaders),
      givesUp: hasQuirk(0.08),
      again: hasQuirk(0.12),
      twice: hasQuirk(0.06),
    }
    const { starts } = plan
    sent.push({ event, starts })
    return plan
  }

  async function deliver(plan: Plan): Promise<void> {
    let refusedTimes = 0
    for (;;) {
      const place = address
      if (place === undefined) {
        await sleep(20)
        continue
      }
      try {
        const acknowledgement = await deliverOnce(plan, place)
        if (typeof acknowledgement !== 'string') {
          acknowledged.push(acknowledgement)
          onAcknowledged(acknowledgement)
          if (watch !== undefined && --watch.left === 0) watch.resolve()
          return
        }
        refusals[acknowledgement] = (refusals[acknowledgement] ?? 0) + 1
        refusedTimes += 1
        if (refusedTimes === maxRefusals) return void refused.push({ event: plan.event, what: acknowledgement })
      } catch {
        if (plan.givesUp) return void givenUp.add(plan.event)
      }
      await sleep(random.int(30, 150))
    }
  }

  async function send(): Promise<void> {
    for (;;) {
      if (allowed.length === 0) {
        if (isLast) return
        await sleep(20)
        continue
      }
      const plan = nextPlan(allowed.shift())
      delivering += 1
      await Promise.all(plan.twice ? [deliver(plan), deliver(plan)] : [deliver(plan)])
      if (plan.again && !givenUp.has(plan.event)) await deliver({ ...plan, givesUp: false })
      delivering -= 1
    }
  }

  const working = Array.from({ length: count }, send)
  return {
    sent,
    acknowledged,
    givenUp,
    refused,
    refusals,
    allow(events) {
      allowed.push(...(typeof events === 'number' ? Array.from({ length: events }, () => undefined) : events))
    },
    isIdle: () => allowed.length + delivering === 0,
    point: (place) => void (address = place),
    reach: (nth) => new Promise((resolve) => (watch = { left: nth, resolve })),
    async finish() {
      isLast = true
      await Promise.all(working)
    },
  }
}

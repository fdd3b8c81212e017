import { setTimeout as sleep } from 'node:timers/promises'
import { deliverOnce, type Address, type Delivery } from '../kill/deliver.ts'
import type { Acknowledgement, Refusal, SentEvent } from '../kill/evidence.ts'

/** What became of deliveries. */
export interface Sendings {
  acknowledged: Acknowledgement[]
  refused: Refusal[]
  /** Each try that was answered: when (epoch ms), after how long, and with what if it was no acknowledgement. */
  answers: { event: string; at: number; ms: number; refusal?: string }[]
  /** Tries that had no answer. */
  broken: number
}

export interface SendOptions {
  /** Deliveries under way at once. */
  connections: number
  /** Where to send; undefined while the server is down. */
  address(): Address | undefined
  /** A sender that was refused so often stops. */
  maxRefusals?: number
  /** Between two tries, in ms. */
  againAfterMs?: number
}

/** Makes the deliveries in their order, each until it is acknowledged, as providers do. */
export async function sendAll(
  deliveries: readonly Delivery[],
  { connections, address, maxRefusals = 20, againAfterMs = 100 }: SendOptions,
): Promise<Sendings> {
  const sendings: Sendings = { acknowledged: [], refused: [], answers: [], broken: 0 }
  const left = deliveries.values()

  async function deliver(delivery: Delivery): Promise<void> {
    const { event } = delivery
    for (let refusals = 0; ;) {
      const place = address()
      if (place === undefined) {
        await sleep(20)
        continue
      }
      const startedAt = performance.now()
      try {
        const answer = await deliverOnce(delivery, place)
        const tried = { event, at: Date.now(), ms: performance.now() - startedAt }
        if (typeof answer !== 'string') {
          sendings.answers.push(tried)
          sendings.acknowledged.push(answer)
          return
        }
        sendings.answers.push({ ...tried, refusal: answer })
        refusals += 1
        if (refusals === maxRefusals) return void sendings.refused.push({ event, what: answer })
      } catch {
        sendings.broken += 1
      }
      await sleep(againAfterMs)
    }
  }

  const connection = async () => {
    for (const delivery of left) await deliver(delivery)
  }
  await Promise.all(Array.from({ length: connections }, connection))
  return sendings
}

/** What was sent, for the judge: events that were delivered several times are one. */
export function sentBy(deliveries: readonly Delivery[]): SentEvent[] {
  const events = new Map(deliveries.map((delivery) => [delivery.event, delivery]))
  return [...events.values()].map(({ event, listeners }) => ({
    event,
    starts: listeners.map(({ name, calls }) => ({ program: name, calls })),
  }))
}

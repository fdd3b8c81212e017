// prove duplicates
//
// Each event one to four times, all deliveries in a random order over many connections, and power cuts in between.

import { setTimeout as sleep } from 'node:timers/promises'
import { idHeaders, type Delivery } from '../kill/deliver.ts'
import { programs, targets } from '../kill/programs.ts'
import { createRandom } from '../kill/random.ts'
import { quiesce, readExecutions } from '../kill/read-out.ts'
import { proveStorm, type StormOrder, type StormReport } from '../storm/prove-storm.ts'
import { sendAll, sentBy } from '../storm/send-all.ts'
import { judgeDuplicates } from './judge-duplicates.ts'

const sizes = { full: { events: 1_500, kills: 6 }, quick: { events: 60, kills: 1 } }
const connections = 24
const withinMs = 180_000

/** However often and in whatever order events are delivered, each starts what it is for once. */
export function proveDuplicates(order: StormOrder): Promise<StormReport> {
  const { say } = order
  const random = createRandom(order.seed)
  const { events: most, kills } = order.isQuick ? sizes.quick : sizes.full
  const events = Math.ceil(most * (order.share ?? 1))
  return proveStorm(order, { programs }, async (stage) => {
    const once = Array.from({ length: events }, (_, index): Delivery => {
      const number = index + 1
      const event = `event-${number}`
      return { event, body: { event, number }, listeners: random.pick(targets), idHeader: random.pick(idHeaders) }
    })
    const deliveries = random.shuffled(once.flatMap((delivery) => Array<Delivery>(random.int(1, 4)).fill(delivery)))

    const acknowledged = []
    const refused = []
    let broken = 0
    for (let part = 0; part <= kills; part++) {
      const some = deliveries.slice(
        (part * deliveries.length) / (kills + 1),
        ((part + 1) * deliveries.length) / (kills + 1),
      )
      const sending = sendAll(some, { connections, address: stage.address })
      if (part < kills) {
        // Somewhere in the middle of it.
        await sleep(random.int(50, 1_500))
        await stage.restart()
      }
      const sendings = await sending
      acknowledged.push(...sendings.acknowledged)
      refused.push(...sendings.refused)
      broken += sendings.broken
      say(`${acknowledged.length} of ${deliveries.length} deliveries acknowledged`)
    }
    // All of them once more: what is done is known.
    const again = await sendAll(once, { connections, address: stage.address })
    const executionIds = new Set(acknowledged.flatMap(({ executionIds: ids }) => ids))
    await quiesce(stage.client(), stage.workflows, { executionIds, stillMs: order.isQuick ? 500 : 15_000, withinMs })
    const all = [...acknowledged, ...again.acknowledged]
    return {
      evidence: {
        sent: sentBy(deliveries),
        acknowledged: all,
        refused: [...refused, ...again.refused],
        calls: stage.sink.calls(),
        outages: [...stage.outages],
        executions: await readExecutions(stage.client(), stage.workflows),
      },
      violations: judgeDuplicates(all),
      goals: [],
      figures: { deliveries: deliveries.length + once.length, broken },
    }
  })
}

// prove burst
//
// A thousand events that arrive at the same moment, each over a connection of its own, several times over.

import { setTimeout as sleep } from 'node:timers/promises'
import type { LeatClient } from '../../client/leat-client.ts'
import { idHeaders, type Delivery } from '../kill/deliver.ts'
import { percentiles, type Percentiles } from '../kill/percentiles.ts'
import { targets } from '../kill/programs.ts'
import { createRandom } from '../kill/random.ts'
import { quiesce, readExecutions, type Workflows } from '../kill/read-out.ts'
import { proveStorm, type StormOrder, type StormReport } from '../storm/prove-storm.ts'
import { sendAll, sentBy } from '../storm/send-all.ts'

const sizes = { full: { bursts: 3, events: 1_000 }, quick: { bursts: 1, events: 120 } }
/** Programs that do not wait and whose targets answer at once: what they take is what the server takes. */
const chosen = new Set(['pure', 'side by side', 'listener with a call', 'pure listener', 'answered by a node'])
const burstTargets = targets.filter((target) => target.every(({ name }) => chosen.has(name)))
const goals = { acknowledgedMs: 2_000, visibleMs: 30_000 }
const withinMs = 180_000
const askEveryMs = 200

/** Whose senders wait for what the workflow says, and so for the calls it makes before. */
const waited = new Set(['answered by a node'])

interface BurstFigures {
  /** Events that were only to be made durable. */
  acknowledgedMs: Percentiles
  /** Events whose senders waited for an answer of the workflow. */
  answeredMs: Percentiles
  executions: number
  /** From the first delivery to a list in which everything is completed, in ms. */
  visibleMs: number
}

/** Everything once, and how soon everything is over and visible. */
export function proveBurst(order: StormOrder): Promise<StormReport> {
  const { say } = order
  const random = createRandom(order.seed)
  const { bursts, events: most } = order.isQuick ? sizes.quick : sizes.full
  const events = Math.ceil(most * (order.share ?? 1))
  const programs = burstTargets.flat()
  return proveStorm(order, { programs }, async (stage) => {
    const deliveries: Delivery[] = []
    const acknowledged = []
    const refused = []
    const figures: BurstFigures[] = []
    for (let burst = 1; burst <= bursts; burst++) {
      const some = Array.from({ length: events }, (_, number): Delivery => {
        const event = `burst-${burst}-${number}`
        return {
          event,
          body: { event, number },
          listeners: random.pick(burstTargets),
          idHeader: random.pick(idHeaders),
        }
      })
      const startedAt = performance.now()
      const sendings = await sendAll(some, { connections: events, address: stage.address })
      const executionIds = new Set(sendings.acknowledged.flatMap(({ executionIds: ids }) => ids))
      const isOver = await untilCompleted(
        stage.client(),
        stage.workflows,
        acknowledged.length === 0 ? 0 : countOf(deliveries),
        some,
      )
      const visibleMs = Math.round(performance.now() - startedAt)
      const waiting = new Set(
        some.filter(({ listeners }) => listeners.some(({ name }) => waited.has(name))).map(toEvent),
      )
      const took = (isWaiting: boolean) =>
        percentiles(sendings.answers.filter(({ event }) => waiting.has(event) === isWaiting).map(({ ms }) => ms))
      figures.push({
        acknowledgedMs: took(false),
        answeredMs: took(true),
        executions: executionIds.size,
        visibleMs,
      })
      say(
        `burst ${burst}: ${isOver ? 'all' : 'not all'} of ${executionIds.size} completed and visible after ${visibleMs} ms`,
      )
      deliveries.push(...some)
      acknowledged.push(...sendings.acknowledged)
      refused.push(...sendings.refused)
    }
    const executionIds = new Set(acknowledged.flatMap(({ executionIds: ids }) => ids))
    await quiesce(stage.client(), stage.workflows, { executionIds, stillMs: 1_000, withinMs })
    const executions = await readExecutions(stage.client(), stage.workflows)
    const calls = stage.sink.calls()
    return {
      evidence: { sent: sentBy(deliveries), acknowledged, refused, calls, outages: [...stage.outages], executions },
      violations: [],
      goals: figures.flatMap(({ acknowledgedMs, visibleMs }, index) => [
        {
          what: `burst ${index + 1}: acknowledged, p95 in ms`,
          measured: acknowledgedMs.p95,
          atMost: goals.acknowledgedMs,
        },
        { what: `burst ${index + 1}: all completed and visible, ms`, measured: visibleMs, atMost: goals.visibleMs },
      ]),
      figures: { bursts: figures },
    }
  })
}

const toEvent = ({ event }: Delivery) => event

const countOf = (deliveries: readonly Delivery[]) =>
  deliveries.reduce((sum, { listeners }) => sum + listeners.length, 0)

/** Asks the list until it shows as many completed executions as these events start, beside those before: whether it did. */
async function untilCompleted(
  client: LeatClient,
  workflows: Workflows,
  before: number,
  deliveries: readonly Delivery[],
): Promise<boolean> {
  const until = performance.now() + withinMs
  while (performance.now() < until) {
    let completed = 0
    for (const workflowId of workflows.keys()) {
      completed += (await client.listAll({ workflowId, status: 'completed' })).length
    }
    if (completed >= before + countOf(deliveries)) return true
    await sleep(askEveryMs)
  }
  return false
}

// prove outage
//
// A target that is down for a while, connections first and then answers of a server in trouble, while executions keep
// calling it.

import { setTimeout as sleep } from 'node:timers/promises'
import { graph } from '../../client/draw.ts'
import { idHeaders, type Delivery } from '../kill/deliver.ts'
import { call, doubled, hook, type Program } from '../kill/programs.ts'
import { createRandom } from '../kill/random.ts'
import { quiesce, readExecutions } from '../kill/read-out.ts'
import { proveStorm, type StormOrder, type StormReport } from '../storm/prove-storm.ts'
import { sendAll, sentBy } from '../storm/send-all.ts'
import { judgeOutage, mostWhileOpen, type Policy } from './judge-outage.ts'

const sizes = {
  full: { executions: 500, downMs: 90_000, policy: { maxRetries: 10, delayMs: 1_000, factor: 2, maxDelayMs: 30_000 } },
  quick: { executions: 24, downMs: 4_000, policy: { maxRetries: 10, delayMs: 200, factor: 2, maxDelayMs: 2_000 } },
}
/** How long after the target's return the last call may come: a whole delay, and what a closed circuit waits. */
const goalMs = 120_000
const withinMs = 400_000

// hook ─► call ─► doubled
const caller = (policy: Policy): Program => ({
  name: 'caller',
  source: 'hook',
  calls: [{ step: 'call' }],
  graph: (sink) =>
    graph(
      [
        hook('immediately'),
        call(sink, 'caller', 'call', {
          settings: { stepTimeoutMs: 3_600_000, retry: { ...policy, backoff: 'exponential', jitter: 'additive' } },
        }),
        doubled,
      ],
      'hook>call>doubled',
    ),
})

/** Everything completes once the target is back, under one key each, and nothing was called sooner than allowed. */
export function proveOutage(order: StormOrder): Promise<StormReport> {
  const { say } = order
  const random = createRandom(order.seed)
  const { executions: most, downMs, policy } = order.isQuick ? sizes.quick : sizes.full
  const count = Math.ceil(most * (order.share ?? 1))
  const program = caller(policy)
  return proveStorm(order, { programs: [program] }, async (stage) => {
    const deliveries = Array.from({ length: count }, (_, number): Delivery => {
      const event = `outage-${number}`
      return { event, body: { event, number }, listeners: [program], idHeader: random.pick(idHeaders) }
    })
    const { sink } = stage
    // In full length the circuit breaker takes part; in short it would wait longer than the target is down.
    if (!order.isQuick) await stage.client().call('PUT', '/outbound-rules', { host: sink.host, breaker: true })
    sink.fall('drop')
    const from = Date.now()
    const troubled = sleep(downMs / 3).then(() => sink.fall(503))
    // Most come in the first half of it, in lots, as they do in life.
    const lots = 10
    const acknowledged = []
    const refused = []
    for (let lot = 0; lot < lots; lot++) {
      const some = deliveries.slice((lot * count) / lots, ((lot + 1) * count) / lots)
      const sendings = await sendAll(some, { connections: 12, address: stage.address })
      acknowledged.push(...sendings.acknowledged)
      refused.push(...sendings.refused)
      await sleep(Math.max(0, from + ((lot + 1) * downMs) / 2 / lots - Date.now()))
    }
    await troubled
    await sleep(Math.max(0, from + downMs - Date.now()))
    const waiting = await stage.client().listAll({ status: 'waiting,running' })
    sink.fall(null)
    const to = Date.now()
    say(`the target is back after ${to - from} ms; ${waiting.length} of ${count} executions are not over`)

    const executionIds = new Set(acknowledged.flatMap(({ executionIds: ids }) => ids))
    await quiesce(stage.client(), stage.workflows, { executionIds, stillMs: 0, withinMs })
    const executions = await readExecutions(stage.client(), stage.workflows)
    const calls = sink.calls()
    const { violations, figures } = judgeOutage(calls, policy, { from, to })
    say(`${figures.whileDown} calls while it was down`)
    return {
      evidence: { sent: sentBy(deliveries), acknowledged, refused, calls, outages: [...stage.outages], executions },
      violations,
      goals: [
        { what: 'last call after the return, ms', measured: figures.recoveredMs, atMost: goalMs },
        { what: 'calls while the breaker was open', measured: figures.whileOpen, atMost: mostWhileOpen(to - from) },
      ],
      figures: { ...figures, downMs: to - from, unfinishedAtReturn: waiting.length },
    }
  })
}

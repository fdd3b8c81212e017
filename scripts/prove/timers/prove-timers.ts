// prove timers
//
// Executions that wait, all of them through a power cut, and ring in waves, with more power cuts between the waves.

import { setTimeout as sleep } from 'node:timers/promises'
import { graph, node } from '../../client/draw.ts'
import { idHeaders, type Delivery } from '../kill/deliver.ts'
import { percentiles } from '../kill/percentiles.ts'
import { call, hook, type Program } from '../kill/programs.ts'
import { createRandom } from '../kill/random.ts'
import { quiesce, readExecutions } from '../kill/read-out.ts'
import { proveStorm, type StormOrder, type StormReport } from '../storm/prove-storm.ts'
import { sendAll, sentBy } from '../storm/send-all.ts'
import { judgeTimers, type Wave } from './judge-timers.ts'

// hook ─► until its date ─► call
const sleeper: Program = {
  name: 'sleeper',
  source: 'hook',
  calls: [{ step: 'call' }],
  graph: (sink) =>
    graph(
      [
        hook('immediately'),
        node('pause', 'flow.wait', { mode: 'until', until: '{{ trigger.body.due }}' }),
        call(sink, 'sleeper', 'call'),
      ],
      'hook>pause>call',
    ),
}

/** `perSecond` is a low guess of how fast executions can be begun; the first wave comes when all are there. */
const sizes = {
  full: { waves: 5, perWave: 2_000, perSecond: 60, gapMs: 24_000, restartMs: 20_000 },
  quick: { waves: 2, perWave: 40, perSecond: 30, gapMs: 4_000, restartMs: 4_000 },
}
const connections = 24
const goalMs = 2_000
const quiesceWithinMs = 120_000

/** Ten thousand timers, none early, none lost, the late ones within two seconds. */
export function proveTimers(order: StormOrder): Promise<StormReport> {
  const { say } = order
  const random = createRandom(order.seed)
  const size = order.isQuick ? sizes.quick : sizes.full
  return proveStorm(order, { programs: [sleeper] }, async (stage) => {
    const count = size.waves * size.perWave
    const firstDue = Date.now() + (count / size.perSecond) * 1_000 + size.restartMs
    const waves: Wave[] = Array.from({ length: size.waves }, (_, wave) => ({
      due: Math.ceil(firstDue + wave * size.gapMs),
      events: Array.from({ length: size.perWave }, (_, number) => `wave-${wave + 1}-${number}`),
    }))
    const deliveries = waves.flatMap(({ due, events }) =>
      events.map((event, number): Delivery => ({
        event,
        body: { event, number, due: new Date(due).toISOString() },
        listeners: [sleeper],
        idHeader: random.pick(idHeaders),
      })),
    )

    const startedAt = Date.now()
    const shuffled = random.shuffled(deliveries)
    const { acknowledged, refused } = await sendAll(shuffled, { connections, address: stage.address })
    const waiting = await untilWaiting(() => stage.client().listAll({ status: 'waiting' }), count, firstDue)
    const begunMs = Date.now() - startedAt
    say(`${waiting} of ${count} wait after ${begunMs} ms`)
    await stage.restart()
    const spareMs = firstDue - Date.now()
    say(`restarted; the first wave is due in ${Math.round(spareMs)} ms`)

    for (const [index, { due, events }] of waves.entries()) {
      await sleep(Math.max(0, due - Date.now()))
      const came = await untilCalled(() => stage.sink.calls().length, (index + 1) * events.length, size.gapMs / 2)
      say(`wave ${index + 1}: ${came} calls ${Date.now() - due} ms after it was due`)
      // Every other gap has a power cut.
      if (index % 2 === 1 && index < waves.length - 1) await stage.restart()
    }
    const executionIds = new Set(acknowledged.flatMap(({ executionIds: ids }) => ids))
    await quiesce(stage.client(), stage.workflows, { executionIds, stillMs: 0, withinMs: quiesceWithinMs })
    const executions = await readExecutions(stage.client(), stage.workflows)
    const calls = stage.sink.calls()
    const timers = judgeTimers(waves, calls)
    const { outages } = stage
    return {
      evidence: { sent: sentBy(deliveries), acknowledged, refused, calls, outages: [...outages], executions },
      violations: timers.violations,
      goals: timers.waves.map(({ lateMs }, index) => ({
        what: `wave ${index + 1}: late by, p99 in ms`,
        measured: lateMs.p99,
        atMost: goalMs,
      })),
      figures: {
        waitingAtRestart: waiting,
        begunPerSecond: Math.round((count / begunMs) * 1_000),
        spareMs: Math.round(spareMs),
        lateMs: timers.waves.map(({ lateMs }) => lateMs),
        lateOverallMs: percentiles(timers.waves.map(({ lateMs }) => lateMs.max)).max,
      },
    }
  })
}

/** How many are shown as waiting, when all are or time is over. */
async function untilWaiting(list: () => Promise<unknown[]>, count: number, until: number): Promise<number> {
  for (;;) {
    const { length } = await list()
    if (length >= count || Date.now() > until) return length
    await sleep(500)
  }
}

async function untilCalled(count: () => number, wanted: number, withinMs: number): Promise<number> {
  const until = Date.now() + withinMs
  for (;;) {
    const calls = count()
    if (calls >= wanted || Date.now() > until) return calls
    await sleep(250)
  }
}

// prove timers
//
// Executions that wait, all of them through a power cut, and ring in waves, with more power cuts between the waves.

import { setTimeout as sleep } from 'node:timers/promises'
import { graph, node } from '../../client/draw.ts'
import { idHeaders, type Delivery } from '../kill/deliver.ts'
import { call, hook, type Program } from '../kill/programs.ts'
import { createRandom } from '../kill/random.ts'
import { quiesce, readExecutions } from '../kill/read-out.ts'
import { proveStorm, type StormOrder, type StormReport } from '../storm/prove-storm.ts'
import { sendAll, sentBy } from '../storm/send-all.ts'
import { countCalled, judgeTimers, type Wave } from './judge-timers.ts'

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

/** A pilot tells how fast executions can be begun here and now: the first wave is due when all of them should wait. */
const sizes = {
  full: { waves: 5, perWave: 2_000, pilot: 400, gapMs: 24_000, restartMs: 25_000 },
  quick: { waves: 2, perWave: 40, pilot: 20, gapMs: 3_000, restartMs: 3_000 },
}
/** How much longer it may take than the pilot says. */
const reserve = 1.5
const connections = 24
const goalMs = 2_000
const quiesceWithinMs = 120_000

/** Ten thousand timers, none early, none lost, the late ones within two seconds. */
export function proveTimers(order: StormOrder): Promise<StormReport> {
  const { say } = order
  const random = createRandom(order.seed)
  const whole = order.isQuick ? sizes.quick : sizes.full
  const size = { ...whole, perWave: Math.ceil(whole.perWave * (order.share ?? 1)) }
  return proveStorm(order, { programs: [sleeper] }, async (stage) => {
    const toWave = (name: string, due: number, timers: number): Wave => ({
      due: Math.ceil(due),
      events: Array.from({ length: timers }, (_, number) => `${name}-${number}`),
    })
    const toDeliveries = ({ due, events }: Wave) =>
      events.map((event, number): Delivery => ({
        event,
        body: { event, number, due: new Date(due).toISOString() },
        listeners: [sleeper],
        idHeader: random.pick(idHeaders),
      }))
    const listWaiting = () => stage.client().listAll({ status: 'waiting' })
    const count = size.waves * size.perWave
    const senders = { connections, address: stage.address }

    const pilotAt = Date.now()
    const pilot = toWave('pilot', pilotAt + 500, size.pilot)
    const piloted = await sendAll(toDeliveries(pilot), senders)
    await untilCalled(() => stage.sink.calls().length, size.pilot, quiesceWithinMs)
    const perSecond = (size.pilot / (Date.now() - pilotAt)) * 1_000
    say(`${Math.round(perSecond)} executions a second can be begun`)

    const startedAt = Date.now()
    const firstDue = startedAt + (count / perSecond) * reserve * 1_000 + size.restartMs
    const waves = Array.from({ length: size.waves }, (_, wave) =>
      toWave(`wave-${wave + 1}`, firstDue + wave * size.gapMs, size.perWave),
    )
    const begun = await sendAll(random.shuffled(waves.flatMap(toDeliveries)), senders)
    const waiting = await untilWaiting(listWaiting, count, firstDue)
    const acknowledged = [...piloted.acknowledged, ...begun.acknowledged]
    const begunMs = Date.now() - startedAt
    say(`${waiting} of ${count} wait after ${begunMs} ms`)
    await stage.restart()
    const spareMs = firstDue - Date.now()
    say(`restarted; the first wave is due in ${Math.round(spareMs)} ms`)

    for (const [index, { due, events }] of waves.entries()) {
      await sleep(Math.max(0, due - Date.now()))
      // Each counts once: a power cut makes some call again.
      const wanted = new Set(events)
      const came = await untilCalled(() => countCalled(wanted, stage.sink.calls()), wanted.size, size.gapMs / 2)
      say(`wave ${index + 1}: ${came} calls ${Date.now() - due} ms after it was due`)
      // Every other gap has a power cut.
      if (index % 2 === 1 && index < waves.length - 1) await stage.restart()
    }
    const executionIds = new Set(acknowledged.flatMap(({ executionIds: ids }) => ids))
    await quiesce(stage.client(), stage.workflows, { executionIds, stillMs: 0, withinMs: quiesceWithinMs })
    const executions = await readExecutions(stage.client(), stage.workflows)
    const calls = stage.sink.calls()
    const all = [pilot, ...waves]
    const timers = judgeTimers(all, { calls, executions, step: 'pause' })
    const { outages } = stage
    return {
      evidence: {
        sent: sentBy(all.flatMap(toDeliveries)),
        acknowledged,
        refused: [...piloted.refused, ...begun.refused],
        calls,
        outages: [...outages],
        executions,
      },
      violations: timers.violations,
      goals: timers.waves.slice(1).map(({ lateMs }, index) => ({
        what: `wave ${index + 1}: timers late by, p99 in ms`,
        measured: lateMs.p99,
        atMost: goalMs,
      })),
      figures: {
        waitingAtRestart: waiting,
        begunPerSecond: Math.round((count / begunMs) * 1_000),
        spareMs: Math.round(spareMs),
        lateMs: timers.waves.slice(1).map(({ lateMs }) => lateMs),
        callLateMs: timers.waves.slice(1).map(({ callLateMs }) => callLateMs),
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

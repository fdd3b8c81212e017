// prove database
//
// The databases fail for a minute, on a running server, while webhooks come in and executions go on: for a part of it nothing
// works, for others reads, writes, every other statement or one of the two does not, or everything takes ten seconds.

import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { idHeaders, type Address, type Delivery } from '../kill/deliver.ts'
import { programs, type Program } from '../kill/programs.ts'
import { createRandom } from '../kill/random.ts'
import { quiesce, readExecutions } from '../kill/read-out.ts'
import { proveStorm, type StormOrder, type StormReport } from '../storm/prove-storm.ts'
import { sendAll, sentBy, type Sendings } from '../storm/send-all.ts'
import type { Stage } from '../storm/stage.ts'
import { judgeDatabase, type Asked } from './judge-database.ts'
import { drawPhases, type Phase } from './phases.ts'
import { outagePath } from './with-outages.ts'

const sizes = {
  full: { beforeEvents: 60, perSecond: 15, downMs: 60_000, slowMs: 10_000, otherPhases: 4, afterEvents: 60 },
  quick: { beforeEvents: 12, perSecond: 5, downMs: 3_000, slowMs: 500, otherPhases: 1, afterEvents: 6 },
}
const connections = 8
const askEveryMs = 250
/** Every so many events is one for the API instead of a webhook: its sender has to come again until it is taken. */
const eventEvery = 10
/** From the databases' return to a list that shows everything as it is. */
const goalMs = 60_000
const withinMs = 240_000

/** What people ask while nothing can be read. */
const questions = ['/executions?limit=5', '/workflows', '/me']

/** Webhooks are acknowledged all the same, nothing is lost, and who asks is told to come back. */
export function proveDatabase(order: StormOrder): Promise<StormReport> {
  const { say } = order
  const random = createRandom(order.seed)
  const size = order.isQuick ? sizes.quick : sizes.full
  const { beforeEvents, downMs, slowMs, afterEvents } = size
  const phases = drawPhases(createRandom(order.seed), downMs, size.otherPhases)
  const perSecond = size.perSecond * (order.share ?? 1)
  const hooked = programs.filter(({ source }) => source === 'hook')
  const listening = programs.filter(({ source }) => source === 'event')
  const server = join(import.meta.dirname, 'serve-with-outages.ts')
  return proveStorm(order, { programs, server }, async (stage) => {
    let number = 0
    const deliveries: Delivery[] = []
    const draw = (listeners: readonly Program[] = [random.pick(hooked)]): Delivery => {
      number += 1
      const event = `event-${number}`
      const delivery = { event, body: { event, number }, listeners, idHeader: random.pick(idHeaders) }
      deliveries.push(delivery)
      return delivery
    }
    const toHooks: Sendings[] = []
    const send = async (some: readonly Delivery[]) =>
      void toHooks.push(await sendAll(some, { connections, address: stage.address, maxRefusals: 200 }))
    const toApi: Sendings[] = []
    const emit = async (delivery: Delivery) =>
      void toApi.push(
        await sendAll([delivery], { connections: 1, address: stage.address, maxRefusals: 500, againAfterMs: 500 }),
      )

    // Every webhook once, so that the server knows it; a sender never sees what the server has to look up first.
    await send(hooked.map((program) => draw([program])))
    await send(Array.from({ length: beforeEvents }, () => draw()))

    const from = Date.now()
    const to = from + downMs
    const failing = failInTurn(stage.address(), phases, { from, slowMs, say })
    const asking = ask(stage, to)
    const trickle: Promise<void>[] = []
    while (Date.now() < to) {
      trickle.push(trickle.length % eventEvery === 0 ? emit(draw(listening)) : send([draw()]))
      await sleep(1_000 / perSecond)
    }
    await failing
    const backAt = performance.now()
    const asked = await asking
    await send(Array.from({ length: afterEvents }, () => draw()))
    await Promise.all(trickle)
    const all = [...toHooks, ...toApi]
    const acknowledged = all.flatMap((sendings) => sendings.acknowledged)
    const executionIds = new Set(acknowledged.flatMap(({ executionIds: ids }) => ids))
    say(`back; ${executionIds.size} executions were acknowledged`)
    await quiesce(stage.client(), stage.workflows, { executionIds, stillMs: 0, withinMs })
    const visibleMs = Math.round(performance.now() - backAt)
    asked.push(...(await ask(stage, 0)))

    const executions = await readExecutions(stage.client(), stage.workflows)
    const tries = { hooks: toHooks.flatMap(({ answers }) => answers), events: toApi.flatMap(({ answers }) => answers) }
    const { violations, figures } = judgeDatabase(asked, tries, { from, to })
    return {
      evidence: {
        sent: sentBy(deliveries),
        acknowledged,
        refused: all.flatMap(({ refused }) => refused),
        calls: stage.sink.calls(),
        outages: [...stage.outages],
        executions,
      },
      violations,
      goals: [{ what: 'everything visible after the return, ms', measured: visibleMs, atMost: goalMs }],
      figures: { ...figures, phases: phases.map(nameOf), downMs, visibleMs },
    }
  })
}

/** Has the databases fail in one way after the other; resolves when they are back. */
async function failInTurn(
  address: Address | undefined,
  phases: readonly Phase[],
  { from, slowMs, say }: { from: number; slowMs: number; say(line: string): void },
): Promise<void> {
  let until = from
  for (const phase of phases) {
    until += phase.ms
    const { how, databases } = phase
    const query = new URLSearchParams({ how, databases: databases.join(), until: `${until}`, slowMs: `${slowMs}` })
    const response = await fetch(`${address?.url}${outagePath}?${query.toString()}`, { method: 'POST' })
    if (response.status !== 204) throw new Error(`The databases could not be made to fail: ${response.status}`)
    say(nameOf(phase))
    await sleep(Math.max(0, until - Date.now()))
  }
}

function nameOf({ how, databases, ms }: Phase): string {
  return `${databases.join(' and ')}: ${how} for ${Math.round(ms)} ms`
}

/** Asks everything again and again until then, once at least. */
async function ask(stage: Stage, until: number): Promise<Asked[]> {
  const asked: Asked[] = []
  do {
    for (const path of questions) asked.push(await askOne(stage, path))
    await sleep(askEveryMs)
  } while (Date.now() + askEveryMs < until)
  return asked
}

async function askOne(stage: Stage, path: string): Promise<Asked> {
  const { url, apiKey } = stage.address()!
  const at = Date.now()
  const response = await fetch(`${url}/api/v2${path}`, { headers: { authorization: `Bearer ${apiKey}` } })
  const text = await response.text()
  return {
    what: path,
    at,
    status: response.status,
    code: codeIn(text),
    hasRetryAfter: response.headers.has('retry-after'),
  }
}

function codeIn(text: string): string {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code ?? ''
  } catch {
    return 'no JSON'
  }
}

// prove fair
//
// Two organizations on one server: one sends a flood of events at once, the other a few each second. What the other
// waits for its executions to call, alone and beside the flood, as the receiver of the calls sees it.

import { setTimeout as sleep } from 'node:timers/promises'
import { graph, node } from '../../client/draw.ts'
import { createLeatClient, type LeatClient } from '../../client/leat-client.ts'
import { percentiles, type Percentiles } from '../kill/percentiles.ts'
import { spawnServer } from '../../server/spawn-server.ts'
import { startSink } from '../sink/start-sink.ts'
import { signUp } from './sign-up.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface FairOrder {
  /** Events of the flood, and connections they come by. */
  events: number
  connections: number
  /** Events of the other, and how many ms lie between two. */
  few: number
  everyMs: number
  /** How many executions of both together go on at a time; 0 is no limit. */
  limit: number
  /** How long the target takes for an answer, in ms. */
  answerMs: number
  say(text: string): void
}

/** Latencies in ms: from sending an event to the arrival of its call. */
export interface FairReport {
  isOk: boolean
  alone: Percentiles
  beside: Percentiles
  /** From sending an event of the other to its acknowledgement, beside the flood. */
  acknowledged: Percentiles
  /** Of the flood itself. */
  flood: Percentiles
  /** From the first event of the flood to the last of its calls, and to its last acknowledgement. */
  floodMs: number
  acknowledgedMs: number
  /** Calls of the flood that came after the last one of the other. */
  stillToCome: number
}

/** What the other may wait beside a flood, p95 in ms. */
const goalMs = 2_000
const withinMs = 900_000

export async function proveFair(order: FairOrder): Promise<FairReport> {
  const { events, connections, few, everyMs, limit, answerMs, say } = order
  const dataDir = mkdtempSync(join(tmpdir(), 'leat-fair-'))
  const sink = await startSink()
  const env = { LEAT_EGRESS_ALLOW: sink.host, LEAT_MAX_RUNNING: limit === 0 ? '' : String(limit) }
  const { ready, ...server } = spawnServer({ dataDir, env })
  try {
    const { url, demo } = await ready
    const calling = graph(
      [
        node('hook', 'trigger.webhook', { respond: 'immediately' }),
        node('call', 'http.request', {
          method: 'POST',
          url: `${sink.url}/slow/${answerMs}`,
          bodyType: 'json',
          json: { id: '{{ trigger.body.id }}' },
        }),
      ],
      'hook>call',
    )
    const join = async (client: LeatClient) => {
      await client.call('PUT', '/outbound-rules', { host: sink.host, breaker: false })
      const { hookPath } = await client.publish('Fair', calling)
      return (id: string) => client.post(hookPath, { id })
    }
    const sendFlood = await join(createLeatClient({ url, apiKey: demo.apiKey }))
    const sendOther = await join(await signUp(url, 'Other'))
    const sentAt = new Map<string, number>()
    const ackedAt = new Map<string, number>()
    const send = async (id: string, how: (id: string) => Promise<Response>) => {
      sentAt.set(id, Date.now())
      const answer = await how(id)
      ackedAt.set(id, Date.now())
      await answer.body?.cancel()
      if (answer.status !== 202) throw new Error(`${id} was answered ${answer.status}`)
    }
    const sendFew = async (name: string) => {
      const sendings: Promise<void>[] = []
      for (let count = 0; count < few; count++) {
        sendings.push(send(`${name}-${count}`, sendOther))
        await sleep(everyMs)
      }
      await Promise.all(sendings)
    }
    const arrivals = async (name: string, count: number) => {
      const until = performance.now() + withinMs
      for (;;) {
        const came = new Map<string, number>()
        for (const { body, at } of sink.calls()) {
          const { id } = body as { id: string }
          if (id.startsWith(`${name}-`) && !came.has(id)) came.set(id, at)
        }
        if (came.size === count) return came
        if (performance.now() > until) throw new Error(`only ${came.size} of ${count} calls of ${name}`)
        await sleep(200)
      }
    }
    const latencies = (came: Map<string, number>) => percentiles([...came].map(([id, at]) => at - sentAt.get(id)!))

    await sendFew('warm')
    await arrivals('warm', few)
    await sendFew('alone')
    const alone = latencies(await arrivals('alone', few))
    say(`alone: ${JSON.stringify(alone)}`)

    const startedAt = Date.now()
    const left = Array.from({ length: events }, (_, number) => `flood-${number}`).values()
    const sender = async () => {
      for (const id of left) await send(id, sendFlood)
    }
    const sent = Promise.all(Array.from({ length: connections }, sender)).then(() => Date.now())
    // Nothing is proven before there is a backlog.
    await sleep(everyMs)
    await sendFew('beside')
    const came = await arrivals('beside', few)
    const beside = latencies(came)
    say(`beside: ${JSON.stringify(beside)}`)
    const acknowledgedMs = (await sent) - startedAt
    const flooded = await arrivals('flood', events)
    const last = Math.max(...came.values())
    return {
      isOk: beside.p95 <= goalMs,
      alone,
      beside,
      acknowledged: percentiles([...came.keys()].map((id) => ackedAt.get(id)! - sentAt.get(id)!)),
      flood: latencies(flooded),
      floodMs: Math.max(...flooded.values()) - startedAt,
      acknowledgedMs,
      stillToCome: [...flooded.values()].filter((at) => at > last).length,
    }
  } finally {
    await Promise.all([server.stop(), sink.stop()])
    rmSync(dataDir, { recursive: true, force: true })
  }
}

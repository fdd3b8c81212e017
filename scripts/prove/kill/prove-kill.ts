// prove kill
//
// Power cuts while events come in. Senders send, the sink notes what was done, the whole process group of the server is
// killed again and again and started on the same data, and in the end the judge compares.

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLeatClient } from '../../client/leat-client.ts'
import { spawnServer, type SpawnedServer } from '../../server/spawn-server.ts'
import { startSink, type Sink } from '../sink/start-sink.ts'
import type { Address } from './deliver.ts'
import type { Evidence, Outage } from './evidence.ts'
import { judge, type Verdict, type Violation } from './judge.ts'
import { nameOf, type Moment } from './moments.ts'
import { programs } from './programs.ts'
import { createRandom, type Random } from './random.ts'
import { quiesce, readExecutions, type Workflows } from './read-out.ts'
import type { Round } from './rounds.ts'
import { percentiles, type Percentiles } from './percentiles.ts'
import { publishPrograms } from './publish-programs.ts'
import { startSenders, type Senders } from './senders.ts'

export interface KillProof {
  seed: number
  /** What is sent between starts and when the power is cut; see `rounds.ts`. */
  rounds(random: Random): Round[]
  /** How long the list must not change before it is read, in ms. */
  stillMs?: number
  say?(line: string): void
}

export interface KillReport {
  isOk: boolean
  seed: number
  events: { sent: number; acknowledged: number; deliveries: number; givenUp: number }
  executions: number
  calls: { made: number; distinct: number; repeated: Verdict['repeated'] }
  kills: Record<string, number>
  /** From the start of a process to its first answer, in ms. */
  restartMs: Percentiles
  /** From the last start to a list in which everything is over, in ms. */
  quiesceMs: number
  refusals: Record<string, number>
  violationCount: number
  /** The first of them. */
  violations: Violation[]
  /** Where everything is kept when something was wrong. */
  keptIn?: string
  /** What the last server wrote, when something was wrong. */
  log?: string
}

const sendersAtOnce = 12
/** A moment that does not come is not waited for longer than this, in ms; a call of one workflow's step longer. */
const longestMs = 3_000
const longestForOneMs = 12_000
const quiesceWithinMs = 120_000
const calmWithinMs = 60_000

/** Proves it, or says what was wrong. The Worker must have been built. */
export async function proveKill(proof: KillProof): Promise<KillReport> {
  const { seed, stillMs = 15_000, say = () => {} } = proof
  const random = createRandom(seed)
  const rounds = proof.rounds(random)
  const folder = mkdtempSync(join(tmpdir(), 'leat-prove-'))
  const acknowledgedFile = join(folder, 'acknowledged.jsonl')
  const sink = await startSink({ ledger: join(folder, 'ledger.jsonl') })
  const start = () => spawnServer({ dataDir: join(folder, 'data'), env: { LEAT_EGRESS_ALLOW: sink.host } })
  const senders = startSenders(random, sendersAtOnce, (acknowledgement) =>
    appendFileSync(acknowledgedFile, `${JSON.stringify(acknowledgement)}\n`),
  )
  let server = start()
  let isOk = false
  try {
    const { workflows, addressOf } = await publishPrograms(await server.ready, sink, programs)
    const outages: Outage[] = []
    const restarts: number[] = []
    const killed: Record<string, number> = {}

    for (const [index, { events, moment }] of rounds.entries()) {
      senders.allow(events)
      const came = await reachMoment(moment, { server, sink, senders, workflows, addressOf })
      senders.point(undefined)
      const killedAt = Date.now()
      await server.kill9()
      sink.release()
      const name = came ? nameOf(moment) : `instead of ${nameOf(moment)}`
      killed[name] = (killed[name] ?? 0) + 1
      say(`${index + 1}/${rounds.length}  ${name.padEnd(25)} ${senders.acknowledged.length} acknowledged`)

      const restartedAt = Date.now()
      outages.push({ killedAt, restartedAt })
      server = start()
      // A process that may be killed while it starts is timed when it got so far.
      void server.ready.then(
        () => restarts.push(Date.now() - restartedAt),
        () => undefined,
      )
    }

    const lastStart = performance.now()
    const place = await addressOf(server)
    senders.point(place)
    await senders.finish()
    const client = createLeatClient(place)
    const executionIds = executionIdsIn(senders)
    say(`sent everything; waiting for ${executionIds.size} executions`)
    await quiesce(client, workflows, { executionIds, stillMs, withinMs: quiesceWithinMs })
    const quiesceMs = Math.round(performance.now() - lastStart - stillMs)
    const executions = await readExecutions(client, workflows)

    const { sent, acknowledged, refused } = senders
    const evidence: Evidence = { sent, acknowledged, refused, calls: sink.calls(), outages, executions }
    writeFileSync(join(folder, 'evidence.json'), JSON.stringify(evidence))
    const verdict = judge(evidence)
    isOk = verdict.violations.length === 0
    return {
      isOk,
      seed,
      events: {
        sent: sent.length,
        acknowledged: new Set(acknowledged.map(({ event }) => event)).size,
        deliveries: acknowledged.length,
        givenUp: senders.givenUp.size,
      },
      executions: executions.length,
      calls: {
        made: evidence.calls.length,
        distinct: new Set(evidence.calls.map(({ key }) => key)).size,
        repeated: verdict.repeated,
      },
      kills: killed,
      restartMs: percentiles(restarts),
      quiesceMs,
      refusals: senders.refusals,
      violationCount: verdict.violations.length,
      violations: verdict.violations.slice(0, 20),
      ...(isOk ? {} : { keptIn: folder, log: server.log().slice(-4_000) }),
    }
  } finally {
    await server.kill9()
    await sink.stop()
    if (isOk) rmSync(folder, { recursive: true, force: true })
  }
}

interface Scene {
  server: SpawnedServer
  sink: Sink
  senders: Senders
  workflows: Workflows
  addressOf(running: SpawnedServer): Promise<Address>
}

/** Resolves when the moment is there, or does not come in time: whether it came. */
async function reachMoment(moment: Moment, scene: Scene): Promise<boolean> {
  const { server, sink, senders, addressOf } = scene
  const pointed = addressOf(server).then((address) => (senders.point(address), address))
  switch (moment.kind) {
    case 'starting':
      // It ends before it is ready, as often as not.
      pointed.catch(() => undefined)
      await sleep(moment.afterMs)
      return true
    case 'anytime':
      await pointed
      await sleep(moment.afterMs)
      return true
    case 'call': {
      const reached = sink.reach(moment.watched)
      await pointed
      return inTime(reached, moment.watched.body === undefined ? longestMs : longestForOneMs)
    }
    case 'acknowledged': {
      const reached = senders.reach(moment.nth)
      await pointed
      const came = await inTime(reached, longestMs)
      await sleep(moment.afterMs)
      return came
    }
    case 'calm':
      return reachCalm(await pointed, scene)
  }
}

async function reachCalm(address: Address, { senders, workflows }: Scene): Promise<boolean> {
  const deadline = performance.now() + calmWithinMs
  while (!senders.isIdle() && performance.now() < deadline) await sleep(50)
  const executionIds = executionIdsIn(senders)
  const withinMs = deadline - performance.now()
  await quiesce(createLeatClient(address), workflows, { executionIds, stillMs: 0, withinMs })
  return performance.now() < deadline
}

function inTime(event: Promise<void>, ms: number): Promise<boolean> {
  return Promise.race([event.then(() => true), sleep(ms, false)])
}

const executionIdsIn = ({ acknowledged }: Senders) => new Set(acknowledged.flatMap(({ executionIds: ids }) => ids))

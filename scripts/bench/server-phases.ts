import { setTimeout as sleep } from 'node:timers/promises'
import { createLeatClient, type LeatClient } from '../client/leat-client.ts'
import { cpuMsOf, settled } from './cpu.ts'
import type { Generator } from './load/start-generator.ts'
import type { Load, Outcome } from './load/load.ts'
import type { Measurement, Phase } from './phase.ts'
import type { Target } from './target.ts'
import { callingWorkflow, pureWorkflow } from './workflows.ts'

export type ServerPhase = 'ping' | 'syncPure' | 'ack' | 'completed' | 'bareObject' | 'object'

/** How long and how much, per phase and round. */
export interface Extent {
  pingMs: number
  productMs: number
  objectMs: number
  /** Events of one `completed` phase. */
  events: number
}

/** Requests under way at a time. */
const connections = 50
const objectConnections = 20

const visibleWithinMs = 60_000

/**
 * Publishes what is measured, and gives the phases in the order in which they are gone through. Where the server may
 * not reach the sink, those with objects are missing.
 */
export async function serverPhases(
  target: Target,
  generator: Generator,
  sinkUrl: string,
  extent: Extent,
): Promise<Phase<ServerPhase>[]> {
  const client = createLeatClient(target)
  // Equal bodies within a minute are one event, so no two benches may send the same.
  const run = Date.now().toString(36)
  const hook = async (name: string, graph: ReturnType<typeof pureWorkflow>) =>
    target.url + (await client.publish(`Bench ${run}: ${name}`, graph)).hookPath
  const sync = await hook('answers when finished', pureWorkflow('finished'))
  const ack = await hook('answers at once', pureWorkflow('immediately'))
  const call = await reachable(await hook('calls out', callingWorkflow(`${sinkUrl}/ok`)))

  const loaded = async (load: Load): Promise<Measurement> => {
    const before = cpuMsOf(target.runtimePid)
    const outcome = await generator.perform(load)
    // The server is left to finish what it answered: it belongs to this phase, and would disturb the next.
    if (load.url !== target.reference) await settled(target.runtimePid)
    return measurementOf(outcome, cpuSince(target, before, outcome.done))
  }
  // References get the very requests that the product gets.
  const posted = (url: string, label: string, count: number, ms: number) => (share: number) =>
    loaded({ url, label: `${run}-${label}`, connections: count, durationMs: ms * share })

  let completions = 0
  async function completed(share: number): Promise<Measurement> {
    completions += 1
    const name = `completed ${completions}`
    const { id, hookPath } = await client.publish(`Bench ${run}: ${name}`, pureWorkflow('immediately'))
    // The first event finds the new version not yet compiled.
    const warm = await generator.perform({
      url: target.url + hookPath,
      label: `${run}-${name}-warm`,
      connections: 1,
      requests: 1,
      collect: executionHeader,
    })
    await allVisible(client, id, warm.collected)

    const before = cpuMsOf(target.runtimePid)
    const startedAt = performance.now()
    const outcome = await generator.perform({
      url: target.url + hookPath,
      label: `${run}-${name}`,
      connections,
      requests: Math.ceil(extent.events * share),
      collect: executionHeader,
    })
    const visibleAt = await allVisible(client, id, outcome.collected)
    const rate = (outcome.done * 1_000) / (visibleAt - startedAt)
    await settled(target.runtimePid)
    return { ...measurementOf(outcome, cpuSince(target, before, outcome.done)), rate }
  }

  const ping = { name: 'ping' as const, measure: posted(target.reference, 'ping', connections, extent.pingMs) }
  const bareObject = {
    name: 'bareObject' as const,
    measure: posted(`${target.reference}object`, 'bare', objectConnections, extent.objectMs),
  }
  return [
    ping,
    { name: 'syncPure', against: 'ping', measure: posted(sync, 'sync', connections, extent.productMs) },
    ping,
    { name: 'ack', against: 'ping', measure: posted(ack, 'ack', connections, extent.productMs) },
    ping,
    { name: 'completed', against: 'ping', measure: completed },
    ping,
    ...(call === undefined
      ? []
      : [
          bareObject,
          {
            name: 'object' as const,
            against: 'bareObject' as const,
            measure: posted(call, 'object', objectConnections, extent.objectMs),
          },
          bareObject,
        ]),
  ]
}

/** The address of the workflow that calls out; undefined where the server may not reach the sink. */
async function reachable(url: string): Promise<string | undefined> {
  const probe = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: `probe ${Date.now()}` }),
  })
  const text = await probe.text()
  if (probe.ok) return url
  if (text.includes('egress.')) return undefined
  throw new Error(`The workflow that calls out answered ${probe.status}: ${text}`)
}

const executionHeader = 'x-leat-execution-id'

/**
 * When all these executions of a workflow were in the list that people see, by `performance.now()`. Looked for at the
 * newest end, which costs the server little, and then counted.
 */
async function allVisible(client: LeatClient, workflowId: string, executionIds: readonly string[]): Promise<number> {
  const newest = executionIds.toSorted().slice(-90)
  const deadline = performance.now() + visibleWithinMs
  for (;;) {
    const seen = new Set<string>((await client.listNewest({ workflowId })).map(({ id }) => id))
    const at = performance.now()
    if (newest.every((id) => seen.has(id))) {
      const all = await client.listAll({ workflowId, status: 'completed' })
      const listed = new Set<string>(all.map(({ id }) => id))
      if (executionIds.every((id) => listed.has(id))) return at
    }
    if (performance.now() > deadline) throw new Error(`${executionIds.length} executions were not all visible in time.`)
    await sleep(50)
  }
}

function measurementOf({ done, elapsedMs, latencyMs, errors, samples }: Outcome, cpuMs: number | null): Measurement {
  return { rate: (done * 1_000) / elapsedMs, latencyMs, cpuMs, errors, samples }
}

function cpuSince(target: Target, before: number | null, count: number): number | null {
  const now = cpuMsOf(target.runtimePid)
  return before === null || now === null ? null : (now - before) / count
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Graph } from '../../worker/contract/graph.ts'
import { createLeatClient, type LeatClient } from '../client/leat-client.ts'
import { cpuMsOf, settled } from './cpu.ts'
import type { Generator } from './load/start-generator.ts'
import type { Outcome } from './load/load.ts'
import type { Measurement, Phase } from './phase.ts'
import type { Target } from './target.ts'
import { callingWorkflow, pureWorkflow } from './workflows.ts'

export type ServerPhase = 'ping' | 'syncPure' | 'ack' | 'completed' | 'bareObject' | 'object' | 'ownObject'

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

/** Where events of one workflow go. */
interface Hook {
  url: string
  workflowId: string
}

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
  const hook = async (name: string, graph: Graph): Promise<Hook> => {
    const { id, hookPath } = await client.publish(`Bench ${run}: ${name}`, graph)
    return { url: target.url + hookPath, workflowId: id }
  }
  const sync = await hook('answers when finished', pureWorkflow('finished'))
  const ack = await hook('answers at once', pureWorkflow('immediately'))
  const calling = await hook('calls out', callingWorkflow(`${sinkUrl}/ok`))
  const call = (await isReachable(calling.url)) ? calling : undefined
  const once = await hook('calls out once', callingWorkflow(`${sinkUrl}/ok`, { once: true }))

  // References get the very requests that the product gets.
  const referred = (path: string, count: number, ms: number) => async (share: number) => {
    const url = target.reference + path
    const before = cpuMsOf(target.runtimePids)
    const outcome = await generator.perform({ url, label: run, connections: count, durationMs: ms * share })
    if (path !== '') await settled(target.runtimePids)
    return measurementOf(outcome, cpuSince(target, before, outcome.done))
  }
  const posted =
    ({ url, workflowId }: Hook, count: number, ms: number) =>
    async (share: number) => {
      const before = cpuMsOf(target.runtimePids)
      const load = { url, label: run, connections: count, durationMs: ms * share, collect: executionHeader }
      const outcome = await generator.perform(load)
      // The server is left to finish what it answered: it belongs to this phase, and would disturb the next.
      await newestVisible(client, workflowId, outcome.collected)
      await settled(target.runtimePids)
      return measurementOf(outcome, cpuSince(target, before, outcome.done))
    }

  let completions = 0
  async function completed(share: number): Promise<Measurement> {
    completions += 1
    const name = `completed ${completions}`
    const { url, workflowId } = await hook(name, pureWorkflow('immediately'))
    const load = { url, label: run, collect: executionHeader }
    // The first event finds the new version not yet compiled.
    const warm = await generator.perform({ ...load, connections: 1, requests: 1 })
    await allVisible(client, workflowId, warm.collected)

    const before = cpuMsOf(target.runtimePids)
    const startedAt = performance.now()
    const outcome = await generator.perform({ ...load, connections, requests: Math.ceil(extent.events * share) })
    const visibleAt = await allVisible(client, workflowId, outcome.collected)
    const rate = (outcome.done * 1_000) / (visibleAt - startedAt)
    await settled(target.runtimePids)
    return { ...measurementOf(outcome, cpuSince(target, before, outcome.done)), rate }
  }

  const ping = { name: 'ping' as const, measure: referred('', connections, extent.pingMs) }
  const bareObject = {
    name: 'bareObject' as const,
    measure: referred('object', objectConnections, extent.objectMs),
  }
  return [
    ping,
    { name: 'syncPure', against: 'ping', measure: posted(sync, connections, extent.productMs) },
    ping,
    { name: 'ack', against: 'ping', measure: posted(ack, connections, extent.productMs) },
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
            measure: posted(call, objectConnections, extent.objectMs),
          },
          bareObject,
          {
            name: 'ownObject' as const,
            against: 'bareObject' as const,
            measure: posted(once, objectConnections, extent.objectMs),
          },
          bareObject,
        ]),
  ]
}

/** Whether the server may reach the sink: whether the workflow that calls it works. */
async function isReachable(url: string): Promise<boolean> {
  const probe = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: `probe ${Date.now()}` }),
  })
  const text = await probe.text()
  if (probe.ok) return true
  if (text.includes('egress.')) return false
  throw new Error(`The workflow that calls out answered ${probe.status}: ${text}`)
}

const executionHeader = 'x-leat-execution-id'

/** A page of the list holds a hundred; some of what is newest may be of another load. */
const newestListed = 90

/** When the newest of these executions of a workflow were in the list that people see, by `performance.now()`. */
async function newestVisible(client: LeatClient, workflowId: string, executionIds: readonly string[]): Promise<number> {
  const newest = executionIds.toSorted().slice(-newestListed)
  const deadline = performance.now() + visibleWithinMs
  for (;;) {
    const seen = new Set<string>((await client.listNewest({ workflowId })).map(({ id }) => id))
    const at = performance.now()
    if (newest.every((id) => seen.has(id))) return at
    if (at > deadline) throw new Error(`${executionIds.length} executions were not visible in time.`)
    await sleep(50)
  }
}

/**
 * When all of them were there. Looked for at the newest end, which costs the server little, and then counted; where some
 * are still missing then, it is when the last of them came.
 */
async function allVisible(client: LeatClient, workflowId: string, executionIds: readonly string[]): Promise<number> {
  const deadline = performance.now() + visibleWithinMs
  let at = await newestVisible(client, workflowId, executionIds)
  for (;;) {
    const listed = new Set<string>((await client.listAll({ workflowId, status: 'completed' })).map(({ id }) => id))
    if (executionIds.every((id) => listed.has(id))) return at
    at = performance.now()
    if (at > deadline) throw new Error(`${executionIds.length} executions were not all visible in time.`)
    await sleep(50)
  }
}

function measurementOf({ done, elapsedMs, latencyMs, errors, samples }: Outcome, cpuMs: number | null): Measurement {
  return { rate: (done * 1_000) / elapsedMs, latencyMs, cpuMs, errors, samples }
}

function cpuSince(target: Target, before: number | null, count: number): number | null {
  const now = cpuMsOf(target.runtimePids)
  return before === null || now === null ? null : (now - before) / count
}

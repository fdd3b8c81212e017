import { createLeatClient } from '../../client/leat-client.ts'
import type { SpawnedServer } from '../../server/spawn-server.ts'
import type { Sink } from '../sink/start-sink.ts'
import type { Address } from './deliver.ts'
import type { Program } from './programs.ts'
import type { Workflows } from './read-out.ts'

type Ready = Awaited<SpawnedServer['ready']>

/** Publishes the programs; tells how to find them after any restart. */
export async function publishPrograms(
  { url, demo }: Ready,
  sink: Sink,
  programs: readonly Program[],
): Promise<{ workflows: Workflows; addressOf(running: SpawnedServer): Promise<Address> }> {
  const client = createLeatClient({ url, apiKey: demo.apiKey })
  // The sink fails on purpose, and what is proved is what becomes of calls, not how long they are held back.
  await client.call('PUT', '/outbound-rules', { host: sink.host, breaker: false })
  const workflows = new Map<string, string>()
  const hookPaths = new Map<string, string>()
  for (const { name, graph } of programs) {
    const { id, hookPath } = await client.publish(name, graph(sink.url))
    workflows.set(id, name)
    if (hookPath !== '') hookPaths.set(name, hookPath)
  }
  const addressOf = async (running: SpawnedServer): Promise<Address> => {
    const ready = await running.ready
    return { url: ready.url, apiKey: ready.demo.apiKey, hookPaths }
  }
  return { workflows, addressOf }
}

// The running product for tests of real input: a server, the API as its owner uses it, and an outside world to call.

import { createLeatClient, type LeatClient } from '../../scripts/client/leat-client.ts'
import { startSink, type Sink } from '../../scripts/prove/sink/start-sink.ts'
import type { Execution, ExecutionSummary } from '../../worker/contract/execution.ts'
import { isTerminal } from '../../worker/contract/facts/execution.ts'
import { startServer, type RunningServer, type StartOptions } from './server.ts'

export interface Product {
  url: string
  server: RunningServer
  client: LeatClient
  /** The outside world, which workflows may call; see `scripts/prove/sink/behaviour.ts`. */
  sink: Sink
  stop(): Promise<void>
}

/**
 * `breaker`: calls to the outside world are held back when too many fail. `allow`: hosts that workflows may call besides.
 */
export type ProductOptions = StartOptions & { breaker?: boolean; allow?: readonly string[] }

/** Starts all of it. Resolves when it answers. */
export async function startProduct({ breaker = false, allow = [], ...options }: ProductOptions = {}): Promise<Product> {
  const sink = await startSink()
  const server = await startServer({
    ...options,
    env: { LEAT_EGRESS_ALLOW: [sink.host, ...allow].join(','), ...options.env },
  })
  const client = createLeatClient({ url: server.url, apiKey: server.demo.apiKey })
  // Most of what is tested is targets that fail: a breaker would hold their calls back.
  await client.call('PUT', '/outbound-rules', { host: sink.host, breaker })
  return {
    url: server.url,
    server,
    client,
    sink,
    async stop() {
      await Promise.all([server.stop(), sink.stop()])
    },
  }
}

/** Asks again until the answer is there, which neither undefined nor false is. Fails after `withinMs`. */
export async function until<Value>(ask: () => Promise<Value | undefined | false>, withinMs = 60_000): Promise<Value> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const value = await ask()
    if (value !== undefined && value !== false) return value
    if (Date.now() > deadline) throw new Error(`nothing came within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The executions of a workflow, once there are so many and all of them are over. */
export function finishedExecutions(
  { client }: Product,
  workflowId: string,
  count: number,
): Promise<ExecutionSummary[]> {
  return until(async () => {
    const listed = await client.listAll({ workflowId })
    return listed.length >= count && listed.every(({ status }) => isTerminal(status)) ? listed : undefined
  })
}

/** The execution with its steps, once it is over. */
export function finishedExecution({ client }: Product, id: string): Promise<Execution> {
  return until(async () => {
    const execution = await client.getExecution(id)
    return isTerminal(execution.status) ? execution : undefined
  })
}

/** Runs over all, so many at a time, and keeps their order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await act(items[index]!, index)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return results
}

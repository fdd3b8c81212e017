// A target that is not there and comes back, and the server dies in between: what is known of the target survives, who waits
// waits, and one call of each is made in the end.

import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLeatClient, type LeatClient } from '../../scripts/client/leat-client.ts'
import { graph, node } from '../../scripts/client/draw.ts'
import type { OutboundTrouble } from '../../worker/contract/outbound.ts'
import { until } from '../support/product.ts'
import { startServer, type RunningServer } from '../support/server.ts'

let port: number
let server: RunningServer
let again: RunningServer | undefined
let target: Server | undefined

beforeAll(async () => {
  // Free, and nobody listens there.
  const placeholder = await listen(0)
  port = (placeholder.address() as { port: number }).port
  await new Promise((resolve) => placeholder.close(resolve))
  server = await startServer({ env: { LEAT_EGRESS_ALLOW: `127.0.0.1:${port}` } })
})

afterAll(async () => {
  target?.close()
  await again?.stop()
  await server.stop()
})

function listen(at: number, keys: string[] = []): Promise<Server> {
  const created = createServer((request, response) => {
    keys.push(String(request.headers['idempotency-key']))
    response.setHeader('content-type', 'application/json').end('{"ok":true}')
  })
  return new Promise((resolve) => created.listen(at, '127.0.0.1', () => resolve(created)))
}

const clientOf = ({ url, demo }: RunningServer) => createLeatClient({ url, apiKey: demo.apiKey })
const troublesOf = async (client: LeatClient) =>
  (await client.call<{ items: OutboundTrouble[] }>('GET', '/outbound-troubles')).items

test('a target that is down is left alone, through a power cut, and called once by each when it is let through', async () => {
  const client = clientOf(server)
  const host = `127.0.0.1:${port}`
  const { hookPath } = await client.publish(
    'Down',
    graph(
      [
        node('hook', 'trigger.webhook', { respond: 'immediately' }),
        node('call', 'http.request', { method: 'POST', url: `http://${host}/orders` }, { retry: { maxRetries: 0 } }),
      ],
      'hook>call',
    ),
  )
  const send = async (number: number) =>
    (await client.post(hookPath, { number })).headers.get('x-leat-execution-id') ?? ''
  const callOf = async (by: LeatClient, id: string) => {
    const execution = await by.getExecution(id)
    return { ...execution.steps.find(({ nodeId }) => nodeId === 'call'), execution: execution.status }
  }

  for (let number = 0; number < 5; number++) {
    const id = await send(number)
    await until(async () => ((await callOf(client, id)).execution === 'failed' ? true : undefined))
    expect((await callOf(client, id)).failure?.code).toBe('egress.unreachable')
  }
  const ids = [await send(5), await send(6)]
  for (const id of ids) {
    const held = await until(async () => {
      const step = await callOf(client, id)
      return step.deferred === undefined ? undefined : step
    })
    expect([held.execution, held.deferred!.code]).toEqual(['waiting', 'outbound.circuit_open'])
  }
  const [trouble] = await until(async () => {
    const listed = await troublesOf(client)
    return listed.length > 0 ? listed : undefined
  })
  expect(trouble).toMatchObject({ host, reason: 'it could not be reached' })

  await server.kill9()
  const keys: string[] = []
  target = await listen(port, keys)
  again = await startServer({ dataDir: server.dataDir, env: { LEAT_EGRESS_ALLOW: host } })
  const later = clientOf(again)
  expect(await troublesOf(later)).toEqual([trouble])

  await later.call('DELETE', `/outbound-troubles/${encodeURIComponent(host)}`)
  expect(await troublesOf(later)).toEqual([])
  for (const id of ids) {
    // Its own time may have come meanwhile.
    await later.call('POST', `/executions/${id}/retry-step`, { path: 'call' }).catch(() => undefined)
    const over = await until(async () => {
      const step = await callOf(later, id)
      return step.execution === 'completed' ? step : undefined
    })
    expect([over.attempt, over.failures, over.deferred]).toEqual([1, undefined, undefined])
  }
  expect([keys.length, new Set(keys).size]).toEqual([2, 2])
}, 180_000)

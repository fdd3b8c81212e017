// R22: workflows that start each other through the network, on the running server, which is allowed to call itself here.

import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import type { ExecutionSummary } from '../../worker/contract/execution.ts'
import { isTerminal } from '../../worker/contract/execution.ts'
import { startProduct, until, type Product } from '../support/product.ts'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

let product: Product
beforeAll(async () => {
  const port = await freePort()
  product = await startProduct({ port, env: { LEAT_EGRESS_ALLOW: `localhost:${port}` } })
})
afterAll(() => product.stop())

//  hook ─► call ─► (the hook that the body names, and that one is to call the other)
const passingOn = graph(
  [
    node('hook', 'trigger.webhook', { respond: 'immediately' }),
    node('call', 'http.request', {
      method: 'POST',
      url: '{{ trigger.body.next }}',
      bodyType: 'json',
      json: { next: '{{ trigger.body.after }}', after: '{{ trigger.body.next }}', turn: '{{ trigger.body.turn + 1 }}' },
    }),
  ],
  'hook>call',
)

/** The executions of workflows, once none is under way and one was refused. */
function settled(ids: readonly string[]): Promise<ExecutionSummary[]> {
  return until(async () => {
    const all = (await Promise.all(ids.map((workflowId) => product.client.listAll({ workflowId })))).flat()
    const isOver = all.every(({ status }) => isTerminal(status)) && all.some(({ status }) => status === 'skipped')
    return isOver ? all : undefined
  })
}

const count = (all: readonly ExecutionSummary[], id: string, status: string) =>
  all.filter((execution) => execution.workflowId === id && execution.status === status).length

test('R22, K1: A calls B’s webhook and B calls A’s: the fourth start of A is refused, and the list says why', async () => {
  const [a, b] = [await product.client.publish('A', passingOn), await product.client.publish('B', passingOn)]
  const [urlOfA, urlOfB] = [product.url + a.hookPath, product.url + b.hookPath]
  await product.client.post(a.hookPath, { next: urlOfB, after: urlOfA, turn: 1 })
  const all = await settled([a.id, b.id])
  expect([count(all, a.id, 'completed'), count(all, b.id, 'completed')]).toEqual([3, 3])
  const [refused, ...others] = all.filter(({ status }) => status === 'skipped')
  expect(others).toEqual([])
  expect(refused).toMatchObject({ workflowId: a.id, failure: { code: 'loop_detected', details: { rule: 'self' } } })
})

test('R22, K1: a workflow that calls its own webhook, and one that sends itself events by the API, stop too', async () => {
  const own = await product.client.publish('Own', passingOn)
  const url = product.url + own.hookPath
  await product.client.post(own.hookPath, { next: url, after: url, turn: 1 })
  const sending = await product.client.publish(
    'Sending',
    graph(
      [
        node('on', 'trigger.event', { eventType: 'round.made' }),
        node('send', 'http.request', {
          method: 'POST',
          url: `${product.url}/api/v2/events`,
          headers: { authorization: `Bearer ${product.server.demo.apiKey}` },
          bodyType: 'json',
          json: { type: 'round.made', data: { turn: '{{ trigger.data.turn + 1 }}' } },
        }),
      ],
      'on>send',
    ),
  )
  await product.client.sendEvent({ type: 'round.made', data: { turn: 1 } })
  for (const { id } of [own, sending]) {
    const all = await settled([id])
    expect([count(all, id, 'completed'), count(all, id, 'skipped')]).toEqual([3, 1])
  }
})

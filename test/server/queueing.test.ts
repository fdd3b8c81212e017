// A queue through a power cut: one at a time, in order, and nobody lost.

import { rmSync } from 'node:fs'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import { createLeatClient } from '../../scripts/client/leat-client.ts'
import { finishedExecutions, startProduct, until } from '../support/product.ts'
import { newDataFolder, startServer } from '../support/server.ts'

const dataDir = newDataFolder()
const product = await startProduct({ dataDir })
afterAll(async () => {
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

test('what waits when the machine dies goes on afterwards, one at a time and in order', async () => {
  const { client, sink } = product
  const drawn = graph(
    [
      node('hook', 'trigger.webhook', { respond: 'immediately' }),
      node('pause', 'flow.wait', { duration: '2 seconds' }),
      node('call', 'http.request', {
        method: 'POST',
        url: `${sink.url}/ok`,
        bodyType: 'json',
        json: { n: '{{ trigger.body.n }}' },
      }),
    ],
    'hook>pause>call',
  )
  const concurrency = { key: '{{ trigger.body.customer }}' }
  const { id, hookPath } = await client.publish('One at a time', { ...drawn, settings: { concurrency } })
  const total = 4
  const send = async (n: number) => {
    expect((await client.post(hookPath, { n, customer: 'acme' })).status).toBe(202)
  }
  await send(1)
  await until(async () => ((await client.listAll({ workflowId: id }))[0]?.status === 'waiting' ? true : undefined))
  for (let n = 2; n <= total; n++) await send(n)
  await until(async () => {
    const listed = await client.listAll({ workflowId: id })
    return listed.some(({ status }) => status === 'queued') ? true : undefined
  })

  await product.server.kill9()
  const server = await startServer({ dataDir, env: { LEAT_EGRESS_ALLOW: sink.host } })
  onTestFinished(() => server.stop())
  const again = createLeatClient({ url: server.url, apiKey: server.demo.apiKey })
  const finished = await finishedExecutions({ ...product, server, url: server.url, client: again }, id, total)
  expect(finished.map(({ status }) => status)).toEqual(Array.from({ length: total }, () => 'completed'))

  const executions = await Promise.all(finished.map((execution) => again.getExecution(execution.id)))
  const spans = executions
    .map(({ steps, finishedAt, triggerData }) => ({
      n: (triggerData as { body: { n: number } }).body.n,
      from: Date.parse(steps[0]!.startedAt),
      to: Date.parse(finishedAt!),
    }))
    .toSorted((one, other) => one.from - other.from)
  expect(spans.map(({ n }) => n)).toEqual([1, 2, 3, 4])
  spans.slice(1).forEach(({ from }, index) => expect(from).toBeGreaterThanOrEqual(spans[index]!.to))
})

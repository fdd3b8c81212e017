// What a person switches off stays off, under traffic and over restarts. O2 of the security cases.

import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import { createLeatClient } from '../../scripts/client/leat-client.ts'
import { finishedExecutions, startProduct, until } from '../support/product.ts'
import { newDataFolder, startServer } from '../support/server.ts'

const dataDir = newDataFolder()
let product = await startProduct({ dataDir })
afterAll(async () => {
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const scored = (respond: 'immediately' | 'finished') =>
  graph(
    [
      node('hook', 'trigger.webhook', { respond }),
      node('scored', 'data.set', { fields: [{ name: 'points', value: '{{ trigger.body.n * 2 }}' }] }),
    ],
    'hook>scored',
  )

for (const respond of ['immediately', 'finished'] as const) {
  test(`O2: nothing that comes after a pause was answered starts anything, nothing before is lost (${respond})`, async () => {
    const { client } = product
    const { id, hookPath } = await client.publish(`Paused under traffic, ${respond}`, scored(respond))
    let pausedAt = Infinity
    const stop = new AbortController()
    const answers: { n: number; sentAt: number; status: number; executionId: string | null }[] = []
    let n = 0
    const senders = Array.from({ length: 20 }, async () => {
      while (!stop.signal.aborted) {
        n += 1
        const mine = n
        const sentAt = performance.now()
        const response = await client.post(hookPath, { n: mine }, { 'webhook-id': `msg_${mine}` })
        await response.text()
        answers.push({
          n: mine,
          sentAt,
          status: response.status,
          executionId: response.headers.get('x-leat-execution-id'),
        })
      }
    })
    await until(async () => (answers.length >= 50 ? true : undefined))
    await client.pause(id)
    pausedAt = performance.now()
    await until(async () => (answers.filter(({ sentAt }) => sentAt > pausedAt).length >= 50 ? true : undefined))
    stop.abort()
    await Promise.all(senders)

    const after = answers.filter(({ sentAt }) => sentAt > pausedAt)
    const accepted = answers.filter(({ status }) => status === 202 || status === 200)
    expect(after.length).toBeGreaterThan(0)
    expect(accepted.length).toBeGreaterThan(0)
    expect(new Set(after.map(({ status }) => status))).toEqual(new Set([404]))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([accepted[0]?.status, 404]))

    // What was accepted before the pause was consumed before or after it; that decides whether it started. What may not
    // be is an execution that nobody accepted.
    const known = new Set(accepted.map(({ executionId }) => executionId))
    await until(async () => {
      const before = (await client.listAll({ workflowId: id })).length
      if (respond === 'finished') return before >= accepted.length
      await sleep(2_000)
      return (await client.listAll({ workflowId: id })).length === before
    })
    const listed = await client.listAll({ workflowId: id })
    expect(listed.filter((execution) => !known.has(execution.id))).toEqual([])
    if (respond === 'finished') expect(listed.length).toBe(accepted.length)

    const settled = listed.length
    expect((await client.post(hookPath, { n: 0 })).status).toBe(404)
    await client.activate(id)
    expect((await client.post(hookPath, { n: -1 })).status).toBe(respond === 'finished' ? 200 : 202)
    await finishedExecutions(product, id, settled + 1)
  })
}

test('after a polite stop and a new start everything is as it was, and what waited goes on', async () => {
  const { client, sink } = product
  const paused = await client.publish('Paused over a restart', scored('finished'))
  await client.pause(paused.id)
  const active = await client.publish('Active over a restart', scored('finished'))
  expect(await (await client.post(active.hookPath, { n: 4 }, { 'webhook-id': 'before' })).json()).toEqual({ points: 8 })
  const waiting = await client.publish(
    'Waits over a restart',
    graph(
      [
        node('hook', 'trigger.webhook', { respond: 'immediately' }),
        node('pause', 'flow.wait', { duration: '3 seconds' }),
        node('call', 'http.request', {
          method: 'POST',
          url: `${sink.url}/ok`,
          bodyType: 'json',
          json: { waited: true },
        }),
      ],
      'hook>pause>call',
    ),
  )
  const started = Date.now()
  await client.post(waiting.hookPath, { n: 5 })
  // Where the machine is slow it may be over already.
  const execution = await until(async () => {
    const [listed] = await client.listAll({ workflowId: waiting.id })
    return (listed?.status === 'waiting' || listed?.status === 'completed') && listed
  })
  const before = await client.listAll()

  await product.server.stop()
  const server = await startServer({ dataDir, env: { LEAT_EGRESS_ALLOW: sink.host } })
  onTestFinished(() => server.stop())
  const again = createLeatClient({ url: server.url, apiKey: server.demo.apiKey })
  product = { ...product, server, url: server.url, client: again }

  expect(server.demo.apiKey).toBe(product.server.demo.apiKey)
  expect((await again.getWorkflow(paused.id)).status).toBe('paused')
  expect((await again.post(paused.hookPath, { n: 1 })).status).toBe(404)
  expect(await (await again.post(active.hookPath, { n: 4 }, { 'webhook-id': 'before' })).json()).toEqual({ points: 8 })
  expect(await (await again.post(active.hookPath, { n: 6 })).json()).toEqual({ points: 12 })

  await until(async () => sink.calls().find(({ body }) => (body as { waited?: boolean }).waited === true))
  const call = sink.calls().filter(({ body }) => (body as { waited?: boolean }).waited === true)
  expect(call.length).toBe(1)
  expect(call[0]!.at - started).toBeGreaterThanOrEqual(3_000)
  const listed = await finishedExecutions(product, waiting.id, 1)
  expect(listed.map(({ id, status }) => [id, status])).toEqual([[execution.id, 'completed']])
  const ids = new Set<string>((await again.listAll()).map(({ id }) => id))
  expect(before.filter(({ id }) => !ids.has(id))).toEqual([])
})

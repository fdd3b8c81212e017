// Every payload that GitHub publishes as an example, of github.com and of its servers for companies, sent to a workflow
// that switches on the event's name. Signatures are computed here, by other code than the product's.

import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import { root } from '../../scripts/paths.ts'
import type { AcceptedEvent } from '../../worker/contract/trigger.ts'
import { finishedExecution, finishedExecutions, inParallel, startProduct, type Product } from '../support/product.ts'

interface Delivery {
  id: string
  name: string
  body: string
}

const secret = 'what GitHub and this hook know and nobody else does'
const folder = join(root, 'node_modules/@octokit/webhooks-examples')
const editions = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())

const deliveries: Delivery[] = editions.flatMap((edition) => {
  const file = join(folder, edition.name, 'index.json')
  const events = JSON.parse(readFileSync(file, 'utf8')) as { name: string; examples: object[] }[]
  return events.flatMap(({ name, examples }) =>
    examples.map((payload, index) => ({
      id: `${edition.name}-${name}-${index}`,
      name,
      body: JSON.stringify(payload),
    })),
  )
})
const names = [...new Set(deliveries.map(({ name }) => name))]

/** hook ─► by_name ─┬ push ──► push, and so on for each name */
function routing(respond: 'immediately' | 'finished') {
  return graph(
    [
      node('hook', 'trigger.webhook', { verification: 'github', respond }),
      node('by_name', 'flow.switch', {
        value: 'trigger.headers["x-github-event"]',
        cases: names.map((name) => ({ port: name, label: name, equals: name })),
      }),
      ...names.map((name) =>
        node(`on_${name}`, 'data.set', {
          fields: [
            { name: 'took', value: name },
            { name: 'sender', value: '{{ trigger.body.sender?.login ?? null }}' },
          ],
        }),
      ),
      node('other', 'data.set', { fields: [{ name: 'took', value: 'the way for everything else' }] }),
    ],
    'hook>by_name',
    ...names.map((name) => `by_name:${name}>on_${name}`),
    'by_name:default>other',
  )
}

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.stop())

function deliver(hookPath: string, { id, name, body }: Delivery): Promise<Response> {
  return fetch(product.url + hookPath, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-delivery': id,
      'x-github-event': name,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  })
}

const senderIn = (body: string) => (JSON.parse(body) as { sender?: { login?: string } }).sender?.login ?? null

test('every payload takes the way of its name, and a redelivery is answered with the first result', async () => {
  const { id, hookPath } = await product.client.publish('By name, asked', routing('finished'), secret)
  const first = await inParallel(deliveries, 8, async (delivery) => {
    const response = await deliver(hookPath, delivery)
    return {
      status: response.status,
      execution: response.headers.get('x-leat-execution-id'),
      answer: await response.json(),
    }
  })
  expect(first.map(({ status, answer }) => ({ status, answer }))).toEqual(
    deliveries.map(({ name, body }) => ({ status: 200, answer: { took: name, sender: senderIn(body) } })),
  )
  expect(deliveries.length).toBeGreaterThan(500)
  expect(new Set(first.map(({ execution }) => execution)).size).toBe(deliveries.length)

  const again = await inParallel(deliveries, 8, async (delivery) => {
    const response = await deliver(hookPath, delivery)
    return {
      status: response.status,
      execution: response.headers.get('x-leat-execution-id'),
      answer: await response.json(),
    }
  })
  expect(again).toEqual(first)

  const listed = await finishedExecutions(product, id, deliveries.length)
  expect(listed.map(({ status }) => status)).toEqual(deliveries.map(() => 'completed'))
})

test('every payload is accepted before anything runs, a redelivery too, and each runs once', async () => {
  const { id, hookPath } = await product.client.publish('By name, accepted', routing('immediately'), secret)
  const accept = async (delivery: Delivery) => {
    const response = await deliver(hookPath, delivery)
    const { data } = await response.json<{ data: AcceptedEvent }>()
    return { status: response.status, ...data }
  }
  const first = await inParallel(deliveries, 8, accept)
  expect(first.filter(({ status, duplicate }) => status !== 202 || duplicate)).toEqual([])
  const again = await inParallel(deliveries, 8, accept)
  expect(again).toEqual(first.map((accepted) => ({ ...accepted, status: 200, duplicate: true })))

  const listed = await finishedExecutions(product, id, deliveries.length)
  expect(listed.length).toBe(deliveries.length)
  expect(new Set(listed.map((execution) => execution.id))).toEqual(new Set(first.map(({ executionId }) => executionId)))
  // One of each name is enough to see that what is shown is what was sent.
  for (const name of names) {
    const at = deliveries.findIndex((delivery) => delivery.name === name)
    const execution = await finishedExecution(product, first[at]!.executionId!)
    expect(execution.steps.map(({ path, port }) => [path, port])).toEqual([
      ['hook', 'out'],
      ['by_name', name],
      [`on_${name}`, 'out'],
    ])
    expect(execution.triggerData).toMatchObject({
      headers: { 'x-github-event': name, 'x-hub-signature-256': '***' },
      body: JSON.parse(deliveries[at]!.body) as object,
    })
  }
})

test('a delivery that is not signed by GitHub is refused and starts nothing', async () => {
  const { id, hookPath } = await product.client.publish('By name, refused', routing('finished'), secret)
  const delivery = deliveries[0]!
  const signed = {
    'x-github-event': delivery.name,
    'x-github-delivery': 'unsigned',
    'content-type': 'application/json',
  }
  const other = createHmac('sha256', 'another secret that is long enough').update(delivery.body).digest('hex')
  const changed = createHmac('sha256', secret).update(`${delivery.body} `).digest('hex')
  const forgeries: [string, Record<string, string>, string][] = [
    ['missing_signature', {}, delivery.body],
    ['malformed_signature', { 'x-hub-signature-256': 'sha256=no hex' }, delivery.body],
    ['malformed_signature', { 'x-hub-signature-256': changed }, delivery.body],
    ['wrong_signature', { 'x-hub-signature-256': `sha256=${other}` }, delivery.body],
    ['wrong_signature', { 'x-hub-signature-256': `sha256=${changed}` }, delivery.body],
  ]
  for (const [reason, headers, body] of forgeries) {
    const response = await fetch(product.url + hookPath, { method: 'POST', headers: { ...signed, ...headers }, body })
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { success: false, error: { code: 'hook.unauthorized', details: { reason } } },
    ])
  }
  // What was refused took no id: the genuine delivery under it is the first.
  const genuine = await deliver(hookPath, { ...delivery, id: 'unsigned' })
  expect(genuine.status).toBe(200)
  expect((await finishedExecutions(product, id, 1)).length).toBe(1)
})

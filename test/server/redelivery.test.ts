// The same event more than once, in every way that senders name one. O1 of the security cases.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import type { PublishedWorkflow } from '../../scripts/client/leat-client.ts'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import type { AcceptedEvent } from '../../worker/contract/trigger.ts'
import { finishedExecutions, inParallel, startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.stop())

/** hook ─► call ─► scored: an effect, so that a second execution would be seen from outside too. */
function calling(respond: 'immediately' | 'finished', params: JsonObject = {}) {
  return graph(
    [
      node('hook', 'trigger.webhook', { respond, ...params }),
      node('call', 'http.request', {
        method: 'POST',
        url: `${product.sink.url}/ok`,
        bodyType: 'json',
        json: { total: '{{ trigger.body.total }}' },
      }),
      node('scored', 'data.set', { fields: [{ name: 'points', value: '{{ trigger.body.total * 2 }}' }] }),
    ],
    'hook>call>scored',
  )
}

interface Answer {
  status: number
  executionId: string | null
  body: Json
}

async function deliver(
  { hookPath }: PublishedWorkflow,
  body: Json,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await product.client.post(hookPath, body, headers)
  const text = await response.text()
  return { status: response.status, executionId: response.headers.get('x-leat-execution-id'), body: JSON.parse(text) }
}

/** How often the outside world was called for these totals, by key. */
function keysFor(...totals: number[]): (string | null)[] {
  const made = product.sink.calls().filter(({ body }) => totals.includes((body as { total: number }).total))
  return made.map(({ key }) => key)
}

describe('O1: a hundred deliveries of one event at once', () => {
  test('to a hook that answers at once: one execution, one effect, ninety-nine duplicates of it', async () => {
    const workflow = await product.client.publish('At once, O1', calling('immediately'))
    const deliveries = Array.from({ length: 100 }, () => 0)
    const answers = await inParallel(deliveries, 100, () =>
      deliver(workflow, { total: 1_001 }, { 'webhook-id': 'msg_o1' }),
    )
    const data = answers.map(({ body }) => (body as unknown as { data: AcceptedEvent }).data)
    expect(new Set(data.map(({ executionId, eventId }) => `${executionId} ${eventId}`)).size).toBe(1)
    expect(data.filter(({ duplicate }) => !duplicate).length).toBe(1)
    expect(answers.filter(({ status }) => status === 202).length).toBe(1)
    expect(answers.filter(({ status }) => status === 200).length).toBe(99)
    expect((await finishedExecutions(product, workflow.id, 1)).map(({ id }) => id)).toEqual([data[0]?.executionId])
    expect(keysFor(1_001).length).toBe(1)
  })

  test('to a hook that answers when finished: one execution, one effect, a hundred equal answers', async () => {
    const workflow = await product.client.publish('Finished, O1', calling('finished'))
    const deliveries = Array.from({ length: 100 }, () => 0)
    const answers = await inParallel(deliveries, 100, () =>
      deliver(workflow, { total: 1_002 }, { 'idempotency-key': 'key_o1' }),
    )
    const [first] = answers
    expect(answers).toEqual(answers.map(() => first))
    expect(first).toMatchObject({ status: 200, body: { points: 2_004 } })
    expect((await finishedExecutions(product, workflow.id, 1)).map(({ id }) => id)).toEqual([first?.executionId])
    expect(keysFor(1_002).length).toBe(1)
  })

  test('to the API: one execution, ninety-nine duplicates', async () => {
    const drawn = graph(
      [node('event', 'trigger.event', { eventType: 'order.paid' }), node('noted', 'data.set', { fields: [] })],
      'event>noted',
    )
    const { id } = await product.client.publish('Event, O1', drawn)
    const answers = await inParallel(Array.from({ length: 100 }), 100, () =>
      product.client.sendEvent({ type: 'order.paid', id: 'order-1', data: { total: 3 } }),
    )
    expect(new Set(answers.map(({ eventId }) => eventId)).size).toBe(1)
    expect(answers.filter(({ duplicate }) => !duplicate).length).toBe(1)
    expect((await finishedExecutions(product, id, 1)).length).toBe(1)
  })
})

describe('a second delivery', () => {
  const names: [string, (id: string) => Record<string, string>, number][] = [
    ['webhook-id', (id) => ({ 'webhook-id': id }), 1_010],
    ['Idempotency-Key', (id) => ({ 'idempotency-key': id }), 1_020],
    ['the id that GitHub gives a delivery', (id) => ({ 'x-github-delivery': id }), 1_030],
    ['the id that Shopify gives a delivery', (id) => ({ 'x-shopify-webhook-id': id }), 1_040],
  ]
  for (const [name, headersOf, total] of names) {
    test(`under the same ${name} starts nothing, under another one it does`, async () => {
      const workflow = await product.client.publish(`By ${name}`, calling('finished'))
      const first = await deliver(workflow, { total }, headersOf('one'))
      const again = await deliver(workflow, { total }, headersOf('one'))
      const other = await deliver(workflow, { total }, headersOf('two'))
      expect(again).toEqual(first)
      expect(other).toMatchObject({ status: 200, body: first.body })
      expect(other.executionId).not.toBe(first.executionId)
      expect((await finishedExecutions(product, workflow.id, 2)).length).toBe(2)
      expect(new Set(keysFor(total)).size).toBe(2)
      expect(keysFor(total).length).toBe(2)
    })
  }

  test("under the provider's own id in the body, where the workflow says where that is, starts nothing", async () => {
    const workflow = await product.client.publish('By body.id', calling('finished', { dedupeBy: 'trigger.body.id' }))
    const first = await deliver(workflow, { id: 'a-1', total: 1_050, attempt: 1 })
    const again = await deliver(workflow, { id: 'a-1', total: 1_050, attempt: 2 })
    const other = await deliver(workflow, { id: 'a-2', total: 1_050, attempt: 1 })
    expect(again).toEqual(first)
    expect(other.executionId).not.toBe(first.executionId)
    expect((await finishedExecutions(product, workflow.id, 2)).length).toBe(2)
  })

  test('without any id is told by its body, right after the first', async () => {
    const workflow = await product.client.publish('By body', calling('finished'))
    const first = await deliver(workflow, { total: 1_060 })
    const again = await deliver(workflow, { total: 1_060 })
    const other = await deliver(workflow, { total: 1_061 })
    expect(again).toEqual(first)
    expect(other.executionId).not.toBe(first.executionId)
    expect((await finishedExecutions(product, workflow.id, 2)).length).toBe(2)
  })

  test('under the same Idempotency-Key with another body is refused, and starts nothing', async () => {
    const workflow = await product.client.publish('Conflict', calling('finished'))
    await deliver(workflow, { total: 1_070 }, { 'idempotency-key': 'k' })
    const refused = await deliver(workflow, { total: 1_071 }, { 'idempotency-key': 'k' })
    expect(refused).toMatchObject({ status: 409, body: { success: false, error: { code: 'hook.conflict' } } })
    expect((await finishedExecutions(product, workflow.id, 1)).length).toBe(1)
    expect(keysFor(1_071)).toEqual([])
  })

  test('to another hook is another event', async () => {
    const [one, two] = [
      await product.client.publish('One', calling('finished')),
      await product.client.publish('Two', calling('finished')),
    ]
    const first = await deliver(one, { total: 1_080 }, { 'webhook-id': 'shared' })
    const second = await deliver(two, { total: 1_080 }, { 'webhook-id': 'shared' })
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.executionId).not.toBe(first.executionId)
  })
})

test('R4: five hundred events, each delivered one to four times in any order, run once each', async () => {
  const workflow = await product.client.publish('Many copies', calling('immediately'))
  const copies = Array.from({ length: 500 }, (_, index) =>
    Array.from({ length: 1 + (index % 4) }, (_, copy) => ({ index, order: (index * 7_919 + copy * 104_729) % 1_000 })),
  ).flat()
  const shuffled = copies.toSorted((a, b) => a.order - b.order)
  const answers = await inParallel(shuffled, 25, async ({ index }) => {
    const { status, executionId } = await deliver(
      workflow,
      { total: 10_000 + index },
      { 'webhook-id': `copy_${index}` },
    )
    return { index, status, executionId }
  })
  expect(answers.filter(({ status }) => status !== 202 && status !== 200)).toEqual([])
  expect(answers.filter(({ status }) => status === 202).length).toBe(500)
  expect(new Set(answers.map(({ index, executionId }) => `${index} ${executionId}`)).size).toBe(500)
  const listed = await finishedExecutions(product, workflow.id, 500)
  expect(listed.filter(({ status }) => status !== 'completed')).toEqual([])
  expect(listed.length).toBe(500)
  const totals = copies.map(({ index }) => 10_000 + index)
  expect(keysFor(...new Set(totals)).length).toBe(500)
})

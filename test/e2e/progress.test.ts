// A person watches how far an execution has come: by one that went the same way before it.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { until } from '../support/product.ts'
import { narrow, startVisit, wide, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
})

afterAll(() => visit?.stop())

const at = (x: number) => ({ x: x * 288, y: 96 })
const hear = (eventType: string) => ({
  type: 'flow.waitForEvent',
  params: { eventType, of: 'anyone', atMost: '1 hour' },
})
//  start ─► paid ─► pack ─► sent ─► thank
const nodes = [
  { id: 'start', type: 'trigger.manual', name: 'Order', params: {}, position: at(0) },
  { id: 'paid', name: 'Wait for the payment', ...hear('order.paid'), position: at(1) },
  { id: 'pack', type: 'data.set', name: 'Pack it', params: { fields: [] }, position: at(2) },
  { id: 'sent', name: 'Wait for the carrier', ...hear('order.sent'), position: at(3) },
  { id: 'thank', type: 'data.set', name: 'Thank them', params: { fields: [] }, position: at(4) },
]
const edges = nodes.slice(1).map(({ id }, index) => ({ id, source: nodes[index]!.id, sourcePort: 'out', target: id }))

const post = <Data>(path: string, body: object = {}) => visit.ask<Data>('POST', path, body)

/** Once it waits there, what it waits for comes. */
async function goOn(executionId: string, nodeId: string, type: string): Promise<void> {
  interface Seen {
    steps?: { nodeId: string; waitsFor?: string }[]
  }
  await until(async () => {
    const { steps = [] } = await visit.ask<Seen>('GET', `/executions/${executionId}`)
    return steps.find((step) => step.nodeId === nodeId)?.waitsFor
  })
  await post('/events', { type })
}

test('sees steps done of those expected, live, until it has finished', async () => {
  const { id } = await post<{ id: string }>('/workflows', {
    name: 'Follow an order',
    graph: { version: 1, nodes, edges },
  })
  await post(`/workflows/${id}/publish`)
  const start = async () => (await post<{ executionId: string }>(`/workflows/${id}/execute`)).executionId
  const before = await start()
  await goOn(before, 'paid', 'order.paid')
  await goOn(before, 'sent', 'order.sent')
  await until(async () => {
    const query = `workflowId=${id}&status=completed`
    const { items } = await visit.ask<{ items: unknown[] }>('GET', `/executions?${query}`)
    return items[0]
  })

  const now = await start()
  await page.goto(`/executions/${now}`)
  const bar = page.getByRole('progressbar', { name: 'Progress' })
  await bar.waitFor()
  await page.getByText('1 of 5 steps').waitFor()
  await page.getByText('Learned from one execution before it.').waitFor()
  expect(await bar.getAttribute('aria-valuenow')).toBe('20')
  expect(await bar.getAttribute('aria-valuetext')).toContain('1 of 5 steps')
  expect(await findViolations(page)).toEqual([])

  await goOn(now, 'paid', 'order.paid')
  await page.getByText('3 of 5 steps').waitFor()
  expect(await bar.getAttribute('aria-valuenow')).toBe('60')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize(narrow)
  expect(await findViolations(page)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(wide)

  await goOn(now, 'sent', 'order.sent')
  await bar.waitFor({ state: 'detached' })
  await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()
  expect(problems).toEqual([])
})

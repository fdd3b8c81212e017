// A person finds what was given up: reads why, tries one again with other data, and discards the rest.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { until } from '../support/product.ts'
import { startVisit, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]

const nodes = [
  { id: 'start', type: 'trigger.manual', name: 'Start', params: {}, position: { x: 0, y: 0 } },
  {
    id: 'total',
    type: 'data.set',
    name: 'Total',
    params: { fields: [{ name: 'total', value: '{{ trigger.data.order.total }}' }] },
    position: { x: 0, y: 140 },
  },
]

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
})

afterAll(() => visit?.stop())

const rows = () => page.getByRole('list', { name: 'Dead letters' }).getByRole('listitem')

test('executions that failed are in the list, with why', async () => {
  const graph = { version: 1, nodes, edges: [{ id: 'e', source: 'start', sourcePort: 'out', target: 'total' }] }
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name: 'Totals', graph })
  await visit.ask('POST', `/workflows/${id}/publish`)
  for (const order of ['a', 'b', 'c'])
    await visit.ask('POST', `/workflows/${id}/execute`, { input: { order_id: order } })
  await until(async () => {
    const { items } = await visit.ask<{ items: unknown[] }>('GET', '/dead-letters')
    return items.length === 3 ? items : undefined
  })
  await page.goto('/executions')
  await page.getByRole('link', { name: 'Dead letters' }).click()
  await expect.poll(() => rows().count()).toBe(3)
  expect(await rows().first().textContent()).toContain('Totals')
  expect(await findViolations(page)).toEqual([])
})

test('one is tried again with other data, and leaves the list', async () => {
  await rows().first().getByRole('button').click()
  const dialog = page.getByRole('dialog')
  const payload = dialog.getByLabel('What it carried')
  await payload.waitFor()
  expect(await findViolations(page)).toEqual([])
  await payload.fill('{"type":')
  expect(await dialog.getByRole('button', { name: 'Try again' }).isDisabled()).toBe(true)
  await payload.fill(JSON.stringify({ type: 'manual', data: { order: { total: 12 } } }))
  await dialog.getByRole('button', { name: 'Try again with this data' }).click()
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => rows().count()).toBe(2)
  await until(async () => {
    const { items } = await visit.ask<{ items: unknown[] }>('GET', '/executions?status=completed')
    return items.length === 1 ? items : undefined
  })
})

test('the rest is selected and discarded, and the list is empty', async () => {
  await page.getByRole('button', { name: 'Select all' }).click()
  await page.getByText('2 selected').waitFor()
  await page.getByRole('group', { name: 'Filters and actions' }).getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
  await page.getByText('Nothing was given up').waitFor()
  expect(await visit.ask('GET', '/dead-letters')).toEqual({ items: [] })
})

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([])
})

// Somebody finds out why executions failed: from the list to the step, its answer and its node, and back to where they were.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { until } from '../support/product.ts'
import { narrow, startVisit, type Visit, wide } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]
let crm: Server
let leadsId: string

const at = (x: number, y = 0) => ({ x: x * 288, y })
const start = { id: 'start', type: 'trigger.manual', name: 'Start', params: {}, position: at(0) }

async function live(name: string, nodes: object[], edges: object[]): Promise<string> {
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name, graph: { version: 1, nodes, edges } })
  await visit.ask('POST', `/workflows/${id}/publish`, {})
  return id
}

beforeAll(async () => {
  crm = createServer((request, response) => {
    const isBad = request.url?.includes('bad')
    response.writeHead(isBad ? 422 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isBad ? { error: 'No such address' } : { ok: true }))
  })
  const { port } = await new Promise<AddressInfo>((resolve) => {
    crm.listen(0, '127.0.0.1', () => resolve(crm.address() as AddressInfo))
  })
  visit = await startVisit({ env: { LEAT_EGRESS_ALLOW: `127.0.0.1:${port}` } })
  ;({ page, problems } = visit)
  await visit.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  leadsId = await live(
    'Leads',
    [
      start,
      {
        id: 'each',
        type: 'flow.forEach',
        name: 'For each lead',
        params: { items: '{{ trigger.data.leads }}', errorHandling: 'collect' },
        position: at(1),
      },
      {
        id: 'send',
        type: 'http.request',
        name: 'Send to the CRM',
        params: {
          method: 'POST',
          url: `http://127.0.0.1:${port}/{{ loop.item }}`,
          bodyType: 'json',
          json: { lead: '{{ loop.item }}' },
        },
        position: at(2, 140),
      },
    ],
    [
      { id: 'a', source: 'start', sourcePort: 'out', target: 'each' },
      { id: 'b', source: 'each', sourcePort: 'body', target: 'send' },
    ],
  )
})

afterAll(async () => {
  await visit?.stop()
  crm?.close()
})

const rows = () => page.getByRole('table', { name: 'Executions' }).locator('[data-row]')
const filter = (name: string) => page.getByRole('group', { name: 'Filters' }).getByRole('button', { name }).first()

test('of many steps those that failed are seen alone, with what the other side said, and lead to their node', async () => {
  const leads = Array.from({ length: 30 }, (_, index) => (index % 14 === 13 ? `bad-${index}` : `good-${index}`))
  const { executionId } = await visit.ask<{ executionId: string }>('POST', `/workflows/${leadsId}/execute`, {
    input: { leads },
    wait: true,
  })
  await page.goto(`/executions/${executionId}`)
  await page.getByText('2 steps failed, and the workflow went on').waitFor()
  const lines = page.getByRole('list', { name: 'Steps' }).getByRole('listitem')
  expect(await lines.count()).toBe(33)
  await page.getByRole('group', { name: 'Which steps' }).getByRole('button', { name: 'Failed 2' }).press('Enter')
  expect(await lines.count()).toBe(3)
  await page.getByRole('button', { name: 'Show the first' }).press('Enter')
  await page.getByText('"No such address"').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.setViewportSize(narrow)
  expect(await findViolations(page)).toEqual([])
  await page.setViewportSize(wide)

  await page.getByRole('button', { name: 'Copy curl command' }).press('Enter')
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toContain(`--data-raw '{"lead":"bad-13"}'`)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save input as a file' }).press('Enter'),
  ])
  expect(file.suggestedFilename()).toBe('each-13-.send-input.json')

  await page.getByRole('link', { name: 'Open in the builder' }).press('Enter')
  await page.getByRole('region', { name: 'Send to the CRM' }).waitFor()
  await page.goBack()
  await page.getByText('"No such address"').waitFor()
})

test('an execution names the contact that it is about', async () => {
  const on = { id: 'on', type: 'trigger.event', name: 'Paid', params: { eventType: 'order.paid' }, position: at(0) }
  const stop = { id: 'stop', type: 'flow.end', name: 'Stop', params: {}, position: at(1) }
  const id = await live('Paid', [on, stop], [{ id: 'a', source: 'on', sourcePort: 'out', target: 'stop' }])
  const { id: contactId } = await visit.ask<{ id: string }>('POST', '/contacts', { firstName: 'Ada', lastName: 'King' })
  await visit.ask('POST', '/events', { type: 'order.paid', contactId, data: {} })
  const execution = await until(async () => {
    const { items } = await visit.ask<{ items: { id: string }[] }>('GET', `/executions?workflowId=${id}`)
    return items[0]
  })
  await page.goto(`/executions/${execution.id}`)
  await page.getByRole('link', { name: 'Ada King' }).click()
  await page.getByRole('heading', { name: 'Ada King' }).waitFor()
})

/** What the browser has of a menu's entry. */
interface Choice {
  textContent: string
  click(): void
}

test('whoever comes back to a list finds it as far down as it was, with its filters, at the line they left', async () => {
  const stop = {
    id: 'stop',
    type: 'flow.end',
    name: 'Stop',
    params: { status: 'failed', reason: 'Full.' },
    position: at(1),
  }
  const id = await live('Many', [start, stop], [{ id: 'a', source: 'start', sourcePort: 'out', target: 'stop' }])
  for (let begun = 0; begun < 70; begun++) await visit.ask('POST', `/workflows/${id}/execute`, {})
  await page.goto(`/executions?workflow=${id}`)
  // Two choices in one breath count both.
  await filter('Status').click()
  await page.getByRole('menuitemcheckbox').first().waitFor()
  await page.getByRole('menu').evaluate((menu: { querySelectorAll(selector: string): Iterable<Choice> }) => {
    const choices = [...menu.querySelectorAll('[role="menuitemcheckbox"]')]
    for (const label of ['Failed', 'Waiting']) choices.find(({ textContent }) => textContent.trim() === label)?.click()
  })
  await page.waitForURL(({ searchParams }) => searchParams.get('status') === 'failed,waiting')
  expect(new URL(page.url()).searchParams.get('workflow')).toBe(id)
  await page.keyboard.press('Escape')

  await expect.poll(() => rows().count()).toBe(50)
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect.poll(() => rows().count()).toBe(70)
  const row = rows().nth(60)
  const address = await row.getByRole('link').getAttribute('href')
  await row.getByRole('link').press('Enter')
  await page.getByRole('heading', { name: 'Many' }).waitFor()
  await page.goBack()
  await expect.poll(() => rows().count()).toBe(70)
  await expect.poll(() => page.evaluate<string | null>(`document.activeElement.getAttribute('href')`)).toBe(address)
  expect(await page.locator(`a[href="${address}"]`).first().isVisible()).toBe(true)
  expect(await page.locator('main').evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(1_000)
})

test('dead letters of one workflow are found among all', async () => {
  await page.goto('/executions/dead-letters')
  const letters = page.getByRole('list', { name: 'Dead letters' }).getByRole('listitem')
  await letters.filter({ hasText: 'Many' }).first().waitFor()
  await page.getByRole('button', { name: 'Workflow' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Leads' }).click()
  await expect.poll(() => letters.count()).toBe(1)
  expect(await letters.first().textContent()).toContain('Leads')
})

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([])
})

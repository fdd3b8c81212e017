// A person takes a hand in an execution: pauses it, skips what would begin, looks at what it sent, and has it go on.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { startVisit, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]

const at = (y: number, x = 0) => ({ x, y })
const nodes = [
  { id: 'start', type: 'trigger.manual', name: 'Start', params: {}, position: at(0) },
  {
    id: 'nap',
    type: 'flow.wait',
    name: 'Wait a day',
    params: { mode: 'duration', duration: '1 day' },
    position: at(140),
  },
  { id: 'note', type: 'data.set', name: 'Note it', params: { fields: [] }, position: at(280) },
  {
    id: 'call',
    type: 'http.request',
    name: 'Tell the shop',
    params: { method: 'POST', url: 'https://shop.example.com/orders' },
    settings: {
      onError: 'continue',
      stepTimeoutMs: 3_600_000,
      retry: { maxRetries: 3, backoff: 'fixed', delayMs: 300_000, maxDelayMs: 300_000 },
    },
    position: at(140, 300),
  },
]
const edges = [
  { id: 'a', source: 'start', sourcePort: 'out', target: 'nap' },
  { id: 'b', source: 'nap', sourcePort: 'out', target: 'note' },
  { id: 'c', source: 'start', sourcePort: 'out', target: 'call' },
]

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
})

afterAll(() => visit?.stop())

/** Starts the workflow, and gives the execution's id. */
async function begin(graph: object, name = 'Orders'): Promise<string> {
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name, graph })
  await visit.ask('POST', `/workflows/${id}/publish`, {})
  const { executionId } = await visit.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, {})
  return executionId
}

test('pauses, sees what was sent, skips a step by keyboard, and resumes', async () => {
  const id = await begin({ version: 1, nodes, edges })
  await page.goto(`/executions/${id}`)
  await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter')
  const status = page.getByRole('status').filter({ hasText: 'Paused' })
  await status.first().waitFor()

  await page.getByRole('heading', { name: 'What it did outside' }).waitFor()
  await page.locator('details summary').first().click()
  await page
    .getByText(/fx_[0-9a-z]{32}/)
    .first()
    .waitFor()

  await page
    .getByRole('list', { name: 'Steps' })
    .getByRole('button', { name: /Wait a day/ })
    .press('Enter')
  await page.getByRole('group', { name: 'Control “Wait a day”' }).getByRole('button', { name: 'Skip' }).press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Skip the step' }).press('Enter')
  await page.getByText('Somebody skipped it').waitFor()
  await page.getByText('When it goes on, this begins:').waitFor()
  expect(await findViolations(page)).toEqual([])

  await page.getByRole('button', { name: 'Resume' }).press('Enter')
  await page
    .getByRole('list', { name: 'Steps' })
    .getByRole('button', { name: /Note it/ })
    .waitFor()
  expect(problems).toEqual([])
})

test('pauses all that fit the filters of the list', async () => {
  const id = await begin({ version: 1, nodes, edges }, 'Many orders')
  await page.goto('/executions?status=running,waiting')
  await page.getByText('Many orders').first().waitFor()
  await page.getByRole('button', { name: 'All that fit' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Pause all that fit…' }).press('Enter')
  await page.getByRole('dialog').getByText('Status: Running, Waiting.').waitFor()
  await page
    .getByRole('dialog')
    .getByText(/executions? fits?\./)
    .waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Pause them' }).press('Enter')
  await page.getByText(/executions? paused/).waitFor()
  await page.goto(`/executions/${id}`)
  await page.getByRole('button', { name: 'Resume' }).waitFor()
  expect(problems).toEqual([])
})

test('skips a step in all that stand there, and leaves the others alone', async () => {
  const id = await begin({ version: 1, nodes: nodes.slice(0, 3), edges: edges.slice(0, 2) }, 'Sleepers')
  const { workflowId } = await visit.ask<{ workflowId: string }>('GET', `/executions/${id}`)
  const skip = async (option: string) => {
    await page.goto(`/executions?workflow=${workflowId}`)
    // The filter names the workflow too: the row is what tells that the list knows the execution.
    await page.locator(`a[href="/executions/${id}"]`).first().waitFor()
    await page.getByText('Waiting', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'All that fit' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Skip a step in all that stand there…' }).press('Enter')
    await page.getByRole('dialog').getByLabel('Step').press('Enter')
    await page.getByRole('option', { name: option }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Skip the step' }).press('Enter')
  }
  await skip('Note it')
  await page.getByText('1 stands elsewhere and was left alone.').waitFor()
  await skip('Wait a day')
  await page.getByText('1 execution moved on').waitFor()
  await page.goto(`/executions/${id}`)
  await page
    .getByRole('list', { name: 'Steps' })
    .getByRole('button', { name: /Wait a day/ })
    .press('Enter')
  await page.getByText('Somebody skipped it').waitFor()
  expect(problems).toEqual([])
})

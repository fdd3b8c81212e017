// A person draws what undoes a step and what is done when a workflow fails, and sees on the execution's page that it was.

import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { until } from '../support/product.ts'
import { narrow, startVisit, wide, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]
let workflowId = ''

const at = (x: number, y: number) => ({ x, y })
const nodes = [
  { id: 'start', type: 'trigger.manual', name: 'Start', params: {}, position: at(0, 0) },
  {
    id: 'enrol',
    type: 'contact.create',
    name: 'Enrol',
    params: { fields: [{ name: 'email', value: 'ada@example.com' }], tags: 'member' },
    position: at(320, 0),
  },
  {
    id: 'stop',
    type: 'flow.end',
    name: 'Give up',
    params: { status: 'failed', reason: 'Full.' },
    position: at(640, 0),
  },
  {
    id: 'untag',
    type: 'contact.tag.remove',
    name: 'Take back',
    params: { contactId: '{{ steps.enrol.contact.id }}', tags: 'member' },
    position: at(640, 220),
  },
  { id: 'oops', type: 'trigger.failure', name: 'When it fails', params: {}, position: at(0, 440) },
  {
    id: 'note',
    type: 'data.set',
    name: 'Note it',
    params: { fields: [{ name: 'why', value: '{{ steps.oops.failure.message }}' }] },
    position: at(320, 440),
  },
]
const edges = [
  { id: 'a', source: 'start', sourcePort: 'out', target: 'enrol' },
  { id: 'b', source: 'enrol', sourcePort: 'out', target: 'stop' },
  { id: 'd', source: 'oops', sourcePort: 'out', target: 'note' },
]

/** Where pictures of what is looked at are kept, if they are wanted. */
const pictures = process.env['PICTURES']

async function picture(name: string): Promise<void> {
  if (pictures === undefined) return
  for (const viewport of [narrow, wide]) {
    await page.setViewportSize(viewport)
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.screenshot({ path: join(pictures, `${name}-${viewport.width}-${scheme}.png`) })
    }
  }
}

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
  ;({ id: workflowId } = await visit.ask<{ id: string }>('POST', '/workflows', {
    name: 'Members',
    graph: { version: 1, nodes, edges },
  }))
})

afterAll(() => visit?.stop())

test('a step is made undoable, and what undoes it is connected', async () => {
  await page.goto(`/workflows/${workflowId}`)
  await page.locator('.svelte-flow__node', { hasText: 'Enrol' }).dblclick()
  await page.getByRole('tab', { name: 'Settings' }).click()
  const undo = page.getByRole('switch', { name: 'Can be undone' })
  await undo.click()
  await expect.poll(() => undo.getAttribute('aria-checked')).toBe('true')
  const unknown = page.getByRole('switch', { name: 'Undo it also when nobody knows' })
  await unknown.click()
  await expect.poll(() => unknown.getAttribute('aria-checked')).toBe('true')
  await unknown.scrollIntoViewIfNeeded()
  await page.getByText('Undo', { exact: true }).first().waitFor()
  expect(await findViolations(page)).toEqual([])
  await picture('settings')
})

test('the workflow’s settings say who handles failures', async () => {
  await page.getByRole('button', { name: 'More' }).first().click()
  await page.getByRole('menuitem', { name: 'Variables and settings' }).click()
  await page.getByRole('heading', { name: 'When an execution fails' }).waitFor()
  await page.getByText('“When it fails” is done then').waitFor()
  await page.getByRole('switch', { name: 'Undo what was cancelled too' }).scrollIntoViewIfNeeded()
  expect(await findViolations(page)).toEqual([])
  await picture('workflow-settings')
})

test('the organization says how often failed calls are tried again, and workflows take it over', async () => {
  await page.goto('/settings/organization')
  await page.getByRole('heading', { name: 'When a call fails' }).waitFor()
  await page.getByLabel('How often').fill('1')
  await page.getByText('After 1 s; then it has failed.').waitFor()
  await page.getByRole('button', { name: 'Save retries' }).click()
  await page.getByText('Retries saved').waitFor()
  expect(await findViolations(page)).toEqual([])
  await picture('organization')
  expect(await visit.ask('GET', '/defaults')).toEqual({ retry: { maxRetries: 1 }, revision: 1 })

  await page.goto(`/workflows/${workflowId}`)
  await page.locator('.svelte-flow__node', { hasText: 'Enrol' }).dblclick()
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByText('As the organization has it.').waitFor()
})

test('what was undone and how the failure was handled is on the execution’s page', async () => {
  const settled = nodes.map((node) => (node.id === 'enrol' ? { ...node, settings: { undo: true } } : node))
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', {
    name: 'Members at work',
    graph: {
      version: 1,
      nodes: settled,
      edges: [...edges, { id: 'c', source: 'enrol', sourcePort: 'undo', target: 'untag' }],
    },
  })
  await visit.ask('POST', `/workflows/${id}/publish`, {})
  const { executionId } = await visit.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, {})
  const execution = await until(async () => {
    const found = await visit.ask<{ status: string; aftermath?: object }>('GET', `/executions/${executionId}`)
    return found.status === 'failed' ? found : undefined
  })
  expect(execution.aftermath).toMatchObject({
    rollback: [{ path: 'enrol', status: 'undone' }],
    handler: { nodeId: 'oops', status: 'completed', output: { why: 'Full.' } },
  })
  const { items } = await visit.ask<{ items: { tags: string[] }[] }>('GET', '/contacts?search=ada@example.com')
  expect(items.map(({ tags }) => tags)).toEqual([[]])

  await page.goto(`/executions/${executionId}`)
  await page.getByRole('list', { name: 'Steps' }).getByText('undoes Enrol').waitFor()
  await page.getByRole('button', { name: 'Whole execution' }).click()
  await page.getByRole('heading', { name: 'What was undone' }).waitFor()
  await page.getByRole('heading', { name: 'How the failure was handled' }).waitFor()
  expect(await page.getByRole('button', { name: 'Retry', exact: true }).count()).toBe(0)
  expect(await findViolations(page)).toEqual([])
  await picture('execution')

  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('heading', { name: 'What was undone' }).scrollIntoViewIfNeeded()
  expect(await findViolations(page)).toEqual([])
  await picture('execution-narrow')
  expect(problems).toEqual([])
})

test('a dead letter says which step was not undone, and which was to do so', async () => {
  const changed = nodes.map((node) => {
    if (node.id === 'enrol') return { ...node, settings: { undo: true } }
    return node.id === 'untag' ? { ...node, params: { contactId: 'nobody', tags: 'member' } } : node
  })
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', {
    name: 'Members left over',
    graph: {
      version: 1,
      nodes: changed.filter((node) => !['oops', 'note'].includes(node.id)),
      edges: [...edges.slice(0, 2), { id: 'u', source: 'enrol', sourcePort: 'undo', target: 'untag' }],
    },
  })
  await visit.ask('POST', `/workflows/${id}/publish`)
  const { executionId } = await visit.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, {})
  await until(async () => {
    const { items } = await visit.ask<{ items: { id: string }[] }>('GET', '/dead-letters')
    return items.some((letter) => letter.id === executionId) ? true : undefined
  })
  await page.goto('/executions')
  await page.getByRole('link', { name: 'Dead letters' }).click()
  await page.getByRole('list', { name: 'Dead letters' }).getByRole('button', { name: 'Members left over' }).click()
  const dialog = page.getByRole('dialog')
  const left = dialog.getByRole('region', { name: 'Not undone' })
  await left.getByText('Enrol').waitFor()
  expect(await dialog.getByRole('region', { name: 'Failed steps' }).textContent()).toContain(
    'to undo “Enrol”, after 1 attempt: ',
  )
  expect(await findViolations(page)).toEqual([])
  await picture('dead-letter')
})

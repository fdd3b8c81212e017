// A person draws a workflow with a webhook, listens, sends it a request from elsewhere, and tests with what came: before it
// is published, and while it is live. The same with a workflow that begins with an event.

import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Workflow } from '../../worker/contract/workflow.ts'
import { drawn } from '../simulate/support.ts'
import { findViolations } from '../support/accessibility.ts'
import { watchProblems } from '../support/browser.ts'
import { narrow, startVisit, type Visit, wide } from '../support/visit.ts'

let visit: Visit

beforeAll(async () => {
  visit = await startVisit()
})

afterAll(() => visit?.stop())

const fields = [{ name: 'doubled', value: '{{ trigger.body.total * 2 }}' }]
const order = drawn({ hook: ['trigger.webhook', { methods: ['POST'] }], double: ['data.set', { fields }] }, [
  'hook > double',
])

interface Opened {
  page: Page
  panel: Locator
  workflow: Workflow
  /** Sends a request to the webhook's address, as another system would. */
  send(body: unknown): Promise<{ status: number; body: { data: Record<string, unknown> } }>
}

async function open(viewport = wide): Promise<Opened> {
  const page = await visit.openOwnPage(viewport)
  const graph = {
    ...order,
    nodes: order.nodes.map((node, index) => ({
      ...node,
      name: `Step ${node.id}`,
      position: { x: 280 * index, y: 160 },
    })),
  }
  const workflow = await visit.ask<Workflow>('POST', '/workflows', { name: `Orders ${viewport.width}`, graph })
  await page.goto(`/workflows/${workflow.id}`)
  const send = async (body: unknown) => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer not-to-be-seen' }
    const init = { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await fetch(`${visit.server.url}${workflow.hooks[0]!.path}`, init)
    return { status: response.status, body: await response.json<{ data: Record<string, unknown> }>() }
  }
  return { page, panel: page.locator('[data-side-panel]'), workflow, send }
}

/** Opens the trigger's panel and listens from there. */
async function listenAtStep({ page, panel }: Opened, viewport: { width: number }): Promise<void> {
  if (viewport.width > 760) await page.locator('.svelte-flow__node', { hasText: 'Step hook' }).dblclick()
  else await page.getByRole('button', { name: /Step hook/ }).click()
  await panel.getByRole('button', { name: 'Listen for an event' }).click()
  await panel.getByRole('status').getByText('Listening for an event.').waitFor({ state: 'attached' })
}

for (const viewport of [wide, narrow]) {
  test(`receives a request before the workflow is published, and tests with it, at ${viewport.width} px`, async () => {
    const opened = await open(viewport)
    const { page, panel, workflow, send } = opened
    const problems = watchProblems(page)
    expect((await send({ total: 1 })).status).toBe(404)
    await listenAtStep(opened, viewport)
    await panel.getByText(workflow.hooks[0]!.url, { exact: true }).waitFor()
    await panel.getByText('The workflow is not live, so it starts nothing.').waitFor()
    expect(await findViolations(page)).toEqual([])

    expect((await send('{ "total": ')).status).toBe(400)
    await panel.getByText('POST refused, 400').waitFor()
    await panel.getByText('The body is not valid JSON.').waitFor()
    expect(await findViolations(page)).toEqual([])

    const sent = await send({ total: 21 })
    expect([sent.status, sent.body.data['test']]).toEqual([200, true])
    await panel.getByText('An event arrived: it is the data below').waitFor()
    const data = panel.getByRole('textbox', { name: 'Data of the test run' })
    await data.getByText('"total": 21').waitFor()
    await data.getByText('"authorization": "***"').waitFor()
    expect(await findViolations(page)).toEqual([])
    await panel.getByRole('button', { name: 'Run the draft' }).click()
    await panel.getByText('42', { exact: true }).waitFor()
    // Nobody listens any more, and nothing was started.
    expect((await send({ total: 2 })).status).toBe(404)
    const { items } = await visit.ask<{ items: unknown[] }>('GET', `/executions?workflowId=${workflow.id}`)
    expect(items).toEqual([])
    expect(problems).toEqual([])
  })
}

test('receives a copy while the workflow is live, from whichever panel it was begun', async () => {
  const opened = await open()
  const { page, panel, workflow, send } = opened
  await visit.ask('POST', `/workflows/${workflow.id}/publish`, {})
  await page.reload()
  await listenAtStep(opened, wide)
  await panel.getByText('The live workflow takes it as always, and you receive a copy.').waitFor()
  await page.locator('.svelte-flow__node', { hasText: 'Step double' }).dblclick()
  const chip = page.getByRole('button', { name: 'Listening for an event' })
  await chip.waitFor()
  expect(await findViolations(page)).toEqual([])
  const { status, body } = await send({ total: 4 })
  expect([status, body.data]).toEqual([202, expect.objectContaining({ executionId: expect.any(String) as unknown })])
  await page.getByText('An event arrived to test with').waitFor()
  await chip.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Show it' }).click()
  await panel.getByText('The live workflow took it as always; you have a copy.').waitFor()
  await panel.getByRole('textbox', { name: 'Data of the test run' }).getByText('"total": 4').waitFor()
  await expect
    .poll(async () => {
      const path = `/executions?workflowId=${workflow.id}`
      return (await visit.ask<{ items: { status: string }[] }>('GET', path)).items.map(({ status }) => status)
    })
    .toEqual(['completed'])
})

test('is begun and ended by keys alone; Escape ends it before it closes the panel', async () => {
  const opened = await open()
  const { page, panel, send } = opened
  await page.locator('.svelte-flow__node').first().waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('listen for')
  await page.getByRole('option', { name: /Listen for an event/ }).waitFor()
  await page.keyboard.press('Enter')
  const stop = panel.getByRole('button', { name: 'Stop listening' })
  await stop.waitFor()
  await panel.getByRole('status').getByText('Listening for an event.').waitFor({ state: 'attached' })
  // Nothing has the focus here: Escape is the page's.
  await page.keyboard.press('Escape')
  await stop.waitFor({ state: 'detached' })
  await expect.poll(async () => (await send({ total: 1 })).status).toBe(404)
  const again = panel.getByRole('button', { name: 'Listen for an event' })
  await again.focus()
  await page.keyboard.press('Enter')
  await panel.locator('button:focus', { hasText: 'Stop listening' }).waitFor()
  await page.keyboard.press('Escape')
  await again.waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
})

for (const viewport of [wide, narrow]) {
  test(`receives the next event of its type and tests with it, at ${viewport.width} px`, async () => {
    const page = await visit.openOwnPage(viewport)
    const panel = page.locator('[data-side-panel]')
    const type = `order.paid${viewport.width}`
    const conditions = { operator: 'AND', conditions: [{ field: 'trigger.data.total', operator: '>', value: 10 }] }
    const doubled = [{ name: 'doubled', value: '{{ trigger.data.total * 2 }}' }]
    const graph = drawn(
      { on: ['trigger.event', { eventType: type, conditions }], double: ['data.set', { fields: doubled }] },
      ['on > double'],
    )
    const nodes = graph.nodes.map((node, index) => ({
      ...node,
      name: `Step ${node.id}`,
      position: { x: 280 * index, y: 160 },
    }))
    const body = { name: `Paid ${viewport.width}`, graph: { ...graph, nodes } }
    const workflow = await visit.ask<Workflow>('POST', '/workflows', body)
    const problems = watchProblems(page)
    await page.goto(`/workflows/${workflow.id}`)
    if (viewport.width > 760) await page.locator('.svelte-flow__node', { hasText: 'Step on' }).dblclick()
    else await page.getByRole('button', { name: /Step on/ }).click()
    expect(await findViolations(page)).toEqual([])
    await panel.getByRole('button', { name: 'Listen for an event' }).click()
    await panel.getByRole('status').getByText('Listening for an event.').waitFor({ state: 'attached' })
    await panel.getByText('This workflow is not live, so it does not start.').waitFor()
    expect(await findViolations(page)).toEqual([])

    await visit.ask('POST', '/events', { type: `${type}.not`, data: { total: 1 } })
    await visit.ask('POST', '/events', { type, data: { total: 4 } })
    await panel.getByText('An event arrived: it is the data below').waitFor()
    await panel.getByText('It does not meet “Only when”').waitFor()
    const data = panel.getByRole('textbox', { name: 'Data of the test run' })
    await data.getByText('"total": 4').waitFor()
    expect(await findViolations(page)).toEqual([])

    await panel.getByRole('button', { name: 'Listen for an event' }).click()
    await panel.getByRole('status').getByText('Listening for an event.').waitFor({ state: 'attached' })
    await visit.ask('POST', '/events', { type, data: { total: 21 } })
    await data.getByText('"total": 21').waitFor()
    await panel.getByRole('button', { name: 'Run the draft' }).click()
    await panel.getByText('42', { exact: true }).waitFor()
    expect(problems).toEqual([])
  })
}

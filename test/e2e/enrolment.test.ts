// A person says who may enter and what the workflow wants, and sees on the contact's page what came of it.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { until } from '../support/product.ts'
import { startVisit, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]
let workflowId: string
let contactId: string

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
})

afterAll(() => visit?.stop())

async function panel() {
  await page.getByRole('button', { name: 'More', exact: true }).first().click()
  await page.getByRole('menuitem', { name: 'Variables and settings' }).click()
}

test('rules of enrolment and a goal are set in the builder, and saved with the draft', async () => {
  const at = (x: number) => ({ x, y: 0 })
  const nodes = [
    { id: 'on', type: 'trigger.event', name: 'Ordered', params: { eventType: 'order.placed' }, position: at(0) },
    {
      id: 'pause',
      type: 'flow.wait',
      name: 'A day',
      params: { mode: 'duration', duration: '1 day' },
      position: at(300),
    },
  ]
  const edges = [{ id: 'e', source: 'on', sourcePort: 'out', target: 'pause' }]
  const made = await visit.ask<{ id: string }>('POST', '/workflows', {
    name: 'Nurture',
    graph: { version: 1, nodes, edges },
  })
  workflowId = made.id
  await page.goto(`/workflows/${workflowId}`)
  await panel()
  await page.getByRole('switch', { name: 'Decide who may enter' }).click()
  await page.getByLabel('At most so often').fill('3')
  await page.getByRole('spinbutton', { name: /^Within/ }).fill('30')
  await page.getByRole('button', { name: 'Add goal' }).click()
  const reached = page.getByRole('group', { name: 'Reached when' })
  await reached.getByRole('textbox', { name: 'What is compared', exact: true }).click()
  await page.keyboard.type('event.data.total')
  // Not by Escape, which closes the list of completions where one is shown by then, and else the panel.
  await reached.getByLabel('What it is compared with').focus()
  await page.keyboard.type('500')
  const saved = await until(async () => {
    const { graph } = await visit.ask<{ graph: { settings?: { goals?: { conditions: { conditions: object[] } }[] } } }>(
      'GET',
      `/workflows/${workflowId}`,
    )
    // Saved as one draws: until then there may be no goal yet.
    const [goal] = graph.settings?.goals ?? []
    return JSON.stringify(goal ?? null).includes('500') ? graph.settings : undefined
  })
  expect(saved).toMatchObject({
    enrolment: { limit: 3, windowMs: 30 * 86_400_000 },
    goals: [{ name: 'Goal 1', onAchievement: 'exit' }],
  })
  expect(await findViolations(page)).toEqual([])
  await visit.ask('POST', `/workflows/${workflowId}/publish`, {})
})

test('who was not let in, and who reached the goal, is seen with the contact and counted in the builder', async () => {
  const { id } = await visit.ask<{ id: string }>('POST', '/contacts', { firstName: 'Ada', email: 'ada@example.com' })
  contactId = id
  const order = (total: number) => visit.ask('POST', '/events', { type: 'order.placed', contactId, data: { total } })
  const statuses = async () => {
    const { items } = await visit.ask<{ items: { status: string }[] }>('GET', `/contacts/${contactId}/enrolments`)
    return items.map(({ status }) => status)
  }
  const becomes = (wanted: string) => until(async () => ((await statuses()).join() === wanted ? true : undefined))
  await order(1)
  await becomes('active')
  await order(2)
  await becomes('blocked,active')
  await order(500)
  await until(async () => ((await statuses()).includes('ended') ? true : undefined))

  await page.goto(`/contacts/${contactId}`)
  await page.getByText('Was in it already').waitFor()
  await page.getByText('Goal reached').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.goto(`/workflows/${workflowId}`)
  await panel()
  await page.getByText('Reached once, by one contact').waitFor()
  await page.getByText('1 not let in: was in it already').waitFor()
  expect(problems).toEqual([])
})

test('executions at a time are set for the organization, and cleared again', async () => {
  await page.goto('/settings/organization')
  const field = page.getByLabel('At most')
  await field.fill('0')
  await page.getByText('Enter a whole number from 1 to 100,000').waitFor()
  await field.fill('40')
  await page.getByRole('button', { name: 'Save number' }).click()
  await page.getByText('Number saved').waitFor()
  await page.getByText('0 under way now, nobody waits.').waitFor()
  expect(await visit.ask('GET', '/execution-limit')).toMatchObject({ limit: 40, most: null })
  expect(await findViolations(page)).toEqual([])
  await field.fill('')
  await page.getByRole('button', { name: 'Save number' }).click()
  await until(async () => {
    const { limit } = await visit.ask<{ limit: number | null }>('GET', '/execution-limit')
    return limit === null ? true : undefined
  })
  expect(problems).toEqual([])
})

test('limits per contact are set for the organization, and a workflow is left out of them', async () => {
  await page.goto('/settings/organization')
  await page.getByLabel('Executions of one contact').fill('5')
  await page.getByRole('button', { name: 'Save limit' }).click()
  await page.getByText('Limit saved').waitFor()
  expect(await visit.ask('GET', '/contact-limits')).toEqual({ executions: { limit: 5, windowMs: 86_400_000 } })
  expect(await findViolations(page)).toEqual([])

  await page.goto(`/workflows/${workflowId}`)
  await panel()
  await page.getByRole('switch', { name: 'Left out of the limits per contact' }).click()
  await until(async () => {
    const { graph } = await visit.ask<{ graph: { settings?: { beyondContactLimits?: boolean } } }>(
      'GET',
      `/workflows/${workflowId}`,
    )
    return graph.settings?.beyondContactLimits === true ? true : undefined
  })
  expect(problems).toEqual([])
})

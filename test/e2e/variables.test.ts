// An organization's variables: made, used in a workflow, changed while somebody else does, and deleted. And the
// executions about one contact, from its page to the list.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Variable } from '#contract/variable.ts'
import { findViolations } from '../support/accessibility.ts'
import { until } from '../support/product.ts'
import { keepPictures, narrow, startVisit, type Visit, wide } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
})

afterAll(() => visit?.stop())

const save = () => page.getByRole('button', { name: 'Save variable' }).click()
const closed = () => page.getByRole('dialog').waitFor({ state: 'detached' })

const look = (name: string) => keepPictures(page, `variables-${name}`)

/** The variable as the server has it; undefined where there is none. */
async function stored(name: string): Promise<Variable | undefined> {
  const { items } = await visit.ask<{ items: Variable[] }>('GET', '/variables')
  return items.find((variable) => variable.name === name)
}

test('the first variable is made where there is none', async () => {
  await page.goto('/settings/variables')
  await page.getByRole('heading', { name: 'No variable yet' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'New variable' }).click()
  await page.getByLabel('Name').fill('2nd rate')
  await save()
  await page.getByText('Letters, digits and _, beginning with a letter.').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByLabel('Name').fill('rate')
  await page.getByLabel('Type').click()
  await page.getByRole('option', { name: 'Number' }).click()
  await page.getByLabel('Value').fill('a lot')
  await save()
  await page.getByText('Write a number.').waitFor()
  await page.getByLabel('Value').fill('0.19')
  await save()
  await closed()
  await page.getByText('0.19').waitFor()
  expect(await stored('rate')).toMatchObject({ type: 'number', value: 0.19 })
  expect(await findViolations(page)).toEqual([])
})

test('what somebody else changed meanwhile is not overwritten', async () => {
  await page.getByRole('button', { name: 'Change rate' }).click()
  await visit.ask('PUT', '/variables/rate', { type: 'number', value: 0.16 }, { 'if-match': '"1"' })
  await page.getByLabel('Value').fill('0.2')
  await save()
  await page.getByText('Somebody else changed it in the meantime.').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Cancel' }).click()
  expect(await stored('rate')).toMatchObject({ value: 0.16, revision: 2 })
})

test('a workflow is told which variable there is not', async () => {
  const field = (name: string) => ({ name, value: `{{ organization.${name} }}` })
  const nodes = [
    {
      id: 'on',
      type: 'trigger.event',
      name: 'A tag',
      params: { eventType: 'contact.tag.added' },
      position: { x: 0, y: 0 },
    },
    {
      id: 'work',
      type: 'data.set',
      name: 'Work',
      params: { fields: [field('rate'), field('ratio')] },
      position: { x: 300, y: 0 },
    },
  ]
  const edges = [{ id: 'e', source: 'on', sourcePort: 'out', target: 'work' }]
  const graph = { version: 1, nodes, edges }
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name: 'Tagged', graph })
  await page.goto(`/workflows/${id}`)
  await page.getByRole('button', { name: /problem/i }).click()
  await page
    .getByText(/variable of the organization/)
    .first()
    .waitFor()
  await page.goto('/settings/variables')
  const { revision } = await visit.ask<{ revision: number }>('GET', `/workflows/${id}`)
  const right = { ...graph, nodes: [nodes[0], { ...nodes[1], params: { fields: [field('rate')] } }] }
  await visit.ask('PATCH', `/workflows/${id}`, { graph: right }, { 'if-match': `"${revision}"` })
  await visit.ask('POST', `/workflows/${id}/publish`, {})
})

test('what an execution was about is found with the contact, with what it read', async () => {
  const { id } = await visit.ask<{ id: string }>('POST', '/contacts', { firstName: 'Ada', tags: ['vip'] })
  const found = await until(async () => {
    const { items } = await visit.ask<{ items: { id: string }[] }>('GET', `/executions?contactId=${id}`)
    return items[0]
  })
  const execution = await visit.ask('GET', `/executions/${found.id}`)
  expect(JSON.stringify(execution)).toContain('"rate":0.16')
  await page.goto(`/contacts/${id}`)
  await page.getByRole('link', { name: 'Tagged' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await look('contact')
  await page.getByRole('link', { name: 'Show all' }).click()
  await page.getByRole('link', { name: 'Tagged' }).first().waitFor()
  expect(await findViolations(page)).toEqual([])
  await look('executions')
})

test('on a phone the open part of the settings stays in sight, also when it is turned', async () => {
  const openTab = page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'API keys' })
  await page.setViewportSize(wide)
  await page.goto('/settings/api-keys')
  await openTab.waitFor()
  for (const viewport of [narrow, { width: narrow.height, height: narrow.width }, { width: 320, height: 700 }]) {
    await page.setViewportSize(viewport)
    await expect
      .poll(async () => {
        const box = await openTab.boundingBox()
        return box !== null && box.x >= 0 && box.x + box.width <= viewport.width
      })
      .toBe(true)
  }
  await page.setViewportSize(narrow)
  await page.getByRole('link', { name: 'Profile' }).click()
  await expect.poll(async () => (await page.getByRole('link', { name: 'Profile' }).boundingBox())?.x).toBeGreaterThan(0)
  await page.setViewportSize(wide)
})

test('without a connection nothing is covered, and what could not be opened comes when it is back', async () => {
  await page.setViewportSize(narrow)
  await page.goto('/settings/variables')
  await page.getByRole('button', { name: 'Delete rate' }).waitFor()
  await page.context().setOffline(true)
  const notice = page.getByRole('status').filter({ hasText: 'You are offline' })
  await notice.waitFor()
  const bottom = await notice.evaluate((element) => element.getBoundingClientRect().bottom)
  await expect.poll(async () => (await page.locator('.shell').boundingBox())?.y).toBe(bottom)
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('link', { name: 'Approvals' }).click()
  await page.getByText('It is shown as soon as the connection is back.').waitFor()
  await page.context().setOffline(false)
  await page.getByRole('heading', { name: 'Approvals' }).waitFor()
  await notice.waitFor({ state: 'hidden' })
  await page.setViewportSize(wide)
})

test('a variable is deleted only after one more question', async () => {
  await page.goto('/settings/variables')
  await page.getByRole('button', { name: 'Delete rate' }).waitFor()
  await look('list')
  await page.getByRole('button', { name: 'Delete rate' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'No variable yet' }).waitFor()
  expect(await stored('rate')).toBeUndefined()
})

test('nothing went wrong on the way', () => {
  // What the browser itself logs for the answer 412, which was asked for, and without a connection.
  const wanted =
    /Failed to load resource.*(status of 4\d\d|ERR_INTERNET_DISCONNECTED)|dynamically imported module|preload CSS/
  expect(problems.filter((problem) => !wanted.test(problem))).toEqual([])
})

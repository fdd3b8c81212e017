// A person has one workflow call another: picks it by its name, keeps a result, and walks between the two executions.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { until } from '../support/product.ts'
import { startVisit, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
})

afterAll(() => visit?.stop())

const post = <Data>(path: string, body: object = {}) => visit.ask<Data>('POST', path, body)

const at = (x: number) => ({ x: x * 288, y: 96 })
const start = { id: 'start', type: 'trigger.manual', name: 'Start', params: {}, position: at(0) }
const first = { id: 'a', source: 'start', sourcePort: 'out', target: 'next' }

async function draw(name: string, next: object): Promise<string> {
  const graph = { version: 1, nodes: [start, { id: 'next', position: at(1), params: {}, ...next }], edges: [first] }
  return (await post<{ id: string }>('/workflows', { name, graph })).id
}

test('a step finds the workflow to call by typing, and leads to the execution it called and back', async () => {
  const score = await draw('Score a lead', { type: 'flow.end', name: 'Give it back' })
  await post(`/workflows/${score}/publish`)
  await draw('Score but never published', { type: 'flow.end', name: 'Give it back' })
  const orders = await draw('Follow an order up', { type: 'flow.call', name: 'Score it', params: { workflow: '' } })

  await page.goto(`/workflows/${orders}`)
  await page.locator('.svelte-flow__node').filter({ hasText: 'Score it' }).dblclick()
  const picker = page.getByRole('combobox', { name: 'Workflow' })
  await picker.click()
  await picker.fill('score')
  const options = page.getByRole('option')
  await options.filter({ hasText: 'Score a lead' }).waitFor()
  // What was offered before anything was typed has it too.
  await expect.poll(() => options.count()).toBe(1)
  await options.first().click()
  await page.locator('.svelte-flow__node').filter({ hasText: 'Score a lead' }).waitFor()
  await expect.poll(() => picker.inputValue()).toBe('Score a lead')
  expect(await findViolations(page)).toEqual([])
  await page
    .getByText(/^Saved/)
    .first()
    .waitFor()

  await post(`/workflows/${orders}/publish`)
  const { executionId } = await post<{ executionId: string }>(`/workflows/${orders}/execute`, { wait: true })
  await page.goto(`/executions/${executionId}?step=next`)
  await page.getByText('It called Score a lead.').waitFor()
  await page.getByRole('link', { name: 'See that execution' }).click()
  await page.getByRole('heading', { name: 'Score a lead' }).waitFor()
  const back = page.getByRole('link', { name: 'Score it, in Follow an order up' }).first()
  await back.waitFor()
  expect(await findViolations(page)).toEqual([])
  await back.click()
  await page.getByRole('heading', { name: 'Score it' }).waitFor()
  expect(page.url()).toContain(executionId)
  expect(problems).toEqual([])
})

test('a step keeps its result for as long as it is told', async () => {
  const id = await draw('Ask for rates', {
    type: 'http.request',
    name: 'Ask',
    params: { method: 'GET', url: 'https://rates.example.com' },
  })
  await page.goto(`/workflows/${id}`)
  await page.locator('.svelte-flow__node').filter({ hasText: 'Ask' }).dblclick()
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByRole('switch', { name: 'Keep its result' }).click()
  await page.getByRole('spinbutton', { name: 'For how long' }).fill('2')
  await page.getByLabel('Kept under', { exact: true }).fill('rates')
  expect(await findViolations(page)).toEqual([])
  interface Kept {
    graph: { nodes: { settings?: { cache?: { ttlMs: number; key?: string } } }[] }
  }
  const cache = await until(async () => {
    const { graph } = await visit.ask<Kept>('GET', `/workflows/${id}`)
    const saved = graph.nodes[1]?.settings?.cache
    return saved?.key === 'rates' ? saved : undefined
  })
  expect(cache).toEqual({ ttlMs: 7_200_000, key: 'rates' })
  expect(problems).toEqual([])
})

// What people type stays what they typed: names of any length, values of any kind, numbers that are taken out again.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { narrow, startVisit, type Visit, wide } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
})

afterAll(() => visit?.stop())

const panel = () => page.locator('[data-side-panel]')
const saved = () =>
  page
    .locator('[data-builder-header]')
    .getByText(/^Saved/)
    .waitFor()

const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, sourcePort: 'out', target })

const step = (id: string, type: string, x: number, params: object, y = 0) => ({
  id,
  type,
  name: id,
  position: { x, y },
  params,
})

/** Makes a workflow that begins by hand, with these steps after it, and opens it. */
async function open(name: string, nodes: readonly object[], edges: readonly object[] = []): Promise<string> {
  const graph = { version: 1, nodes: [step('start', 'trigger.manual', 0, {}), ...nodes], edges }
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name, graph })
  await page.goto(`/workflows/${id}`)
  await page.locator('.svelte-flow__node').first().waitFor()
  return id
}

const openStep = async (id: string) => {
  await page.locator(`.svelte-flow__node[data-id="${id}"]`).dblclick()
  await page.locator(`[data-side-panel][aria-label="${id}"]`).waitFor()
}

async function paramsOf(workflowId: string, stepId: string): Promise<Record<string, unknown> | undefined> {
  const { graph } = await visit.ask<{ graph: { nodes: { id: string; params: Record<string, unknown> }[] } }>(
    'GET',
    `/workflows/${workflowId}`,
  )
  return graph.nodes.find(({ id }) => id === stepId)?.params
}

test.each([
  ['words', 'Orders of the north '.repeat(6).trim()],
  ['one word', 'N'.repeat(110)],
])('a long name of %s leaves what the header offers within reach', async (_, name) => {
  await open(name, [])
  for (const viewport of [wide, { width: 1024, height: 800 }, { width: 800, height: 800 }]) {
    await page.setViewportSize(viewport)
    for (const label of ['Test run', 'Publish', 'More']) {
      const box = await page.locator('[data-builder-header]').getByRole('button', { name: label }).last().boundingBox()
      expect.soft(box && box.x + box.width, `${label} at ${viewport.width}`).toBeLessThanOrEqual(viewport.width)
    }
  }
  await page.setViewportSize(narrow)
  const more = await page.locator('[data-builder-header]').getByRole('button', { name: 'More' }).last().boundingBox()
  expect(more && more.x + more.width).toBeLessThanOrEqual(narrow.width)
  await page.setViewportSize(wide)
})

test('a step opens whatever its headers are, and they can be mended there', async () => {
  const request = (id: string, y: number, headers: unknown) =>
    step(id, 'http.request', 0, { url: 'https://example.com', headers, query: { ids: ['a', 'b'] } }, y)
  const id = await open('Headers of any kind', [
    request('text', 150, '{{ trigger.data.headers }}'),
    request('blank', 300, { ' X-Key': '1' }),
    request('empty', 450, { '': 'x' }),
  ])
  await openStep('text')
  const headers = panel().getByRole('textbox', { name: 'Headers' })
  await headers.click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText('{{ trigger.data.others }}')
  await expect.poll(() => paramsOf(id, 'text')).toMatchObject({ headers: '{{ trigger.data.others }}' })

  await openStep('blank')
  await panel().getByRole('textbox', { name: 'Headers, name 1' }).fill('X-Key')
  await expect.poll(() => paramsOf(id, 'blank')).toMatchObject({ headers: { 'X-Key': '1' } })

  await openStep('empty')
  await panel().getByRole('textbox', { name: 'Headers, name 1' }).fill('X-Other')
  await expect.poll(() => paramsOf(id, 'empty')).toMatchObject({ headers: { 'X-Other': 'x' } })

  const list = panel().getByRole('textbox', { name: 'Query, value of ids' })
  await list.click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText('["a", "c"]')
  await expect.poll(() => paramsOf(id, 'empty')).toMatchObject({ query: { ids: ['a', 'c'] } })
})

test('who types before the editor for expressions has come goes on in it', async () => {
  const params = { url: 'https://example.com', headers: '{{ trigger.data.old }}' }
  const id = await open('Slow to come', [step('call', 'http.request', 0, params, 150)])
  let come = () => {}
  const hasCome = new Promise<void>((resolve) => (come = resolve))
  await page.route(/\.js$/, async (route) => {
    const response = await route.fetch()
    if ((await response.text()).includes('as createCodeEditor')) await hasCome
    await route.fulfill({ response })
  })
  await openStep('call')
  const address = panel().getByRole('textbox', { name: 'Address' })
  await address.click()
  await page.keyboard.press('End')
  await page.keyboard.type('/{{')
  await page.keyboard.type('now')
  await expect.poll(() => address.inputValue()).toBe('https://example.com/{{ now }}')

  const headers = panel().getByRole('textbox', { name: 'Headers' })
  await headers.click()
  expect(await headers.evaluate((element) => element.tagName)).toBe('TEXTAREA')
  await page.keyboard.press('End')
  for (const _ of ' }}') await page.keyboard.press('ArrowLeft')
  for (const _ of 'old') await page.keyboard.press('Shift+ArrowLeft')
  come()
  await expect.poll(() => headers.evaluate((element) => element.tagName)).toBe('DIV')
  await page.keyboard.insertText('new')
  await expect
    .poll(() => paramsOf(id, 'call'))
    .toMatchObject({ url: 'https://example.com/{{ now }}', headers: '{{ trigger.data.new }}' })
  await page.unrouteAll({ behavior: 'wait' })
})

test('numbers can be taken out, and typed anew', async () => {
  const id = await open('Numbers', [
    step('wait', 'flow.wait', 0, { mode: 'duration', duration: '5 days' }, 150),
    step('call', 'http.request', 0, { url: 'https://example.com', maxRedirects: 3 }, 300),
  ])
  await openStep('wait')
  const amount = panel().getByRole('spinbutton').first()
  await amount.click()
  await page.keyboard.press('End')
  await page.keyboard.press('Backspace')
  expect(await amount.inputValue()).toBe('')
  await expect.poll(async () => (await paramsOf(id, 'wait'))?.['duration']).toBe('')
  await page.keyboard.type('12')
  await expect.poll(async () => (await paramsOf(id, 'wait'))?.['duration']).toBe('12 days')

  await openStep('call')
  const redirects = panel().getByRole('spinbutton', { name: /redirects/i })
  await redirects.click()
  await page.keyboard.press('End')
  await page.keyboard.press('Backspace')
  expect(await redirects.inputValue()).toBe('')
  await saved()
  await expect.poll(async () => Object.keys((await paramsOf(id, 'call')) ?? {})).not.toContain('maxRedirects')
  await page.keyboard.type('2')
  expect(await redirects.inputValue()).toBe('2')
  await expect.poll(async () => (await paramsOf(id, 'call'))?.['maxRedirects']).toBe(2)
})

/** A line of many steps, so many that only those in sight are drawn. */
const ids = Array.from({ length: 160 }, (_, index) => `s${index}`)
const line = ids.map((id, index) => step(id, 'data.set', (index + 1) * 300, { fields: [] }))
const edges = ['start', ...ids].slice(0, -1).map((id, index) => edge(id, ids[index] ?? ''))

test('who walks through the drawing of an execution is followed, and what is chosen elsewhere is shown', async () => {
  const id = await open('A long way', line, edges)
  await visit.ask('POST', `/workflows/${id}/publish`, {})
  const { executionId } = await visit.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, { wait: true })
  await page.goto(`/executions/${executionId}`)
  const card = (stepId: string) => page.locator(`.svelte-flow__node[data-id="${stepId}"]`)
  const first = page.locator('.svelte-flow__node[data-id^="s"]:not([data-id="start"])').first()
  const from = Number((await first.getAttribute('data-id'))?.slice(1))
  await first.focus()
  for (let index = from + 1; index <= from + 8; index += 1) {
    await page.keyboard.press('ArrowRight')
    await page.locator(`.svelte-flow__node[data-id="s${index}"]:focus`).waitFor()
  }
  const isSeen = async (stepId: string) => {
    const [box, frame] = [await card(stepId).boundingBox(), await page.locator('.svelte-flow').boundingBox()]
    return box !== null && frame !== null && box.x >= frame.x && box.x + box.width <= frame.x + frame.width
  }
  await expect.poll(() => isSeen(`s${from + 8}`)).toBe(true)

  await page
    .getByRole('button', { name: /\bs150\b/ })
    .first()
    .click()
  await expect.poll(() => isSeen('s150')).toBe(true)
})

test('pasting more than a workflow holds says so, and adds nothing', async () => {
  const many = Array.from({ length: 499 }, (_, index) =>
    step(`n${index}`, 'data.set', (index + 1) * 300, { fields: [] }),
  )
  await open('Full', many)
  await page.locator('[data-canvas]').focus()
  const graph = { version: 1, nodes: line.slice(0, 5), edges: [] }
  await page.evaluate(`{
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', ${JSON.stringify(JSON.stringify(graph))})
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    document.querySelector('[data-canvas]').dispatchEvent(event)
  }`)
  await page.getByText('There is no room for that in this workflow').waitFor()
  expect(await page.getByText('The workflow was added to this one').count()).toBe(0)
})

test('changes of the last visit can be discarded, the name with them', async () => {
  const id = await open('First name', [step('mine', 'data.set', 300, { fields: [] })])
  await page.route('**/api/v2/workflows/*', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.fallback(),
  )
  await page.getByRole('button', { name: 'First name', exact: true }).click()
  await page.keyboard.type('Second name')
  await page.keyboard.press('Enter')
  await page
    .locator('[data-builder-header]')
    .getByText(/Not saved|Offline|again/)
    .first()
    .waitFor()
  page.once('dialog', (dialog) => void dialog.accept())
  await page.reload()
  await page.unroute('**/api/v2/workflows/*')
  await page.getByRole('button', { name: 'Discard them' }).click()
  await page.getByRole('button', { name: 'First name', exact: true }).waitFor()
  await saved()
  await expect.poll(async () => (await visit.ask<{ name: string }>('GET', `/workflows/${id}`)).name).toBe('First name')
  problems.splice(0, problems.length, ...problems.filter((problem) => !/ERR_FAILED|Failed to fetch/.test(problem)))
})

test('a search keeps the blank between two words, and a filter that is removed keeps the focus', async () => {
  await page.goto('/workflows')
  const search = page.getByRole('searchbox')
  await search.fill('new ')
  await page.waitForURL(/=new$/)
  await page.keyboard.type('order')
  expect(await search.inputValue()).toBe('new order')
  await page.waitForURL(/=new(\+|%20)order$/)

  await page.goto('/executions?status=failed')
  const remove = page.getByRole('button', { name: 'Remove filter: Status' })
  await remove.focus()
  await page.keyboard.press('Enter')
  await remove.waitFor({ state: 'detached' })
  await page.locator('button:focus', { hasText: 'Status' }).waitFor()
})

test('who is in a field before a dialog has given the focus to its first one stays there', async () => {
  await page.goto('/settings/variables')
  const opener = page.getByRole('button', { name: 'New variable' })
  await opener.waitFor()
  await page.evaluate(`
    window.frames = []
    window.nextFrame = window.requestAnimationFrame
    window.requestAnimationFrame = (run) => window.frames.push(run)
  `)
  await opener.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Value').focus()
  await page.keyboard.type('0.')
  await page.evaluate(`
    window.requestAnimationFrame = window.nextFrame
    for (const run of window.frames) run(performance.now())
  `)
  await page.keyboard.type('19')
  expect(await dialog.getByLabel('Value').inputValue()).toBe('0.19')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
})

/** Keeps the answers to these requests back. Gives what lets them go. */
async function holdBack(url: string, method: string): Promise<() => Promise<void>> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route(url, async (route) => {
    if (route.request().method() !== method) return route.fallback()
    const response = await route.fetch()
    await promise
    await route.fulfill({ response })
  })
  return async () => {
    resolve()
    await page.unrouteAll({ behavior: 'wait' })
  }
}

test('an answer that comes after its dialog was left does nothing to the one that is open by then', async () => {
  const make = (name: string) => visit.ask<{ id: string; name: string }>('POST', '/workflows', { name })
  const [one, other] = [await make('Left behind'), await make('Opened next')]
  const rename = async ({ name }: { name: string }) => {
    await page.getByRole('button', { name: `More for ${name}` }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('dialog').getByLabel('Name').waitFor()
  }
  await page.goto('/workflows')
  const letGo = await holdBack(`**/api/v2/workflows/${one.id}`, 'GET')
  await rename(one)
  const field = page.getByRole('dialog').getByLabel('Name')
  await field.fill('Renamed')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await rename(other)
  await field.fill('Typed meanwhile')
  await letGo()
  await page.getByRole('link', { name: 'Renamed' }).waitFor()
  expect(await field.inputValue()).toBe('Typed meanwhile')
  const nameOf = async ({ id }: { id: string }) => (await visit.ask<{ name: string }>('GET', `/workflows/${id}`)).name
  expect([await nameOf(one), await nameOf(other)]).toEqual(['Renamed', 'Opened next'])
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('what is typed while a setting is being saved stays', async () => {
  await page.goto('/settings/organization')
  const field = page.getByLabel('At most')
  await field.fill('40')
  const letGo = await holdBack('**/api/v2/execution-limit', 'PUT')
  await page.getByRole('button', { name: 'Save number' }).click()
  await field.fill('45')
  await letGo()
  await page.getByText('Number saved').waitFor()
  expect(await field.inputValue()).toBe('45')
  await page.getByRole('button', { name: 'Save number' }).click()
  await expect.poll(async () => (await visit.ask<{ limit: number | null }>('GET', '/execution-limit')).limit).toBe(45)
})

test('what is typed while the search is being loaded is searched for, and is no shortcut', async () => {
  const id = await open('Slow network', [step('one', 'data.set', 300, { fields: [] })])
  await page.locator('.svelte-flow__node[data-id="one"]').click()
  const letGo = await holdBack('**/*.js', 'GET')
  await page.keyboard.press('Control+K')
  // On the canvas this letter disables the chosen step, and Backspace deletes it.
  await page.keyboard.type('dx')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('ark')
  await letGo()
  const search = page.getByRole('dialog', { name: 'Search and commands' }).getByRole('combobox')
  await expect.poll(() => search.inputValue()).toBe('dark')
  await page.getByRole('option', { name: 'Dark theme' }).waitFor()
  await page.keyboard.press('Escape')
  await search.waitFor({ state: 'detached' })
  const { graph } = await visit.ask<{ graph: { nodes: { id: string; settings?: object }[] } }>(
    'GET',
    `/workflows/${id}`,
  )
  expect(graph.nodes.find((node) => node.id === 'one')).toMatchObject({ id: 'one' })
  expect(graph.nodes.find((node) => node.id === 'one')?.settings ?? {}).toEqual({})
  await page.keyboard.press('Control+K')
  await expect.poll(() => search.inputValue()).toBe('')
  await page.keyboard.press('Escape')
})

test('nothing went wrong on the pages', () => {
  expect(problems).toEqual([])
})

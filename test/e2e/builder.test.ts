// A person draws a workflow with the keyboard and the mouse, tries it, publishes it, and loses nothing on the way.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { narrow, startVisit, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]
let workflowId: string

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
})

afterAll(() => visit?.stop())

const node = (name: string) => page.locator('.svelte-flow__node', { hasText: name })
const names = () => page.locator('.svelte-flow__node .name').allTextContents()
const header = () => page.locator('[data-builder-header]')
const panel = () => page.locator('[data-side-panel]')
const palette = () => page.getByRole('combobox', { name: /What (starts|happens)/ })
const saved = () =>
  header()
    .getByText(/^Saved/)
    .waitFor()

interface Draft {
  revision: number
  graph: { nodes: { id: string; params: object }[]; edges: object[] }
}

/** The workflow as the server has it. */
const draft = () => visit.ask<Draft>('GET', `/workflows/${workflowId}`)
const edges = async () => (await draft()).graph.edges.length

test('an empty canvas offers a trigger, and triggers only', async () => {
  await page.goto('/workflows')
  workflowId = await page.evaluate(async () => {
    const response = await fetch('/api/v2/workflows', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Orders' }),
    })
    const body = await response.json<{ data: { id: string } }>()
    return body.data.id
  })
  await page.goto(`/workflows/${workflowId}`)
  await page.getByRole('button', { name: /Add a trigger/ }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: /Add a trigger/ }).click()
  await palette().waitFor()
  for (const name of [/Webhook/, /Manual start/]) await page.getByRole('option', { name }).waitFor()
  expect(await page.getByRole('option', { name: /HTTP request/ }).count()).toBe(0)
  expect(await findViolations(page)).toEqual([])
})

test('steps are added by typing: Tab, a few letters, Enter', async () => {
  await page.keyboard.type('manual')
  await page.keyboard.press('Enter')
  await node('Manual start').waitFor()
  for (const [search, name] of [
    ['set', 'Set fields'],
    ['if', 'If'],
  ] as const) {
    await page.locator('.svelte-flow__node:focus').waitFor()
    await page.keyboard.press('Tab')
    await palette().waitFor()
    await page.keyboard.type(search)
    await page.keyboard.press('Enter')
    await node(name).waitFor()
  }
  await saved()
  await expect.poll(edges).toBe(2)
})

test('a form takes fixed values and expressions, and shows what they give', async () => {
  await node('Set fields').dblclick()
  await panel().getByRole('button', { name: 'Add field' }).click()
  await panel().getByRole('textbox', { name: 'Name 1' }).fill('double')
  await panel().getByRole('textbox', { name: 'Value of double' }).click()
  await page.keyboard.type('{{ trigger.data.n * 2')
  await panel()
    .getByText(/With example data: trigger\.data has no “n”/)
    .waitFor()
  await saved()
  await expect
    .poll(async () => (await draft()).graph.nodes.find(({ id }) => id === 'setFields')?.params)
    .toMatchObject({ fields: [{ name: 'double', value: '{{ trigger.data.n * 2}}' }] })
  expect(await findViolations(page)).toEqual([])
})

test('a value is mapped by clicking it', async () => {
  await panel().getByRole('button', { name: 'Add field' }).click()
  await panel().getByRole('textbox', { name: 'Name 2' }).fill('kind')
  await panel().getByRole('textbox', { name: 'Value of kind' }).click()
  await page.getByRole('complementary', { name: 'Data from earlier steps' }).getByText('type', { exact: true }).click()
  await panel().locator('output', { hasText: 'manual' }).waitFor()
})

test('a condition is ready to be filled in, is not called wrong meanwhile, and says what it sees', async () => {
  await node('If').dblclick()
  const compared = panel().getByRole('textbox', { name: 'What is compared', exact: true })
  await compared.click()
  await page.keyboard.type('trigger.da')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('type')
  await panel().getByRole('textbox', { name: 'What it is compared with' }).focus()
  await page.keyboard.type('manual')
  await panel().getByText('holds', { exact: true }).waitFor()
  await panel().getByRole('button', { name: 'Condition', exact: true }).click()
  await expect.poll(() => panel().locator('[data-condition]').count()).toBe(2)
  await expect.poll(() => page.evaluate<string>('document.activeElement?.ariaLabel')).toBe('What is compared')
  await saved()
  expect(await panel().locator('.error').count()).toBe(0)
  expect(await findViolations(page)).toEqual([])
  await panel().getByRole('tab', { name: 'Result' }).click()
  await panel().getByRole('tab', { name: 'Setup' }).click()
  await panel().getByText('What is compared must not be empty.').waitFor()
  await panel().getByRole('button', { name: 'Remove this condition' }).last().click()
  await panel().getByRole('button', { name: 'Remove this condition' }).click()
})

test('Escape closes a list before the panel it is in, and Ctrl+K finds a step by its name', async () => {
  await node('If').dblclick()
  await panel().getByRole('button', { name: 'Condition', exact: true }).click()
  await panel().getByRole('combobox', { name: 'How it is compared' }).click()
  await page.getByRole('option', { name: 'contains', exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('option', { name: 'contains', exact: true }).waitFor({ state: 'detached' })
  await panel().getByRole('button', { name: 'Remove this condition' }).click()

  await page.keyboard.press('Control+K')
  await page.getByRole('dialog', { name: 'Search and commands' }).getByRole('combobox').fill('fields')
  await page.getByRole('option', { name: /Set fields/ }).waitFor()
  await page.keyboard.press('Enter')
  await panel().getByRole('button', { name: 'Add field' }).waitFor()
  await expect.poll(() => page.locator('.svelte-flow__node.selected').getAttribute('data-id')).toBe('setFields')
})

test('a step’s id changes in every expression that names it', async () => {
  await node('If').dblclick()
  await panel().getByRole('button', { name: 'Condition', exact: true }).click()
  await panel().getByRole('textbox', { name: 'What is compared', exact: true }).click()
  await page.keyboard.type('steps.setFields.double')
  // Not by Escape, which closes the list of completions where one is shown by then, and else the panel.
  await panel().getByRole('textbox', { name: 'What it is compared with' }).focus()
  await page.keyboard.type('42')
  await node('Set fields').dblclick()
  await panel().getByLabel('Id in expressions').fill('sum')
  await page.keyboard.press('Enter')
  await saved()
  await expect.poll(async () => JSON.stringify((await draft()).graph)).toContain('steps.sum.double')
})

test('a test run shows on the canvas what each step did', async () => {
  await page.keyboard.press('Control+Enter')
  const data = panel().getByRole('textbox', { name: 'Data of the test run' })
  await data.click()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('{ "n": 21')
  await page.keyboard.press('Control+Enter')
  await panel().getByText('Completed').first().waitFor()
  await expect.poll(() => page.locator('.svelte-flow__node .mark.ok').count()).toBe(3)
  await panel()
    .getByRole('button', { name: /Set fields/ })
    .click()
  await panel().getByText('double').waitFor()
  expect(await findViolations(page)).toEqual([])
})

test('a step is tested by itself, with what leads to it', async () => {
  await node('Set fields').click()
  await page.keyboard.press('Shift+Enter')
  await panel().getByRole('button', { name: 'Test up to here' }).waitFor()
  await panel().getByText('Completed').first().waitFor()
  await expect.poll(() => page.locator('.svelte-flow__node .mark.ok').count()).toBe(2)
  await node('Set fields').click({ button: 'right' })
  for (const name of ['Test up to here', 'Disable', 'Copy']) {
    await page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).waitFor()
  }
  await page.keyboard.press('Escape')
})

test('everything can be taken back, and done again', async () => {
  await panel().getByRole('button', { name: 'Close' }).click()
  await node('If').click()
  await page.keyboard.press('Control+D')
  await expect.poll(names).toEqual(['Manual start', 'Set fields', 'If', 'If 2'])
  await page.keyboard.press('Delete')
  await expect.poll(names).toEqual(['Manual start', 'Set fields', 'If'])
  await page.keyboard.press('Control+Z')
  await page.keyboard.press('Control+Z')
  await page.keyboard.press('Control+Y')
  await expect.poll(names).toEqual(['Manual start', 'Set fields', 'If', 'If 2'])
  await page.keyboard.press('Control+Z')
})

test('steps travel through the clipboard as text', async () => {
  await node('If').click()
  await visit.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.keyboard.press('Control+C')
  const text = await page.evaluate<string>('navigator.clipboard.readText()')
  expect(JSON.parse(text)).toMatchObject({ leat: 'nodes', nodes: [{ id: 'if' }] })
  await page.keyboard.press('Control+V')
  await node('If 2').waitFor()
  await page.keyboard.press('Control+Z')
  await expect.poll(names).toEqual(['Manual start', 'Set fields', 'If'])
})

test('a step is added by a button, for who does not know the keys yet', async () => {
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Add step' }).click()
  await palette().fill('end')
  await page.keyboard.press('Enter')
  await node('End').waitFor()
  await page.keyboard.press('Control+Z')
  await node('End').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Keys', exact: true }).click()
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await page.keyboard.press('Escape')
})

test('a step is dragged to another place, and a connection to another step', async () => {
  const before = (await node('If').boundingBox())!
  await page.mouse.move(before.x + 60, before.y + 30)
  await page.mouse.down()
  await page.mouse.move(before.x + 100, before.y + 190, { steps: 8 })
  await page.mouse.up()
  await expect.poll(async () => (await node('If').boundingBox())!.y).toBeGreaterThan(before.y + 100)

  const port = (await page.locator('[data-nodeid="if"][data-handleid="true"]').boundingBox())!
  await page.mouse.move(port.x + 5, port.y + 5)
  await page.mouse.down()
  await page.mouse.move(port.x + 140, port.y + 80, { steps: 8 })
  await page.mouse.up()
  await palette().fill('end')
  await page.keyboard.press('Enter')
  await node('End').waitFor()
  await saved()
  await expect.poll(edges).toBe(3)
})

test('the arrow keys walk the graph, Alt with them moves a step, Shift selects a stream', async () => {
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show everything' }).click()
  await node('If').click()
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => page.locator('.svelte-flow__node.selected').getAttribute('data-id')).toBe('sum')
  const before = (await node('Set fields').boundingBox())!
  await page.keyboard.press('Alt+ArrowDown')
  await expect.poll(async () => (await node('Set fields').boundingBox())!.y).toBeGreaterThan(before.y)
  await page.keyboard.press('Shift+ArrowRight')
  await expect.poll(() => page.locator('.svelte-flow__node.selected').count()).toBe(3)
  await page.keyboard.press('Shift+Alt+T')
  await saved()
})

test('publishing says what changes, and then what is live', async () => {
  await header().getByRole('button', { name: 'Publish' }).click()
  const dialog = page.getByRole('dialog', { name: 'Publish and go live' })
  await dialog.getByText('Manual start').waitFor()
  expect(await findViolations(page)).toEqual([])
  await dialog.getByLabel(/Note/).fill('The first one')
  await dialog.getByRole('button', { name: 'Publish' }).click()
  await header().getByText('Live v1').waitFor()
  await expect.poll(() => header().getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true)
})

test('a version can be looked at and taken back into the draft', async () => {
  await node('End').click()
  await page.keyboard.press('Delete')
  await header().getByText('Draft with changes, not live').waitFor()
  await header().getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Versions' }).click()
  await panel()
    .getByRole('button', { name: /Version 1/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Version 1' })
  await dialog.getByText('Removed End').waitFor()
  await dialog.getByRole('button', { name: 'Take into the draft' }).click()
  await node('End').waitFor()
  await page.getByText('Version 1 is in the draft').waitFor()
  await page.keyboard.press('Escape')
})

test('without the network nothing is lost, and nothing is called saved', async () => {
  await saved()
  await visit.context.setOffline(true)
  await node('If').dblclick()
  await panel().getByLabel('Name of the step').fill('Is it the answer?')
  await header().getByRole('button', { name: 'Not saved: no connection' }).waitFor()
  await visit.context.setOffline(false)
  await saved()
  await expect.poll(async () => JSON.stringify((await draft()).graph)).toContain('Is it the answer?')
})

test('what never reached the server is here again after a refresh', async () => {
  await page.route('**/api/v2/workflows/*', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.fallback(),
  )
  await panel().getByLabel('Name of the step').fill('Is it 42?')
  await header().getByRole('button', { name: 'Not saved: no connection' }).waitFor()
  page.once('dialog', (dialog) => void dialog.accept())
  await page.reload()
  await node('Is it 42?').waitFor()
  await page.unroute('**/api/v2/workflows/*')
  await saved()
})

test('a draft that somebody else saved is not overwritten without a word', async () => {
  const { revision, graph } = await draft()
  const theirs = { graph: { ...graph, edges: graph.edges.slice(1) } }
  await visit.ask('PATCH', `/workflows/${workflowId}`, theirs, { 'if-match': `"${revision}"` })
  await node('Is it 42?').dblclick()
  await panel().getByLabel('Name of the step').fill('Mine')
  const dialog = page.getByRole('dialog', { name: 'Somebody else saved this workflow' })
  await dialog.getByText(/Connected/).waitFor()
  expect(await findViolations(page)).toEqual([])
  expect(JSON.stringify((await draft()).graph)).not.toContain('Mine')
  await dialog.getByRole('button', { name: 'Keep mine' }).click()
  await saved()
  await expect.poll(async () => JSON.stringify((await draft()).graph)).toContain('Mine')
  expect(await edges()).toBe(graph.edges.length)
})

test('a step that was just added is called wrong where somebody left a field empty, and not before', async () => {
  await page.goto(`/workflows/${workflowId}`)
  await node('Manual start').first().waitFor()
  const before = await edges()
  await node('Set fields').first().click()
  await page.keyboard.press('Tab')
  await palette().waitFor()
  await page.keyboard.type('http')
  await page.keyboard.press('Enter')
  await node('HTTP request').first().locator('.badge').waitFor()
  expect(await panel().locator('.error').count()).toBe(0)
  await panel().getByRole('textbox', { name: 'Address' }).click()
  await page.keyboard.press('Tab')
  await panel().locator('.error').first().waitFor()
  await page.getByRole('application', { name: /Canvas of/ }).focus()
  await page.keyboard.press('Control+z')
  await expect.poll(edges).toBe(before)
})

test('on a phone the workflow is a list to read, and the canvas one press away', async () => {
  const storageState = await visit.context.storageState()
  const small = await visit.openPage({ viewport: narrow, hasTouch: true, isMobile: true, storageState })
  await small.goto(`/workflows/${workflowId}`)
  await small.getByRole('button', { name: /Manual start/ }).waitFor()
  expect(await findViolations(small)).toEqual([])
  await small.getByRole('button', { name: 'Show the canvas' }).tap()
  await small.locator('.svelte-flow__node').first().waitFor()
  expect(await findViolations(small)).toEqual([])
})

test('nothing went wrong on the way', () => {
  // What was refused on purpose, a lost connection and a conflict, is told by the browser too.
  expect(problems.filter((problem) => !/Failed to load resource|ERR_INTERNET_DISCONNECTED/.test(problem))).toEqual([])
})

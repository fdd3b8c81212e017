// A person arranges a workflow on the canvas: drags steps out of the palette to where they belong, and puts notes behind them.

import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Graph } from '../../worker/contract/graph.ts'
import type { Workflow } from '../../worker/contract/workflow.ts'
import { drawn } from '../simulate/support.ts'
import { findViolations } from '../support/accessibility.ts'
import { watchProblems } from '../support/browser.ts'
import { narrow, startVisit, type Visit } from '../support/visit.ts'

let visit: Visit
let problems: string[]

beforeAll(async () => {
  visit = await startVisit()
  ;({ problems } = visit)
})

afterAll(() => visit?.stop())

/** What a test opened goes with it: a builder that nobody looks at still works. */
const pages: Page[] = []
afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.close()))
})

/** A trigger, a decision, and a step on each of its ways, in a row. */
const row = drawn({ start: ['trigger.manual'], check: ['flow.if'], yes: ['data.set'], no: ['data.set'] }, [
  'start > check',
  'check.true > yes',
  'check.false > no',
])
const places: Record<string, { x: number; y: number }> = {
  start: { x: 0, y: 0 },
  check: { x: 312, y: 0 },
  yes: { x: 624, y: -80 },
  no: { x: 624, y: 80 },
}
const line: Graph = {
  ...row,
  nodes: row.nodes.map((node) => ({ ...node, name: `Step ${node.id}`, position: places[node.id]! })),
}

interface Opened {
  id: string
  page: Page
  node(name: string): Locator
  /** The workflow as the server has it. */
  graph(): Promise<Graph>
}

async function open(graph: Graph = line, options?: Parameters<Visit['openPage']>[0]): Promise<Opened> {
  const page =
    options === undefined
      ? await visit.openOwnPage()
      : await visit.openPage({ storageState: await visit.context.storageState(), ...options })
  pages.push(page)
  problems.push(...watchProblems(page))
  const workflow = await visit.ask<Workflow>('POST', '/workflows', { name: 'Arranged', graph })
  await page.goto(`/workflows/${workflow.id}`)
  const first = page.locator('.svelte-flow__node, #outline-start').first()
  await first.waitFor()
  await standsStill(first)
  return {
    id: workflow.id,
    page,
    node: (name) => page.locator('.svelte-flow__node', { hasText: name }),
    graph: async () => (await visit.ask<Workflow>('GET', `/workflows/${workflow.id}`)).graph,
  }
}

/** Resolves when the canvas has been brought into view: until then everything on it moves. */
async function standsStill(locator: Locator): Promise<void> {
  const seen: string[] = []
  const latest = async () => {
    seen.push(JSON.stringify(await locator.boundingBox()))
    return new Set(seen.slice(-3)).size === 1 && seen.length >= 3
  }
  await expect.poll(latest, { interval: 60 }).toBe(true)
}

const middleOf = async (locator: Locator) => {
  const box = (await locator.boundingBox())!
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
const ends = ({ edges }: Graph) => edges.map(({ source, target }) => `${source} > ${target}`).sort()
const untouched = ends(line)

/** Presses a kind of step in the palette and carries it to a point of the screen, without letting go. */
async function carry(page: Page, to: { x: number; y: number }) {
  const kind = page.getByRole('option', { name: /^Wait Goes/ })
  await kind.waitFor()
  const from = await middleOf(kind)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 60, from.y + 20)
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await page.locator('.carried').waitFor()
}

const addStep = (page: Page) => page.getByRole('button', { name: 'Add step', exact: true }).click()

test('a step is dragged from the palette to a place of one’s choice', async () => {
  const { page, node, graph } = await open()
  const start = await middleOf(node('Step start'))
  await addStep(page)
  await carry(page, { x: start.x + 40, y: start.y + 240 })
  expect(await findViolations(page)).toEqual([])
  await page.mouse.up()
  await node('Wait').waitFor()
  await expect.poll(async () => (await graph()).nodes.length).toBe(5)
  const saved = await graph()
  expect(ends(saved)).toEqual(untouched)
  // As far from the first step as it was let go from it, to the grid.
  expect(saved.nodes[4]!.position).toEqual({ x: 40, y: 240 })
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await graph()).nodes.length).toBe(4)
})

test('dragged onto a connection it goes between the two, and the connection says so before', async () => {
  const { page, node, graph } = await open()
  const edge = page.locator('.svelte-flow__edge[data-id="start > check"]')
  const to = await middleOf(edge)
  await addStep(page)
  await carry(page, to)
  await edge.locator('.target').waitFor({ state: 'attached' })
  await page.mouse.up()
  await node('Wait').waitFor()
  await expect
    .poll(async () => ends(await graph()))
    .toEqual(['check > no', 'check > yes', 'start > wait', 'wait > check'])
})

test('offered after a step it is connected with it, wherever it is let go', async () => {
  const { page, node, graph } = await open()
  await node('Step yes').click()
  await addStep(page)
  await carry(page, { x: 700, y: 700 })
  await page.mouse.up()
  await expect.poll(async () => ends(await graph())).toEqual([...untouched, 'yes > wait'])
})

test('Escape, a slip, or letting go beside the canvas adds nothing', async () => {
  const { page, graph } = await open()
  await addStep(page)
  await carry(page, { x: 700, y: 700 })
  await page.keyboard.press('Escape')
  await page.locator('.carried').waitFor({ state: 'detached' })
  await page.mouse.up()
  await carry(page, { x: 100, y: 700 })
  await page.mouse.up()
  const kind = page.getByRole('option', { name: /^Wait Goes/ })
  const from = await middleOf(kind)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 12, from.y + 4)
  await page.mouse.up()
  await page.locator('.carried').waitFor({ state: 'detached' })
  await page.getByRole('combobox', { name: /What happens/ }).waitFor()
  expect((await graph()).nodes).toHaveLength(4)
  // A press that does not move is still a click.
  await kind.click()
  await expect.poll(async () => (await graph()).nodes.length).toBe(5)
})

test('a finger drags to the side, and scrolls up and down', async () => {
  const { page, node, graph } = await open(line, { hasTouch: true })
  await addStep(page)
  const kind = page.getByRole('option', { name: /^Wait Goes/ })
  await kind.waitFor()
  const from = await middleOf(kind)
  const client = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x?: number, y?: number) =>
    client.send('Input.dispatchTouchEvent', { type, touchPoints: x === undefined ? [] : [{ x, y: y! }] })

  await touch('touchStart', from.x, from.y)
  for (let step = 1; step <= 10; step += 1) await touch('touchMove', from.x, from.y - 20 * step)
  await touch('touchEnd')
  expect(await page.locator('.carried').count()).toBe(0)
  await expect.poll(() => kind.evaluate((row) => row.closest('[role="listbox"]')!.scrollTop)).toBeGreaterThan(50)

  await kind.scrollIntoViewIfNeeded()
  const at = await middleOf(kind)
  await touch('touchStart', at.x, at.y)
  for (let step = 1; step <= 10; step += 1) await touch('touchMove', at.x + 30 * step, at.y + 10 * step)
  await page.locator('.carried').waitFor()
  await touch('touchEnd')
  await node('Wait').waitFor()
  await expect.poll(async () => (await graph()).nodes.length).toBe(5)
})

test('a note is written, painted, moved, resized and copied by keys alone, and every step can be taken back', async () => {
  const { page, node, graph } = await open()
  const notes = async () => (await graph()).notes ?? []
  await node('Step start').click()
  await page.keyboard.press('Shift+S')
  await page.getByRole('textbox', { name: 'Text of the note' }).waitFor()
  await page.keyboard.type('Ask Ada\nbefore noon')
  expect(await findViolations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.locator('.svelte-flow__node-note:focus').waitFor()
  await page.getByRole('group', { name: 'Note: Ask Ada before noon' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await expect.poll(async () => (await notes())[0]?.text).toBe('Ask Ada\nbefore noon')
  const [written] = await notes()

  for (const keys of ['c', 'Alt+ArrowRight', 'Shift+Alt+ArrowRight', 'Shift+Alt+ArrowDown'])
    await page.keyboard.press(keys)
  const { x, y } = written!.position
  const changed = { ...written!, colour: 'green', position: { x: x + 8, y }, size: { width: 248, height: 168 } }
  await expect.poll(notes).toEqual([changed])
  await page.keyboard.press('Control+d')
  await expect.poll(notes).toEqual([changed, { ...changed, id: 'note2', position: { x: x + 56, y: y + 48 } }])
  await page.keyboard.press('Delete')
  await expect.poll(notes).toEqual([changed])
  for (let step = 0; step < 20; step += 1) await page.keyboard.press('Control+z')
  await expect.poll(graph).toEqual(line)
  for (let step = 0; step < 20; step += 1) await page.keyboard.press('Control+Shift+Z')
  await expect.poll(notes).toEqual([changed])
  expect((await graph()).nodes).toEqual(line.nodes)
})

const noted: Graph = {
  ...line,
  notes: [
    {
      id: 'why',
      text: 'Why we check\n<b>not bold</b>',
      position: { x: 280, y: -160 },
      size: { width: 300, height: 280 },
      colour: 'yellow',
    },
  ],
}
const why = (page: Page | Locator) => page.locator('.svelte-flow__node-note', { hasText: 'Why we check' })

test('a note lies behind the steps on it, and is dragged, resized and painted with the mouse', async () => {
  const { page, node, graph } = await open(noted)
  const note = async () => (await graph()).notes![0]!
  // The step on it is what a press there means.
  await node('Step check').click()
  expect(await page.locator('.svelte-flow__node.selected').count()).toBe(1)
  await node('Step check').and(page.locator('.selected')).waitFor()

  await why(page).click({ position: { x: 40, y: 20 } })
  await page.getByRole('toolbar', { name: 'Note' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Blue' }).click()
  await page.getByRole('button', { name: 'Blue', pressed: true }).waitFor()
  const handle = await middleOf(page.locator('.handle'))
  await page.mouse.move(handle.x, handle.y)
  await page.mouse.down()
  await page.mouse.move(handle.x + 40, handle.y + 24, { steps: 3 })
  await page.mouse.up()
  const box = (await why(page).boundingBox())!
  await page.mouse.move(box.x + 30, box.y + 60)
  await page.mouse.down()
  await page.mouse.move(box.x - 53, box.y + 20, { steps: 40 })
  await page.mouse.up()
  const { id, text } = noted.notes![0]!
  const arranged = { id, text, size: { width: 344, height: 304 }, position: { x: 200, y: -200 }, colour: 'blue' }
  await expect.poll(note).toEqual(arranged)
  await page.locator('.svelte-flow__pane').click({ position: { x: 500, y: 700 } })
  await why(page).dblclick({ position: { x: 40, y: 20 } })
  await page.getByRole('textbox', { name: 'Text of the note' }).fill('Elsewhere')
  await node('Step start').click()
  await expect.poll(async () => (await note()).text).toBe('Elsewhere')
})

test('steps and notes travel together through the clipboard', async () => {
  const { page, graph } = await open(noted)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.locator('.svelte-flow__node').first().waitFor()
  await page.locator('[data-canvas]').focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  await page.keyboard.press('Control+v')
  await expect.poll(async () => (await graph()).notes?.length).toBe(2)
  const after = await graph()
  expect([after.nodes.length, after.notes![1]!.text]).toEqual([8, noted.notes![0]!.text])
  await page.keyboard.press('Control+x')
  await expect.poll(graph).toEqual(noted)
})

test('a note is read with a version and with an execution, tells in the list of changes, and changes nothing that runs', async () => {
  const { page, graph, id } = await open({ ...noted, nodes: noted.nodes.slice(0, 1), edges: [] })
  await visit.ask('POST', `/workflows/${id}/publish`, {})
  const started = { input: {}, wait: true }
  const { executionId } = await visit.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, started)
  await page.goto(`/executions/${executionId}`)
  await why(page).waitFor()
  await page.getByRole('group', { name: /^Note: Why we check/ }).waitFor()
  expect(await why(page).locator('b').count()).toBe(0)
  expect(await findViolations(page)).toEqual([])

  await page.goto(`/workflows/${id}`)
  await why(page).click({ position: { x: 40, y: 20 } })
  await page.keyboard.press('Delete')
  await expect.poll(async () => (await graph()).notes).toBe(undefined)
  await page.locator('[data-builder-header]').getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Versions' }).click()
  await page
    .locator('[data-side-panel]')
    .getByRole('button', { name: /Version 1/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Version 1' })
  await dialog.getByText('Removed Note “Why we check”').waitFor()
  await why(dialog).waitFor()
  await dialog.getByRole('button', { name: 'Take into the draft' }).click()
  await expect.poll(async () => (await graph()).notes?.length).toBe(1)
})

test('in a phone’s list notes come after the steps, and are written in there', async () => {
  const { page, graph } = await open(noted, { viewport: narrow, hasTouch: true })
  await page.getByRole('heading', { name: 'Notes' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('textbox', { name: 'Text of note 1' }).fill('From a phone')
  await expect.poll(async () => (await graph()).notes?.[0]?.text).toBe('From a phone')
  await page.getByRole('button', { name: 'Add note', exact: true }).tap()
  await page.keyboard.type('Another')
  await expect.poll(async () => (await graph()).notes?.[1]?.text).toBe('Another')
})

test('several steps are aligned from their menu and distributed by Ctrl+K, each one step back', async () => {
  const spread = {
    ...line,
    nodes: line.nodes.map((node) => (node.id === 'check' ? { ...node, position: { x: 264, y: 40 } } : node)),
  }
  const { page, node, graph } = await open(spread)
  const now = async () => (await graph()).nodes.map(({ position: { x, y } }) => [x, y])
  await node('Step check').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Open' }).waitFor()
  expect(await page.getByRole('menuitem', { name: /^(Align|Distribute)/ }).count()).toBe(0)
  await page.keyboard.press('Escape')
  await page.getByRole('menuitem', { name: 'Open' }).waitFor({ state: 'detached' })
  for (const name of ['Step start', 'Step yes']) await node(name).click({ modifiers: ['Shift'] })
  await expect.poll(() => page.locator('.svelte-flow__node.selected').count()).toBe(3)

  await node('Step check').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Align top' }).waitFor()
  expect(await page.getByRole('menuitem', { name: /^(Align|Distribute)/ }).count()).toBe(8)
  expect(await page.getByRole('menuitem', { name: /^(Open|Rename|Test up to here)/ }).count()).toBe(0)
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('menuitem', { name: 'Align top' }).click()
  const aligned = [
    [0, -80],
    [264, -80],
    [624, -80],
    [624, 80],
  ]
  await expect.poll(now).toEqual(aligned)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('distribute horiz')
  await page.keyboard.press('Enter')
  await expect.poll(now).toEqual(aligned.with(1, [312, -80]))
  await page.keyboard.press('Control+z')
  await expect.poll(now).toEqual(aligned)
  await page.keyboard.press('Control+z')
  await expect.poll(graph).toEqual(spread)
})

test('the data of earlier steps do not come to stand on the step that is open', async () => {
  const asking = line.nodes.map((node) =>
    node.id === 'yes' ? { ...node, type: 'http.request', params: { method: 'GET', url: 'https://a.example' } } : node,
  )
  const { page, node } = await open({ ...line, nodes: asking })
  await node('Step yes').dblclick()
  await page.locator('[data-side-panel]').getByRole('textbox', { name: 'Address' }).click()
  const data = page.getByRole('complementary', { name: 'Data from earlier steps' })
  await data.waitFor()
  const gap = async () => {
    const [step, panel] = [(await node('Step yes').boundingBox())!, (await data.boundingBox())!]
    return panel.x - (step.x + step.width)
  }
  await expect.poll(gap).toBeGreaterThanOrEqual(0)
  // And the step before is not pushed out of reach by it.
  const canvas = (await page.locator('[data-canvas]').boundingBox())!
  expect((await middleOf(node('Step check'))).x).toBeGreaterThan(canvas.x)
})

test('on a phone a step is added from anywhere in the list, after the one that was open', async () => {
  const many = Array.from({ length: 10 }, (_, index) => ({
    ...line.nodes[2]!,
    id: `more${index}`,
    name: `More ${index}`,
    position: { x: 900, y: 100 * index },
  }))
  const { page, graph } = await open(
    { ...line, nodes: [...line.nodes, ...many] },
    { viewport: narrow, hasTouch: true, isMobile: true },
  )
  const add = page.getByRole('button', { name: 'Add step', exact: true })
  const isInSight = async () => (await add.boundingBox())!.y < narrow.height
  expect(await isInSight()).toBe(true)
  await page.getByRole('button', { name: /More 9/ }).scrollIntoViewIfNeeded()
  expect(await isInSight()).toBe(true)
  await page.getByRole('button', { name: /^Step no/ }).tap()
  await page.locator('[data-side-panel]').getByRole('button', { name: 'Close' }).tap()
  await page.locator('#outline-no[aria-current="true"]').waitFor()
  expect(await findViolations(page)).toEqual([])
  await add.tap()
  await page.getByRole('option', { name: /^Wait Goes/ }).tap()
  await expect.poll(async () => ends(await graph())).toContain('no > wait')
})

test('on a phone it can be seen that the builder listens, whichever panel is open', async () => {
  const hook = { ...line.nodes[0]!, type: 'trigger.webhook', params: { methods: ['POST'] } }
  const options = { viewport: narrow, hasTouch: true, isMobile: true }
  const { page } = await open({ ...line, nodes: line.nodes.with(0, hook) }, options)
  const panel = page.locator('[data-side-panel]')
  const chip = page.getByRole('button', { name: 'Listening for an event' })
  await page.getByRole('button', { name: /^Step start/ }).tap()
  await panel.getByRole('button', { name: 'Listen for an event' }).tap()
  await panel.getByText('Listening for an event.').first().waitFor({ state: 'attached' })
  await panel.getByRole('button', { name: 'Close' }).tap()
  await chip.tap({ trial: true })
  await page.getByRole('button', { name: 'Add step', exact: true }).tap({ trial: true })
  await page.getByRole('button', { name: /^Step check/ }).tap()
  await panel.waitFor()
  // Nothing lies over it: it can be pressed.
  await chip.tap()
  await panel.getByText('Listening for an event.').first().waitFor({ state: 'attached' })
})

test('nothing went wrong on the way', () => expect(problems).toEqual([]))

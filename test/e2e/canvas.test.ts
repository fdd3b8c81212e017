// A person arranges a workflow on the canvas: drags steps out of the palette to where they belong.

import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Graph } from '../../worker/contract/graph.ts'
import type { Workflow } from '../../worker/contract/workflow.ts'
import { drawn } from '../simulate/support.ts'
import { findViolations } from '../support/accessibility.ts'
import { watchProblems } from '../support/browser.ts'
import { startVisit, type Visit, wide } from '../support/visit.ts'

let visit: Visit
let problems: string[]

beforeAll(async () => {
  visit = await startVisit()
  ;({ problems } = visit)
})

afterAll(() => visit?.stop())

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
  page: Page
  node(name: string): Locator
  /** The workflow as the server has it. */
  graph(): Promise<Graph>
}

async function open(graph: Graph = line, options: Parameters<Visit['openPage']>[0] = {}): Promise<Opened> {
  const storageState = await visit.context.storageState()
  const page = await visit.openPage({ viewport: wide, storageState, ...options })
  problems.push(...watchProblems(page))
  const workflow = await visit.ask<Workflow>('POST', '/workflows', { name: 'Arranged', graph })
  await page.goto(`/workflows/${workflow.id}`)
  await page.locator('.svelte-flow__node, #outline-start').first().waitFor()
  return {
    page,
    node: (name) => page.locator('.svelte-flow__node', { hasText: name }),
    graph: async () => (await visit.ask<Workflow>('GET', `/workflows/${workflow.id}`)).graph,
  }
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

test('nothing went wrong on the way', () => expect(problems).toEqual([]))

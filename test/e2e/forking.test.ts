// A person executes an execution again from one of its steps, with other data, and moves one that waits to a new version.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { startVisit, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]

const at = (y: number) => ({ x: 0, y })
const start = { id: 'start', type: 'trigger.manual', name: 'Start', params: {}, position: at(0) }
const score = {
  id: 'score',
  type: 'data.transform',
  name: 'Score',
  params: { expression: 'trigger.data.n * 2' },
  position: at(140),
}
const double = {
  id: 'double',
  type: 'data.transform',
  name: 'Double',
  params: { expression: 'steps.score * 2' },
  position: at(280),
}
const nap = {
  id: 'nap',
  type: 'flow.wait',
  name: 'Wait a day',
  params: { mode: 'duration', duration: '1 day' },
  position: at(140),
}
const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, sourcePort: 'out', target })

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
})

afterAll(() => visit?.stop())

/** Publishes a workflow and starts it. */
async function begin(name: string, graph: object): Promise<{ id: string; executionId: string }> {
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name, graph })
  await visit.ask('POST', `/workflows/${id}/publish`, {})
  const body = { input: { n: 2 } }
  const { executionId } = await visit.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, body)
  return { id, executionId }
}

test('runs again from a step with other data, pretending, and sees the tree of forks', async () => {
  const graph = { version: 1, nodes: [start, score, double], edges: [edge('start', 'score'), edge('score', 'double')] }
  const { executionId } = await begin('Scores', graph)
  await page.goto(`/executions/${executionId}?step=score`)
  await page.getByRole('button', { name: 'Run again from here…' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Run again from “Score”' })
  await dialog.getByRole('combobox', { name: 'Data to edit' }).press('Enter')
  await page.getByRole('option', { name: 'Trigger data' }).click()
  await dialog.getByLabel('Trigger data', { exact: true }).fill('{ "type": "manual", "data": { "n": 50 } }')
  expect(await findViolations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Run, pretending' }).press('Enter')

  await page.getByRole('link', { name: 'Pretended fork of another execution' }).waitFor()
  await page.getByRole('heading', { name: 'Forks' }).waitFor()
  await page.getByText('edited: trigger').waitFor()
  await page.getByText('200', { exact: true }).first().waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('link', { name: 'Origin' }).press('Enter')
  await page.getByRole('link', { name: 'From Score' }).waitFor()
  expect(problems).toEqual([])
})

test('moves an execution that waits to the new version', async () => {
  const graph = { version: 1, nodes: [start, nap], edges: [edge('start', 'nap')] }
  // The list knows of it a moment later: as long as there is nothing to move, it is looked at again.
  const { id, executionId } = await begin('Naps', graph)
  const later = {
    ...graph,
    nodes: [start, nap, { ...score, position: at(420) }],
    edges: [...graph.edges, edge('nap', 'score')],
  }
  await visit.ask('PATCH', `/workflows/${id}`, { graph: later }, { 'if-match': '"1"' })
  await visit.ask('POST', `/workflows/${id}/publish`, {})
  await page.goto(`/workflows/${id}`)
  await page.getByRole('button', { name: 'More' }).first().click()
  await page.getByRole('menuitem', { name: 'Versions' }).click()
  await page.getByRole('button', { name: 'Move waiting executions…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Move waiting executions to version 2' })
  await dialog.getByText('waits at Wait a day').waitFor()
  await dialog.getByText('It is the only one that waits on another version.').waitFor()
  expect(await findViolations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Move 1 execution' }).press('Enter')
  await page.getByText('1 execution now on version 2').waitFor()
  await page.goto(`/executions/${executionId}`)
  await page.getByText('from version 1 to 2').waitFor()
  expect(problems).toEqual([])
})

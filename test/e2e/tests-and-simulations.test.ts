// A person tests a workflow before it is live, decides what is really called, and sends a thousand contacts
// through it.

import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { journey } from '../simulate/support.ts'
import { findViolations } from '../support/accessibility.ts'
import { watchProblems } from '../support/browser.ts'
import { narrow, startVisit, type Visit, wide } from '../support/visit.ts'

let visit: Visit

beforeAll(async () => {
  visit = await startVisit()
})

afterAll(() => visit?.stop())

/** The journey with names and places, and data to start with. */
const graph = {
  ...journey(),
  nodes: journey().nodes.map((node, index) => ({
    ...node,
    name: `Step ${node.id}`,
    position: { x: 280 * index, y: 160 },
    params: node.id === 'start' ? { sample: { spent: 700, email: 'ada@example.com' } } : node.params,
  })),
}

async function open(viewport: { width: number; height: number }): Promise<{ page: Page; panel: Locator }> {
  const page = await visit.openOwnPage(viewport)
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name: `Journey ${viewport.width}`, graph })
  await page.goto(`/workflows/${id}`)
  return { page, panel: page.locator('[data-side-panel]') }
}

for (const viewport of [wide, narrow]) {
  test(`tests and simulates a draft at ${viewport.width} px`, async () => {
    const { page, panel } = await open(viewport)
    const problems = watchProblems(page)
    await page.getByRole('button', { name: 'Test run' }).click()
    await panel.getByText('3 calls pretended, none made.').waitFor()
    expect(await findViolations(page)).toEqual([])

    await panel.getByLabel('In tests, Step opened').click()
    await page.getByRole('option', { name: 'Pretend (my output)' }).click()
    await panel.getByLabel('In tests, Step welcome').click()
    await page.getByRole('option', { name: 'Really call it' }).click()
    await panel.getByText('1 step is really called').waitFor()
    expect(await findViolations(page)).toEqual([])

    await panel.locator('button.step', { hasText: 'Step opened' }).click()
    await panel.getByRole('button', { name: 'Unpin' }).click()
    await panel.getByRole('button', { name: 'Pin this output' }).waitFor()
    await panel.getByRole('button', { name: 'Close' }).click()

    await page.getByRole('button', { name: 'More', exact: true }).first().click()
    await page.getByRole('menuitem', { name: 'Simulate…' }).click()
    await panel.getByRole('textbox', { name: 'Contacts', exact: true }).fill('1000')
    await panel.getByRole('button', { name: 'Add a field' }).click()
    await panel.getByLabel('Name of field 1').fill('vip')
    await panel.getByLabel('Values of field 1').fill('true, false')
    await panel.locator('summary', { hasText: 'Step welcome' }).click()
    await panel.getByLabel('How many per cent of Step welcome’s calls fail').fill('35')
    await panel.getByRole('button', { name: 'Simulate', exact: true }).click()
    await panel.getByText('1,000 contacts').waitFor()
    expect(await findViolations(page)).toEqual([])
    await panel.getByRole('button', { name: 'Close' }).click()
    if (viewport.width > 760)
      await expect.poll(() => page.locator('.svelte-flow__node .mark .label').first().textContent()).toBe('1k')
    else await page.getByText('1k came by').first().waitFor()
    expect(problems).toEqual([])
  })
}

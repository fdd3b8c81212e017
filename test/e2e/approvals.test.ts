// A workflow asks: a member decides in the app, an outsider on the page behind their link.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { until } from '../support/product.ts'
import { narrow, startVisit, type Visit, wide } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
})

afterAll(() => visit?.stop())

const node = (id: string, type: string, params: object) => ({ id, type, name: id, position: { x: 0, y: 0 }, params })

async function live(name: string, first: object, second: object): Promise<string> {
  const edges = [{ id: 'e', source: 'start', sourcePort: 'out', target: 'next' }]
  const graph = { version: 1, nodes: [first, second], edges }
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name, graph })
  await visit.ask('POST', `/workflows/${id}/publish`, {})
  await visit.ask('POST', `/workflows/${id}/activate`, {})
  return id
}

const looks = [
  { colorScheme: 'light', viewport: wide },
  { colorScheme: 'dark', viewport: narrow },
] as const

/** Looked at wide and light, narrow and dark: nothing is cut off, and nothing hard to read. */
async function look(name: string): Promise<void> {
  for (const { colorScheme, viewport } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize(viewport)
    const folder = process.env['LEAT_PICTURES']
    if (folder !== undefined) await page.screenshot({ path: `${folder}/approvals-${name}-${colorScheme}.png` })
    expect(await findViolations(page), `${name} ${colorScheme}`).toEqual([])
    const isWider = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')
    expect(isWider, `${name} ${colorScheme}`).toBe(false)
  }
}

test('a member finds what they are asked, and an outsider decides by their link', async () => {
  const mails = await live(
    'Mail',
    node('start', 'trigger.event', { eventType: 'approval.requested' }),
    node('next', 'flow.end', {}),
  )
  const params = {
    title: 'Pay invoice 2026-114?',
    message: 'It is 20 % above the estimate.',
    details: { supplier: 'Acme', total: 1_250 },
    approvers: 'grace@outside.example',
    roles: ['owner'],
    quorum: 'all',
  }
  const pays = await live('Pay', node('start', 'trigger.manual', {}), node('next', 'people.approval', params))
  await visit.ask('POST', `/workflows/${pays}/execute`, {})

  await until(async () => (await visit.ask<{ items: unknown[] }>('GET', '/approvals')).items.length > 0)
  await page.goto('/approvals')
  await page.getByText('Pay invoice 2026-114?').first().waitFor()
  await look('inbox')
  await page.getByText('Pay invoice 2026-114?').first().click()
  const shown = page.getByRole('dialog').getByRole('term').filter({ hasText: 'supplier' })
  expect(await shown.locator('xpath=following-sibling::dd[1]').textContent()).toBe('Acme')
  await page.getByLabel('Comment').fill('Fine with me.')
  await look('dialog')
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
  await page.getByText('Decided by you').waitFor()

  const link = await until(async () => {
    const listed = await visit.ask<{ items: { id: string }[] }>('GET', `/executions?workflowId=${mails}`)
    const [first] = listed.items
    if (first === undefined) return undefined
    const text = JSON.stringify(await visit.ask('GET', `/executions/${first.id}`))
    return /\/approvals\/k\d+\.[\w-]+\.[\w-]{43}/.exec(text)?.[0]
  })
  await page.goto(link)
  await look('link')
  await page.getByRole('button', { name: 'Approve' }).click()
  await page.getByText('You have approved this.').waitFor()
  await look('decided')
  expect(problems).toEqual([])
})

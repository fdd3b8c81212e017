// A person sees that a host is in trouble, and what waits for it; has it called again, and says how often it may be called.

import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Execution } from '../../worker/contract/execution.ts'
import { findViolations } from '../support/accessibility.ts'
import { until } from '../support/product.ts'
import { narrow, startVisit, wide, type Visit } from '../support/visit.ts'

/** Nobody listens there. */
const host = '127.0.0.1:1'
let visit: Visit
let page: Page
let problems: string[]
let waiting = ''

const nodes = [
  { id: 'start', type: 'trigger.manual', name: 'Start', params: {}, position: { x: 0, y: 0 } },
  {
    id: 'call',
    type: 'http.request',
    name: 'Tell the shop',
    params: { url: `http://${host}/orders` },
    // Five failures and calls are held back, for half a minute at first. Should that be over before all was looked at, one more
    // fails, and they are held back for longer. What is left fails when somebody has it called again, and is too little to hold
    // it back once more.
    settings: { retry: { maxRetries: 7, backoff: 'fixed', delayMs: 100, jitter: 'none' } },
    position: { x: 0, y: 140 },
  },
]

/** Where pictures of what is looked at are kept, if they are wanted. */
const pictures = process.env['PICTURES']

async function picture(name: string): Promise<void> {
  if (pictures === undefined) return
  for (const viewport of [narrow, wide]) {
    await page.setViewportSize(viewport)
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.screenshot({ path: join(pictures, `${name}-${viewport.width}-${scheme}.png`) })
    }
  }
}

beforeAll(async () => {
  visit = await startVisit({ env: { LEAT_EGRESS_ALLOW: host } })
  ;({ page, problems } = visit)
  const graph = { version: 1, nodes, edges: [{ id: 'e', source: 'start', sourcePort: 'out', target: 'call' }] }
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name: 'Shop', graph })
  await visit.ask('POST', `/workflows/${id}/publish`)
  ;({ executionId: waiting } = await visit.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, {}))
  await until(async () => {
    const { steps } = await visit.ask<Execution>('GET', `/executions/${waiting}`)
    return steps.some(({ deferred }) => deferred !== undefined)
  })
})

afterAll(() => visit?.stop())

test('an execution that waits for it says so, and until when', async () => {
  await page.goto(`/executions/${waiting}`)
  await page.getByText('“Tell the shop” is held back').waitFor()
  await page.getByText(`Calls to ${host} are held back`).first().waitFor()
  expect(await findViolations(page)).toEqual([])
})

test('the host is in the list, and called again when somebody says so', async () => {
  await page.goto('/settings/outbound')
  const troubles = page.getByRole('list', { name: 'Hosts in trouble' })
  await troubles.getByText(host).waitFor()
  await troubles.getByText('it could not be reached').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: `Call it now: ${host}` }).click()
  await page.getByText('None: every host').waitFor()
  // Who waited is called at once, and is not held back until half a minute is over.
  const ended = await until(async () => {
    const execution = await visit.ask<Execution>('GET', `/executions/${waiting}`)
    return execution.finishedAt === undefined ? undefined : execution
  })
  expect(ended.steps.find(({ nodeId }) => nodeId === 'call')?.failure?.code).toBe('egress.unreachable')
})

test('a rule is set for all hosts below a name, and says that each has its limit', async () => {
  await page.getByRole('button', { name: 'New rule' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Host' }).fill('*.com')
  await dialog.getByText('Each of the hosts has this limit for itself.').waitFor()
  await dialog.getByRole('button', { name: 'Save rule' }).click()
  await dialog.getByText('A host such as api.example.com').waitFor()
  await dialog.getByRole('textbox', { name: 'Host' }).fill('*.Example.com')
  expect(await findViolations(page)).toEqual([])
  await picture('rule-dialog')
  await dialog.getByRole('button', { name: 'Save rule' }).click()
  await page.getByText('60 calls per minute, 10 at once, for each host').waitFor()
  expect(await findViolations(page)).toEqual([])
  await picture('rules')
  await page.getByRole('button', { name: 'Remove the rule for *.example.com' }).click()
  await dialog.getByRole('button', { name: 'Remove rule' }).click()
  await page.getByText('No rules yet').waitFor()
})

test('a rule is set, changed and removed', async () => {
  await page.getByRole('button', { name: 'New rule' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Host' }).fill('https://API.example.com/')
  await dialog.getByRole('textbox', { name: 'Calls' }).fill('none')
  await dialog.getByRole('button', { name: 'Save rule' }).click()
  await dialog.getByText('A whole number from 1').waitFor()
  await dialog.getByRole('textbox', { name: 'Calls' }).fill('90')
  expect(await findViolations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Save rule' }).click()
  const rules = page.getByRole('list', { name: 'Rules for hosts' })
  await rules.getByText('90 calls per minute, 10 at once').waitFor()
  await page.getByRole('button', { name: 'Change the rule for api.example.com' }).click()
  await dialog.getByRole('checkbox', { name: 'Limit how often' }).click()
  await dialog.getByRole('button', { name: 'Save rule' }).click()
  await rules.getByText('As fast as steps come').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Remove the rule for api.example.com' }).click()
  await dialog.getByRole('button', { name: 'Remove rule' }).click()
  await page.getByText('No rules yet').waitFor()
  expect(problems).toEqual([])
})

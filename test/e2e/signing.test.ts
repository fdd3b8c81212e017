// A person adds an authenticator app, and signs an approval with a code.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPlainBase32 } from '../../worker/lib/plain-base32.ts'
import { totpCode, totpStepAt } from '../../worker/vault/totp.ts'
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

/** Looked at wide and light, narrow and dark. */
async function look(name: string): Promise<void> {
  for (const [colorScheme, viewport] of [
    ['light', wide],
    ['dark', narrow],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize(viewport)
    const folder = process.env['LEAT_PICTURES']
    if (folder !== undefined) await page.screenshot({ path: `${folder}/signing-${name}-${colorScheme}.png` })
    expect(await findViolations(page), `${name} ${colorScheme}`).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')).toBe(false)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(wide)
}

test(
  'an approval that asks for a code is signed with an app that was added on the way',
  { timeout: 180_000 },
  async () => {
    const start = { id: 'start', type: 'trigger.manual', name: 'Start', position: { x: 0, y: 0 }, params: {} }
    const params = { title: 'Release the payroll?', roles: ['owner'], signature: 'totp' }
    const asks = { id: 'ask', type: 'people.approval', name: 'Ask', position: { x: 300, y: 0 }, params }
    const edges = [{ id: 'e', source: 'start', sourcePort: 'out', target: 'ask' }]
    const graph = { version: 1, nodes: [start, asks], edges }
    const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name: 'Payroll', graph })
    await visit.ask('POST', `/workflows/${id}/publish`, {})
    const { executionId } = await visit.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, {})
    const isAsked = async () => (await visit.ask<{ items: unknown[] }>('GET', '/approvals')).items.length > 0
    await until(isAsked)

    await page.goto('/approvals')
    await page.getByText('Release the payroll?').first().click()
    await page.getByText('You need an authenticator app to sign this').waitFor()
    await look('missing')
    await page.getByRole('link', { name: 'add one in your settings' }).click()

    await page.getByRole('button', { name: 'Add an app' }).click()
    await page.getByLabel('Your password').fill(visit.server.demo.password)
    await page.getByRole('button', { name: 'Go on' }).click()
    const uri = await page.getByRole('link', { name: 'Open in an app on this device' }).getAttribute('href')
    await look('secret')
    const secret = readPlainBase32(new URL(uri ?? '').searchParams.get('secret') ?? '')
    if (secret === null) throw new Error(`no secret in ${uri}`)
    await page.getByLabel('Code').fill(await totpCode(secret, totpStepAt(Date.now())))
    await page.getByRole('button', { name: 'Add it' }).click()
    const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
    await codes.first().waitFor()
    expect(await codes.count()).toBe(10)
    const recoveryCode = (await codes.first().textContent()) ?? ''
    await look('recovery')
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 recovery codes left').waitFor()
    await look('settings')

    await page.goto('/approvals')
    await page.getByText('Release the payroll?').first().click()
    const field = page.getByLabel('Code of your authenticator app')
    await field.fill('no-such-code')
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('The code is not right').waitFor()
    await look('wrong')
    await field.fill(recoveryCode)
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('Approved').first().waitFor()
    await until(async () => {
      const { status } = await visit.ask<{ status: string }>('GET', `/executions/${executionId}`)
      return status === 'completed' ? true : undefined
    })
    // A refused signature is an answer of the server, which the browser notes.
    expect(problems.filter((problem) => !problem.includes('403'))).toEqual([])
  },
)

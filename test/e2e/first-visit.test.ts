// The first minutes: somebody starts Leat, signs in, looks at the sample workflow, fires it and finds what it did.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { watchProblems } from '../support/browser.ts'
import { startVisit, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]

beforeAll(async () => {
  visit = await startVisit()
  page = await visit.openPage()
  problems = watchProblems(page)
})

afterAll(() => visit?.stop())

test('a stranger is shown the door and, once signed in, the page that was asked for', async () => {
  await page.goto('/workflows')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(await findViolations(page)).toEqual([])

  await page.getByLabel('E-mail').fill(visit.server.demo.email)
  await page.getByLabel('Password').fill(visit.server.demo.password)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Welcome a lead' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/workflows')
  expect(await findViolations(page)).toEqual([])
})

test('the sample workflow opens in the builder with all of its nodes', async () => {
  await page.getByRole('link', { name: 'Welcome a lead' }).click()
  for (const name of ['A lead comes in', 'How warm?', 'Answer']) await page.getByText(name, { exact: true }).waitFor()
  expect(await findViolations(page)).toEqual([])
})

test('what the webhook answered is found among the executions', async () => {
  const fired = await fetch(visit.server.demo.hookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada', score: 72 }),
  })
  expect(await fired.json()).toMatchObject({ level: 'hot' })

  await page.getByRole('link', { name: 'Executions' }).first().click()
  await page.getByText('Completed').first().waitFor()
  expect(await findViolations(page)).toEqual([])
})

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([])
})

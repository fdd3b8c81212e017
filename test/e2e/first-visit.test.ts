// The first minutes: somebody starts Leat, signs in, looks at the sample workflow, fires it and finds what it did.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { watchProblems } from '../support/browser.ts'
import { keepPictures, startVisit, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]

beforeAll(async () => {
  visit = await startVisit()
  page = await visit.openPage()
  problems = watchProblems(page)
})

afterAll(() => visit?.stop())

const look = (name: string) => keepPictures(page, `first-visit-${name}`)

const nothing = () => page.getByRole('heading', { name: 'There is nothing at this address' })

test('a stranger at an address where there is nothing is told so, and not asked to sign in for it', async () => {
  await page.goto('/nowhere/at-all')
  await nothing().waitFor()
  expect(await page.getByRole('navigation').count()).toBe(0)
  expect(await findViolations(page)).toEqual([])
  await look('nothing-for-a-stranger')
})

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

test('a variable’s first value stays as it is typed, brackets and quotes too', async () => {
  await page.getByRole('button', { name: 'More', exact: true }).first().click()
  await page.getByRole('menuitem', { name: 'Variables and settings' }).click()
  await page.getByRole('button', { name: 'Add variable' }).click()
  await page
    .getByLabel(/^Name of variable/)
    .last()
    .fill('order')
  const value = page.getByRole('textbox', { name: 'First value of order' })
  await value.click()
  await page.keyboard.type('{"a": [1, "b')
  await expect.poll(() => value.innerText()).toBe('{"a": [1, "b"]}')
  expect(await findViolations(page)).toEqual([])
  await look('variables')
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

test('what was received is there to test with, and what expressions are shown with', async () => {
  await page.goto('/workflows')
  await page.getByRole('link', { name: 'Welcome a lead' }).click()
  await page.getByRole('button', { name: 'Test run' }).click()
  await page.getByRole('button', { name: 'Received data' }).click()
  await page.getByRole('menuitem', { name: /Completed/ }).click()
  const data = page.getByRole('textbox', { name: 'Data of the test run' })
  await expect.poll(() => data.innerText()).toContain('"score": 72')
  expect(await findViolations(page)).toEqual([])
  await look('received-data')

  await page.reload()
  await page.getByText('How warm?', { exact: true }).dblclick()
  await page.getByRole('button', { name: 'Data from earlier steps' }).click()
  const earlier = page.getByRole('complementary', { name: 'Data from earlier steps' })
  await earlier.getByText('test data').waitFor()
  await earlier.getByRole('tree').first().getByText('72', { exact: true }).waitFor()
})

test('who is signed in keeps the way around at an address where there is nothing', async () => {
  await page.goto('/workflows-of-old/3')
  await nothing().waitFor()
  await look('nothing')
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('link', { name: 'Executions' }).first().waitFor()
  await page.getByRole('link', { name: 'Go to Home' }).click()
  await page.waitForURL(({ pathname }) => pathname === '/')
})

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([])
})

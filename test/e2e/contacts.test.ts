// A person keeps contacts: makes one, changes it while somebody else does, finds it by its tag, and lets it go.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/accessibility.ts'
import { until } from '../support/product.ts'
import { startVisit, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page
let problems: string[]
let contactId: string

beforeAll(async () => {
  visit = await startVisit()
  ;({ page, problems } = visit)
})

afterAll(() => visit?.stop())

const save = () => page.getByRole('button', { name: 'Save', exact: true }).click()
const saved = () => page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'detached' })

test('a workflow waits for a tag', async () => {
  const nodes = [
    {
      id: 'on',
      type: 'trigger.event',
      name: 'A tag',
      params: { eventType: 'contact.tag.added' },
      position: { x: 0, y: 0 },
    },
    {
      id: 'mark',
      type: 'contact.update',
      name: 'Mark it',
      params: {
        contactId: '{{ trigger.contactId }}',
        fields: [{ name: 'source', value: 'tagged {{ trigger.data.tag }}' }],
      },
      position: { x: 300, y: 0 },
    },
  ]
  const edges = [{ id: 'e', source: 'on', sourcePort: 'out', target: 'mark' }]
  const graph = { version: 1, nodes, edges }
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name: 'Tagged', graph })
  const { status } = await visit
    .ask<{ status?: string }>('POST', `/workflows/${id}/publish`, {})
    .then(() => visit.ask<{ status: string }>('GET', `/workflows/${id}`))
  expect(status).toBe('active')
})

test('the first contact is made where there is none', async () => {
  await page.getByRole('link', { name: 'Contacts' }).click()
  await page.getByRole('heading', { name: 'Everybody your workflows deal with' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Create the first contact' }).click()
  await page.getByRole('button', { name: 'Create contact' }).click()
  await page.getByText('Enter a name, an e-mail or a phone number.').waitFor()
  await page.getByLabel('First name').fill('Ada')
  await page.getByLabel('Last name').fill('Lovelace')
  await page.getByLabel('E-mail').fill('Ada@Example.com')
  await page.getByLabel('Phone').fill('020 7946 0958')
  await page.getByRole('button', { name: 'Create contact' }).click()
  await page.getByText('It must be a phone number with its country code').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByLabel('Phone').fill('+44 20 7946 0958')
  await page.getByRole('button', { name: 'Create contact' }).click()
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
  contactId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await page.getByRole('link', { name: 'ada@example.com' }).waitFor()
  expect(await findViolations(page)).toEqual([])
})

test('a field of one’s own is defined, and its contact has it', async () => {
  await page.goto('/contacts')
  await page.getByRole('button', { name: 'Custom fields' }).click()
  await page.getByLabel('New field').fill('Plan')
  await page.getByLabel('Holds').click()
  await page.getByRole('option', { name: 'One of several' }).click()
  await page.getByLabel('Options').fill('free, team')
  await page.getByRole('button', { name: 'Add field' }).click()
  await page.getByText('custom.plan').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Done' }).click()

  await page.getByRole('link', { name: 'Ada Lovelace' }).click()
  await page.getByLabel('Plan').click()
  await page.getByRole('option', { name: 'team' }).click()
  await page.getByLabel('Company').fill('Analytical Engines')
  await save()
  await saved()
  const contact = await visit.ask('GET', `/contacts/${contactId}`)
  expect(contact).toMatchObject({ company: 'Analytical Engines', custom: { plan: 'team' }, revision: 2 })
})

test('a tag starts the workflow that waits for it', async () => {
  await page.getByPlaceholder('Add a tag…').fill('VIP')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove the tag vip' }).waitFor()
  await save()
  await saved()
  const source = await until(async () => {
    const contact = await visit.ask<{ source: string | null }>('GET', `/contacts/${contactId}`)
    return contact.source ?? undefined
  })
  expect(source).toBe('tagged vip')
})

test('what somebody else changed is kept, and what both changed is asked', async () => {
  await page.reload()
  await page.getByLabel('Job title').fill('Countess')
  await page.getByLabel('City').fill('London')
  const { revision } = await visit.ask<{ revision: number }>('GET', `/contacts/${contactId}`)
  const theirs = { jobTitle: 'Programmer', language: 'en' }
  await visit.ask('PATCH', `/contacts/${contactId}`, theirs, { 'if-match': `"${revision}"` })
  await save()
  await page.getByRole('heading', { name: 'Somebody else changed this contact' }).waitFor()
  await page.getByRole('cell', { name: 'Programmer' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Keep mine' }).click()
  await saved()
  const contact = await visit.ask('GET', `/contacts/${contactId}`)
  expect(contact).toMatchObject({ jobTitle: 'Countess', language: 'en', address: { city: 'London' } })
})

test('contacts are found by what is typed and by their tags', async () => {
  await visit.ask('POST', '/contacts', { firstName: 'Grace', lastName: 'Hopper', tags: ['navy'] })
  await page.goto('/contacts')
  await page.getByRole('link', { name: 'Grace Hopper' }).waitFor()
  await page.getByRole('button', { name: 'Tag', exact: true }).click()
  await page.getByRole('menuitemcheckbox', { name: 'vip' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Grace Hopper' }).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.goto('/contacts?search=hopper')
  await page.getByRole('link', { name: 'Grace Hopper' }).waitFor()
  await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor({ state: 'detached' })
  await page.getByLabel('Search contacts').fill('nobody')
  await page.getByRole('heading', { name: 'No contact fits' }).waitFor()
})

test('a contact is deleted only after one more question', async () => {
  await page.goto(`/contacts/${contactId}`)
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Delete contact' }).click()
  await page.getByRole('button', { name: 'Delete contact' }).click()
  await page.getByRole('link', { name: 'Grace Hopper' }).waitFor()
  await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor({ state: 'detached' })
  await page.goto(`/contacts/${contactId}`)
  await page.getByRole('heading', { name: 'No such contact' }).waitFor()
  expect(await findViolations(page)).toEqual([])
})

test('nothing went wrong on the way', () => {
  // What the browser itself logs for the answers 400, 404 and 412, which were asked for.
  expect(problems.filter((problem) => !/Failed to load resource.*status of 4\d\d/.test(problem))).toEqual([])
})

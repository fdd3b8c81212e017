// The organization's members: how they come, what they are and see, and how they go.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CurrentMember } from '#contract/member.ts'
import { findViolations } from '../support/accessibility.ts'
import { keepPictures, startVisit, type Visit } from '../support/visit.ts'

const email = 'grace.hopper@example.com'
const password = 'nanoseconds of wire'

let visit: Visit
let page: Page
let guest: Page
let organization: CurrentMember['organization']

beforeAll(async () => {
  visit = await startVisit()
  page = visit.page
  guest = await visit.openPage()
  organization = (await visit.ask<CurrentMember>('GET', '/me')).organization
})

afterAll(() => visit?.stop())

const look = (name: string, of = page) => keepPictures(of, `members-${name}`)

async function meOf(who: Page): Promise<CurrentMember> {
  const answer = await who.request.get(`${visit.server.url}/api/v2/me`)
  const { data } = (await answer.json()) as { data: CurrentMember }
  return data
}

/** What the owner does by the API, in their own name. */
async function post<Data>(path: string, data: object): Promise<Data> {
  const headers = { origin: new URL(visit.server.url).origin }
  const answer = await page.request.post(`${visit.server.url}/api/v2${path}`, { data, headers })
  expect(answer.ok(), await answer.text()).toBe(true)
  return ((await answer.json()) as { data: Data }).data
}

const linkFor = async (address: string) =>
  (await post<{ id: string; link: string }>('/invitations', { email: address, role: 'viewer' })).link

async function choose(label: string, option: string) {
  await page.getByLabel(label).click()
  await page.getByRole('option', { name: option }).click()
}

test('the only owner is told why they cannot leave', async () => {
  await page.goto('/settings/members')
  await page.getByText('You are the only owner.').waitFor()
  expect(await page.getByRole('button', { name: /^More for/ }).count()).toBe(0)
})

test('somebody is invited by a link that is shown once', async () => {
  await page.getByText('Nobody is invited at the moment.').waitFor()
  await page.getByRole('button', { name: 'Invite' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Leat sends no mail').waitFor()
  await dialog.getByRole('button', { name: 'Make invitation' }).click()
  await dialog.getByText('Enter their e-mail address.').waitFor()
  await dialog.getByLabel('E-mail').fill(email)
  await choose('Role', 'Operator')
  expect(await findViolations(page)).toEqual([])
  await look('invite')
  await dialog.getByRole('button', { name: 'Make invitation' }).click()

  await dialog.getByText('Pass on this link').waitFor()
  const link = await dialog.locator('code').innerText()
  expect(link).toContain(`${visit.server.url}/invitation#`)
  expect(await findViolations(page)).toEqual([])
  await look('link')
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByText(/^Operator · invited by you/).waitFor()
  expect(await page.content()).not.toContain(link.split('#')[1])

  // A new one takes its place.
  await page.getByRole('button', { name: `New link for ${email}` }).click()
  await dialog.getByRole('button', { name: 'Make new link' }).click()
  await dialog.getByText('Pass on this link').waitFor()
  const next = await dialog.locator('code').innerText()
  await dialog.getByRole('button', { name: 'I have copied it' }).click()

  await guest.goto(link)
  await guest.getByText('This link leads to no invitation').waitFor()
  expect(await findViolations(guest)).toEqual([])
  await look('unknown', guest)
  await guest.goto(next)
})

test('they make an account by it and are in the organization', async () => {
  await guest.getByRole('heading', { name: `Join ${organization.name}` }).waitFor()
  await guest.getByText(/invites you, as Operator/).waitFor()
  expect(await findViolations(guest)).toEqual([])
  await look('join', guest)
  await guest.getByRole('button', { name: 'Create account and join' }).click()
  await guest.getByText('Enter your name, as colleagues know it.').waitFor()
  await guest.getByLabel('Name').fill('Grace Hopper')
  await guest.getByLabel('Password').fill(password)
  await guest.keyboard.press('Enter')

  await guest.getByText(`You are in ${organization.name}`).waitFor()
  await guest.getByRole('button', { name: `Organization: ${organization.name}` }).waitFor()
  expect((await meOf(guest)).role).toBe('operator')
})

test('they stand in the list, and are given another role and wider sight there', async () => {
  await page.reload()
  await page.getByText('Grace Hopper', { exact: true }).waitFor()
  await page.getByText('Nobody is invited at the moment.').waitFor()
  await linkFor('alan.turing@example.com')
  await page.reload()
  await page.getByText('alan.turing@example.com').waitFor()
  expect(await page.getByLabel(/^Role of /).count()).toBe(1)
  expect(await page.getByLabel(/^What .* sees$/).count()).toBe(1)
  expect(await findViolations(page)).toEqual([])
  await look('list')

  await page.getByLabel('Role of Grace Hopper').click()
  await page.getByRole('option', { name: 'Owner' }).waitFor()
  await look('roles')
  await page.getByRole('option', { name: 'Editor' }).click()
  await expect.poll(async () => (await meOf(guest)).role).toBe('editor')
  await choose('What Grace Hopper sees', 'Sees everything')
  await expect.poll(async () => (await meOf(guest)).sight).toBe('organization')

  await choose('Role of Grace Hopper', 'Owner')
  await page.getByRole('dialog').getByText('Make Grace Hopper an owner?').waitFor()
  await look('make-owner')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(() => page.getByLabel('Role of Grace Hopper').innerText()).toContain('Editor')

  await page.reload()
  await expect.poll(() => page.getByLabel('What Grace Hopper sees').innerText()).toContain('Sees everything')
  expect((await meOf(guest)).role).toBe('editor')
})

test('what could not be saved is said, and shown as it was', async () => {
  await page.route('**/api/v2/members/*', (route) => route.abort())
  await choose('What Grace Hopper sees', 'Sees their teams’')
  await page.getByText('What Grace Hopper sees was not changed').waitFor()
  await expect.poll(() => page.getByLabel('What Grace Hopper sees').innerText()).toContain('Sees everything')
  await choose('Role of Grace Hopper', 'Viewer')
  await page.getByText('Grace Hopper’s role was not changed').waitFor()
  await expect.poll(() => page.getByLabel('Role of Grace Hopper').innerText()).toContain('Editor')
  await page.unroute('**/api/v2/members/*')
})

test('who does not manage members sees who they are and who may, and can leave', async () => {
  await guest.goto('/settings/members')
  await guest.getByText('Grace Hopper (you)').waitFor()
  await guest.getByText(/Owners and administrators invite people/).waitFor()
  expect(await guest.getByLabel(/^(Role of|What) /).count()).toBe(0)
  expect(await guest.getByText('Open invitations').count()).toBe(0)
  expect(await findViolations(guest)).toEqual([])
  await look('guest', guest)
  await guest.getByRole('button', { name: 'More for Grace Hopper' }).click()
  await guest.getByRole('menuitem', { name: `Leave ${organization.name}` }).click()
  await guest.getByRole('dialog').getByRole('button', { name: 'Stay' }).click()
})

test('who is removed is told so on the page that they have open', async () => {
  await page.getByRole('button', { name: 'More for Grace Hopper' }).click()
  await page.getByRole('menuitem', { name: 'Remove Grace Hopper' }).click()
  await page.getByRole('dialog').getByText(`Remove Grace Hopper from ${organization.name}?`).waitFor()
  await look('remove')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Grace Hopper is no longer a member').waitFor()
  expect(await page.getByLabel('Role of Grace Hopper').count()).toBe(0)

  await guest.getByRole('link', { name: 'Workflows' }).first().click()
  await guest.getByText(`You are no longer a member of ${organization.name}`).waitFor()
  await guest.getByRole('button', { name: /^Organization: Grace Hopper/ }).waitFor()
  await look('told', guest)
})

test('another account is told whose invitation it is, and the right one joins with what it has', async () => {
  const link = await linkFor('ada@example.com')
  await guest.goto(link)
  await guest.getByText('You are signed in with another address').waitFor()
  expect(await findViolations(guest)).toEqual([])
  await look('other-account', guest)
  await guest.getByRole('button', { name: 'Sign out and go on as ada@example.com' }).click()
  await guest.getByRole('button', { name: 'Create account and join' }).waitFor()

  await guest.goto(await linkFor(email))
  await guest.getByRole('button', { name: 'Sign in' }).click()
  await guest.getByLabel('Password').fill(password)
  await guest.getByRole('button', { name: 'Sign in and join' }).click()
  await guest.getByText(`You are in ${organization.name}`).waitFor()
  expect((await meOf(guest)).role).toBe('viewer')
})

test('an invitation that is over says how it ended', async () => {
  const revoked = await post<{ id: string; link: string }>('/invitations', { email: 'bob@example.com', role: 'viewer' })
  await page.goto('/settings/members')
  await page.getByRole('button', { name: 'Revoke the invitation of bob@example.com' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('bob@example.com is no longer invited').waitFor()
  const other = await visit.openPage()
  await other.goto(revoked.link)
  await other.getByText('This invitation was taken back').waitFor()
  await look('revoked', other)

  await other.goto(await linkFor('bob@example.com'))
  await other.getByRole('button', { name: 'Decline the invitation' }).click()
  await other.getByText('This invitation was declined').waitFor()
  expect(await findViolations(other)).toEqual([])

  const used = await linkFor('carol@example.com')
  await other.goto(used)
  await other.getByLabel('Name').fill('Carol')
  await other.getByLabel('Password').fill(password)
  await other.keyboard.press('Enter')
  await other.getByText(`You are in ${organization.name}`).waitFor()
  await other.goto(used)
  await other.getByText('This invitation was used already').waitFor()
  await other.getByRole('button', { name: `Open ${organization.name}` }).waitFor()
  await look('used', other)
})

test('of many members some are shown at a time, and anybody is found', async () => {
  const [some] = await visit.ask<{ items: object[] }>('GET', '/members').then(({ items }) => items)
  const items = Array.from({ length: 60 }, (_, index) => ({
    ...some,
    userId: `usr_${index}`,
    name: `Person ${index}`,
    email: `person-${index}@example.com`,
    role: 'viewer',
  }))
  await page.route('**/api/v2/members', (route) => route.fulfill({ json: { success: true, data: { items } } }))
  await page.goto('/settings/members')
  await page.getByText('Person 49', { exact: true }).waitFor()
  expect(await page.getByText('Person 50', { exact: true }).count()).toBe(0)
  await look('many')
  await page.getByLabel('Search members').fill('person-57')
  await page.getByText('Person 57', { exact: true }).waitFor()
  await expect.poll(() => page.getByText(/^Person \d+$/).count()).toBe(1)
  expect(await findViolations(page)).toEqual([])
  await page.unroute('**/api/v2/members')
})

test('a page goes between its organizations by the switcher, and leaves one of them', async () => {
  const own = guest.getByRole('button', { name: /^Organization: Grace Hopper/ })
  await guest.getByRole('button', { name: `Organization: ${organization.name}` }).click()
  await guest.getByRole('menuitemcheckbox', { name: /Grace Hopper/ }).click()
  await own.waitFor()
  expect((await meOf(guest)).role).toBe('owner')
  await own.click()
  await guest.getByRole('menuitemcheckbox', { name: organization.name }).click()
  await guest.getByRole('button', { name: `Organization: ${organization.name}` }).waitFor()

  await guest.goto('/settings/members')
  await guest.getByRole('button', { name: 'More for Grace Hopper' }).click()
  await guest.getByRole('menuitem', { name: `Leave ${organization.name}` }).click()
  await guest.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
  await guest.getByText(`You have left ${organization.name}`).waitFor()
  await own.waitFor()
  expect((await meOf(guest)).organizations).toHaveLength(1)
})

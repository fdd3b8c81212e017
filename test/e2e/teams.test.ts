// Teams: made, filled and deleted under Settings; what is shared with one, seen by whoever is in it.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CurrentMember, Member } from '#contract/member.ts'
import type { Team } from '#contract/team.ts'
import type { Workflow, WorkflowSummary } from '#contract/workflow.ts'
import { findViolations } from '../support/accessibility.ts'
import { keepPictures, narrow, startVisit, type Visit, wide } from '../support/visit.ts'

const password = 'nanoseconds of wire'

let visit: Visit
let page: Page
let guest: Page
let organization: CurrentMember['organization']

beforeAll(async () => {
  visit = await startVisit()
  page = visit.page
  organization = (await visit.ask<CurrentMember>('GET', '/me')).organization
  guest = await visit.openPage()
  await arrive(guest, 'Grace Hopper', 'grace@example.com', 'editor')
  await arrive(await visit.openPage(), 'Alan Turing', 'alan@example.com', 'viewer')
})

afterAll(() => visit?.stop())

const look = (name: string, of = page) => keepPictures(of, `teams-${name}`)

/** What somebody does by the API with their session. */
async function asks<Data>(
  who: Page,
  method: string,
  path: string,
  data?: object,
  more: Record<string, string> = {},
): Promise<Data> {
  const headers = { origin: new URL(visit.server.url).origin, ...more }
  const url = `${visit.server.url}/api/v2${path}`
  const answer = await who.request.fetch(url, { method, headers, ...(data === undefined ? {} : { data }) })
  expect(answer.ok(), await answer.text()).toBe(true)
  return ((await answer.json()) as { data: Data }).data
}

/** Joins the organization by an invitation's link. */
async function arrive(who: Page, name: string, email: string, role: string) {
  const { link } = await asks<{ link: string }>(page, 'POST', '/invitations', { email, role })
  await who.goto(link)
  await who.getByLabel('Name').fill(name)
  await who.getByLabel('Password').fill(password)
  await who.keyboard.press('Enter')
  await who.getByText(`You are in ${organization.name}`).waitFor()
}

const names = async (who: Page) =>
  (await asks<{ items: WorkflowSummary[] }>(who, 'GET', '/workflows')).items.map(({ name }) => name)

test('an organization without teams is told what they are for', async () => {
  await page.goto('/settings/members')
  const strip = page.getByRole('navigation', { name: 'Settings' })
  await strip.getByRole('link', { name: 'Teams' }).click()
  await page.getByText('No team yet').waitFor()
  expect(await strip.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  expect(await findViolations(page)).toEqual([])
  await look('none')
  await guest.goto('/settings/teams')
  await guest.getByText('You are in no team').waitFor()
  await guest.getByText(/Owners and administrators make teams/).waitFor()
  expect(await guest.getByRole('button', { name: 'New team' }).count()).toBe(0)
})

test('a team is made and filled, by the keyboard alone', async () => {
  await page.getByRole('button', { name: 'New team' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').waitFor()
  await page.keyboard.press('Enter')
  await dialog.getByText('Enter a name').waitFor()
  await dialog.getByLabel('Name').fill('Sales')
  await look('new')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Sales' }).waitFor()
  await page.getByText('Nobody is in it yet', { exact: true }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await look('empty')

  await page.getByRole('button', { name: 'Add members' }).focus()
  await page.keyboard.press('Enter')
  await dialog.getByLabel('Search by name or e-mail').fill('grace')
  await expect.poll(() => dialog.getByRole('checkbox').count()).toBe(1)
  await dialog.getByLabel(/Grace Hopper/).focus()
  await page.keyboard.press('Space')
  await dialog.getByLabel('Search by name or e-mail').fill('')
  await dialog.getByLabel(/Alan Turing/).check()
  await dialog.getByRole('button', { name: 'Add 2 members' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await look('add')
  await dialog.getByRole('button', { name: 'Add 2 members' }).click()
  await page.getByText('2 members. Each sees').waitFor()
  await page.getByText('grace@example.com').waitFor()
  // What opened the dialog is gone: the keyboard goes on in the page.
  await expect.poll(() => page.locator('main').evaluate((main) => main.matches(':focus'))).toBe(true)
  expect(await findViolations(page)).toEqual([])
  await look('team')
})

test('a name that another team has is refused where it is typed', async () => {
  await page.getByRole('link', { name: 'All teams' }).click()
  await page.getByRole('button', { name: 'New team' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('SALES')
  await page.keyboard.press('Enter')
  await page.getByText('Another team has this name already.').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('dialog').getByLabel('Name').fill('Support')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Support' }).waitFor()
  await page.getByRole('button', { name: 'More for Support' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Customer support')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Customer support' }).waitFor()
  await page.getByRole('link', { name: 'All teams' }).click()
  await page.getByText('2 members').waitFor()
  expect(await findViolations(page)).toEqual([])
  await look('list')
})

test('the members’ page names their teams', async () => {
  await page.goto('/settings/members')
  await page.getByText('Grace Hopper', { exact: true }).waitFor()
  expect(await page.getByRole('link', { name: 'Sales' }).count()).toBe(2)
  expect(await findViolations(page)).toEqual([])
  await look('members')
})

test('a workflow is shared with teams, which are named, and nobody is where there is none', async () => {
  const mine = await asks<Workflow>(page, 'POST', '/workflows', { name: 'Quarterly plan' })
  await page.goto('/workflows')
  await page.getByRole('button', { name: 'More for Quarterly plan' }).click()
  await page.getByRole('menuitem', { name: 'Share…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Who sees it').click()
  await page.getByRole('option', { name: /Your teams/ }).click()
  await dialog.getByText(/You are in no team, so this shares it with nobody yet/).waitFor()
  expect(await findViolations(page)).toEqual([])
  await look('share-none')
  await page.keyboard.press('Escape')

  const team = (await asks<{ items: Team[] }>(page, 'GET', '/teams')).items.find(({ name }) => name === 'Sales')!
  const owner = (await visit.ask<CurrentMember>('GET', '/me')).userId
  await asks(page, 'PUT', `/teams/${team.id}/members/${owner}`)
  expect(await names(guest)).not.toContain('Quarterly plan')

  await page.goto(`/workflows/${mine.id}`)
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Share…' }).click()
  await dialog.getByLabel('Who sees it').click()
  await page.getByRole('option', { name: /Your teams/ }).waitFor()
  await look('share-choices')
  await page.getByRole('option', { name: /Your teams/ }).click()
  await dialog.getByText(/^Everybody in Sales,/).waitFor()
  expect(await findViolations(page)).toEqual([])
  await look('share')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => names(guest)).toContain('Quarterly plan')

  // The builder goes on from there: what is drawn next meets no conflict.
  await page.getByRole('button', { name: 'Quarterly plan' }).click()
  await page.getByLabel('Name of the workflow').fill('Yearly plan')
  await page.keyboard.press('Enter')
  await expect.poll(() => names(guest)).toContain('Yearly plan')
  expect(await page.getByRole('dialog').count()).toBe(0)
})

test('a contact’s page names the teams as well', async () => {
  const ada = await asks<{ id: string }>(page, 'POST', '/contacts', { firstName: 'Ada' })
  await page.goto(`/contacts/${ada.id}`)
  await page.getByLabel('Who sees it').click()
  await page.getByRole('option', { name: /Your teams/ }).click()
  await page.getByText(/^Everybody in Sales,/).waitFor()
  expect(await findViolations(page)).toEqual([])
  await look('contact')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
})

test('a colleague who shares a workflow that is not theirs is warned, and disturbs nobody who draws it', async () => {
  const { items } = await asks<{ items: WorkflowSummary[] }>(page, 'GET', '/workflows')
  const { id } = items.find(({ name }) => name === 'Yearly plan')!
  await page.goto(`/workflows/${id}`)
  await page.getByRole('button', { name: 'Yearly plan' }).waitFor()

  await guest.goto('/workflows')
  await guest.getByRole('button', { name: 'More for Yearly plan' }).click()
  await guest.getByRole('menuitem', { name: 'Share…' }).click()
  await guest.getByLabel('Who sees it').click()
  await guest.getByRole('option', { name: /Only its maker/ }).click()
  await guest.getByText('Then you do not see it yourself any more.').waitFor()
  await look('warned', guest)
  await guest.getByLabel('Who sees it').click()
  await guest.getByRole('option', { name: 'Everybody here' }).click()
  await guest.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await guest.getByRole('dialog').waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'Yearly plan' }).click()
  await page.getByLabel('Name of the workflow').fill('Ten-year plan')
  await page.keyboard.press('Enter')
  await expect.poll(() => names(guest)).toContain('Ten-year plan')
  expect(await page.getByRole('dialog').count()).toBe(0)
  // It is shared with teams again, for those who come after.
  const { revision } = await asks<Workflow>(page, 'GET', `/workflows/${id}`)
  await asks(
    page,
    'PATCH',
    `/workflows/${id}`,
    { visibility: 'team', name: 'Yearly plan' },
    { 'if-match': `"${revision}"` },
  )
})

test('who is in a team sees it and leaves it by themselves, and then sees nothing of it', async () => {
  await guest.goto('/settings/teams')
  await guest.getByText('You are in it').waitFor()
  await guest.getByRole('link', { name: 'Sales' }).click()
  await guest.getByText('Grace Hopper (you)').waitFor()
  expect(await guest.getByRole('button', { name: /^Remove / }).count()).toBe(0)
  expect(await findViolations(guest)).toEqual([])
  await look('guest', guest)
  await guest.getByRole('button', { name: 'Leave the team' }).click()
  await look('leave', guest)
  await guest.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
  await guest.getByText('You have left “Sales”').waitFor()
  await guest.getByText('You are in no team').waitFor()
  expect(await names(guest)).not.toContain('Yearly plan')
})

test('whoever is taken out is put back by “Undo”', async () => {
  const sales = (await asks<{ items: Team[] }>(page, 'GET', '/teams')).items.find(({ name }) => name === 'Sales')!
  await page.goto(`/settings/teams/${sales.id}`)
  await page.getByRole('button', { name: 'Remove Alan Turing from the team' }).click()
  await page.getByText('Alan Turing is no longer in “Sales”').waitFor()
  const next = page.getByRole('button', { name: 'Leave the team' })
  await expect.poll(() => next.evaluate((button) => button.matches(':focus'))).toBe(true)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Remove Alan Turing from the team' }).waitFor()
})

test('of many members some are shown at a time, in a team and to choose from, and anybody is found', async () => {
  const { items } = await asks<{ items: Member[] }>(page, 'GET', '/members')
  const people = Array.from({ length: 130 }, (_, index) => ({
    ...items[0]!,
    userId: `usr_${index}`,
    name: `Person ${index}`,
    email: `person-${index}@example.com`,
  }))
  const given = (data: object) => ({ json: { success: true, data } })
  const inside = people.slice(0, 60).map(({ userId, name, email }) => ({ userId, name, email }))
  const team = { id: 'team_many', name: 'Many', memberCount: 60, createdAt: items[0]!.joinedAt, members: inside }
  await page.route('**/api/v2/teams/team_many', (route) => route.fulfill(given(team)))
  await page.route('**/api/v2/members', (route) => route.fulfill(given({ items: people })))
  await page.goto('/settings/teams/team_many')
  await page.getByText('Person 49', { exact: true }).waitFor()
  expect(await page.getByText('Person 50', { exact: true }).count()).toBe(0)
  await look('many')
  await page.getByLabel('Search the team').fill('person-57')
  await expect.poll(() => page.getByText(/^Person \d+$/).count()).toBe(1)

  await page.getByRole('button', { name: 'Add members' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('And 20 more: search for them.').waitFor()
  expect(await dialog.getByRole('checkbox').count()).toBe(50)
  expect(await findViolations(page)).toEqual([])
  await look('add-many')
  await dialog.getByLabel('Search by name or e-mail').fill('nobody at all')
  await dialog.getByText('Nobody else has “nobody at all” in their name or e-mail address.').waitFor()
  await page.unroute('**/api/v2/members')
  await page.unroute('**/api/v2/teams/team_many')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
})

test('what could not be done is said, and shown as it was', async () => {
  await page.getByRole('link', { name: 'All teams' }).click()
  await page.getByRole('link', { name: 'Sales' }).click()
  await page.route('**/api/v2/teams/*/members/*', (route) => route.abort())
  await page.getByRole('button', { name: 'Remove Alan Turing from the team' }).click()
  await page.getByText('Alan Turing is still in the team').waitFor()
  await page.getByRole('button', { name: 'Remove Alan Turing from the team' }).waitFor()
  await page.unroute('**/api/v2/teams/*/members/*')
})

test('whoever deletes a team is told what becomes of what was shared, and nothing is lost', async () => {
  const { items } = await asks<{ items: Member[] }>(page, 'GET', '/members')
  const grace = items.find(({ name }) => name === 'Grace Hopper')!
  const sales = (await asks<{ items: Team[] }>(page, 'GET', '/teams')).items.find(({ name }) => name === 'Sales')!
  await asks(page, 'PUT', `/teams/${sales.id}/members/${grace.userId}`)
  expect(await names(guest)).toContain('Yearly plan')
  await guest.goto(`/settings/teams/${sales.id}`)
  await guest.getByText('Grace Hopper (you)').waitFor()

  await page.getByRole('button', { name: 'More for Sales' }).click()
  await page.getByRole('menuitem', { name: 'Delete team' }).click()
  await page.getByRole('dialog').getByText('is seen by its maker alone').waitFor()
  expect(await findViolations(page)).toEqual([])
  await look('delete')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete team' }).click()
  await page.getByText('“Sales” is deleted').waitFor()
  await page.getByRole('link', { name: 'Customer support' }).waitFor()
  expect(await page.getByRole('link', { name: 'Sales' }).count()).toBe(0)
  expect(await names(page)).toContain('Yearly plan')
  expect(await names(guest)).not.toContain('Yearly plan')

  await guest.reload()
  await guest.getByText('This team is not here').waitFor()
  await look('gone', guest)
})

test('on a phone a team is found, filled and left', async () => {
  await page.setViewportSize(narrow)
  await page.goto('/settings/teams')
  await page.getByRole('link', { name: 'Customer support' }).click()
  await page.getByRole('button', { name: 'Add members' }).click()
  await page
    .getByRole('dialog')
    .getByLabel(/\(you\)/)
    .check()
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('1 member. Each sees').waitFor()
  expect(await findViolations(page)).toEqual([])
  expect(await page.locator('html').evaluate(({ scrollWidth }) => scrollWidth)).toBeLessThanOrEqual(narrow.width)
  await page.getByRole('button', { name: 'Leave the team' }).click()
  await page.getByText('You are no longer in “Customer support”').waitFor()
  await page.setViewportSize(wide)
})

test('nothing went wrong on the page but what was made to', () => {
  expect(visit.problems.filter((problem) => !/members|Failed to fetch|net::ERR_FAILED|409|412/.test(problem))).toEqual(
    [],
  )
})

// The organization's members: who they are, and how far each of them sees.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CurrentMember } from '#contract/member.ts'
import { findViolations } from '../support/accessibility.ts'
import { narrow, startVisit, type Visit, wide } from '../support/visit.ts'

let visit: Visit
let page: Page
let guest: Page

beforeAll(async () => {
  visit = await startVisit()
  page = visit.page
  guest = await visit.openPage()
  const { organization } = await visit.ask<CurrentMember>('GET', '/me')
  const email = 'grace.hopper@example.com'
  await post(guest, '/sign-up/email', { name: 'Grace Hopper', email, password: 'nanoseconds of wire' })
  const invitation = await post(page, '/organization/invite-member', {
    email,
    role: 'editor',
    organizationId: organization.id,
  })
  await post(guest, '/organization/accept-invitation', { invitationId: invitation.id })
})

afterAll(() => visit?.stop())

async function post(by: Page, path: string, data: object): Promise<{ id: string }> {
  const { url } = visit.server
  const answer = await by.request.post(`${url}/api/auth${path}`, { data, headers: { origin: new URL(url).origin } })
  expect(answer.ok(), await answer.text()).toBe(true)
  return answer.json()
}

/** Keeps pictures where somebody asks for them: wide and narrow, light and dark. */
async function look(name: string): Promise<void> {
  const folder = process.env['LEAT_PICTURES']
  if (folder === undefined) return
  for (const [size, viewport] of Object.entries({ wide, narrow })) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${folder}/members-${name}-${size}-${colorScheme}.png` })
    }
  }
  await page.setViewportSize(wide)
}

const sightOfGuest = async () => {
  const answer = await guest.request.get(`${visit.server.url}/api/v2/me`)
  const { data } = (await answer.json()) as { data: CurrentMember }
  return data.sight
}

test('somebody who manages members gives another one wider sight, and nobody themselves', async () => {
  await page.goto('/settings/members')
  const sight = page.getByLabel('What Grace Hopper sees')
  await sight.waitFor()
  expect(await page.getByLabel(/^What .* sees$/).count()).toBe(1)
  expect(await findViolations(page)).toEqual([])
  await look('before')

  await sight.click()
  await page.getByRole('option', { name: 'Sees everything' }).waitFor()
  await look('open')
  await page.getByRole('option', { name: 'Sees everything' }).click()
  await expect.poll(sightOfGuest).toBe('organization')

  await page.reload()
  await expect.poll(() => sight.innerText()).toContain('Sees everything')
  await sight.click()
  await page.getByRole('option', { name: 'Sees their own' }).click()
  await expect.poll(sightOfGuest).toBe('own')
})

test('what could not be saved is said, and shown as it was', async () => {
  await page.goto('/settings/members')
  const sight = page.getByLabel('What Grace Hopper sees')
  await page.route('**/api/v2/members/*', (route) => route.abort())
  await sight.click()
  await page.getByRole('option', { name: 'Sees their teams’' }).click()
  await page.getByText('What Grace Hopper sees was not changed').waitFor()
  await expect.poll(() => sight.innerText()).toContain('Sees their own')
  await page.unroute('**/api/v2/members/*')
})

test('who does not manage members sees who they are, and changes nothing', async () => {
  await guest.goto('/settings/members')
  await guest.getByText('Grace Hopper (you)').waitFor()
  expect(await guest.getByLabel(/^What .* sees$/).count()).toBe(0)
})

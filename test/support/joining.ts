// Joining an organization, as people do it: an invitation, its link, and the account it is for.

import { expect } from 'vitest'
import type { Answer, Member, TestApi } from './api.ts'

export function inviteBy(api: TestApi, by: { as?: Pick<Member, 'cookie'>; key?: string }, email: string, role: string) {
  return api.send('POST', '/api/v2/invitations', { ...by, body: { email, role } })
}

/** What an invitation's link carries. */
export function tokenOf({ data }: Pick<Answer, 'data'>): string {
  return new URL(data.link as string).hash.slice(1)
}

export function acceptAs(api: TestApi, as: Pick<Member, 'cookie'>, token: string) {
  return api.send('POST', '/api/v2/invitations/accept', { as, body: { token } })
}

/** Makes a guest a member, with the organization open in their session. */
export async function join(api: TestApi, owner: Member, guest: Member, role: string): Promise<void> {
  const accepted = await acceptAs(api, guest, tokenOf(await inviteBy(api, { as: owner }, guest.email, role)))
  expect(accepted.status, accepted.text).toBe(200)
}

import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { authPaths } from '../../worker/api/auth/auth-paths.ts'
import { Role } from '../../worker/contract/member.ts'
import { newSecretText } from '../../worker/lib/secret-text.ts'
import { rolesToGive } from '../../worker/tenancy/giving.ts'
import { capabilitiesOf } from '../../worker/tenancy/roles.ts'
import { invitations, members, organizations } from '../../worker/store/schema/db/people.ts'
import { makeApi, origin, type Member } from '../support/api.ts'
import { acceptAs, inviteBy, join, tokenOf } from '../support/joining.ts'
import { db, makeKey, makeMember, makeOrganization } from '../support/people.ts'

const api = makeApi()
let owner: Member
let admin: Member
let viewer: Member
let guest: Member

beforeAll(async () => {
  ;[owner, admin] = [await api.signUp('Olga'), await api.signUp('Adam')]
  ;[viewer, guest] = [await api.signUp('Vera'), await api.signUp('Gwen')]
  await join(api, owner, admin, 'admin')
  await join(api, owner, viewer, 'viewer')
})

let made = 0
const newAddress = () => `invited-${++made}@example.com`

const look = (token: string, as?: Member) =>
  api.send('POST', '/api/v2/invitations/look', { ...(as === undefined ? {} : { as }), body: { token } })

const roleOf = async ({ userId }: Member, organizationId = owner.organizationId) =>
  (await db.select().from(members).where(eq(members.userId, userId))).find(
    (row) => row.organizationId === organizationId,
  )?.role

describe('an invitation', () => {
  test('makes whoever has its link a member of that organization, as what it says, and opens it', async () => {
    const person = await api.signUp('Grace Hopper')
    const invited = await inviteBy(api, { as: admin }, ` ${person.email.toUpperCase()} `, 'operator')
    expect([invited.status, invited.data]).toEqual([
      201,
      expect.objectContaining({
        email: person.email,
        role: 'operator',
        invitedBy: { userId: admin.userId, name: 'Adam' },
      }),
    ])
    expect(invited.data.link).toMatch(new RegExp(`^${origin}/invitation#[0-9a-z]{52}$`))
    const token = tokenOf(invited)
    expect((await look(token)).data).toEqual({
      status: 'open',
      organization: { id: owner.organizationId, name: "Olga's organization" },
      email: person.email,
      role: 'operator',
      invitedBy: 'Adam',
      expiresAt: invited.data.expiresAt,
    })

    const accepted = await acceptAs(api, person, token)
    expect([accepted.status, accepted.data.status]).toEqual([200, 'accepted'])
    const { data: me } = await api.send('GET', '/api/v2/me', { as: person })
    expect(me).toMatchObject({ role: 'operator', organization: { id: owner.organizationId } })
    expect(me.organizations).toHaveLength(2)
  })

  test('F3: is good once', async () => {
    const person = await api.signUp()
    const token = tokenOf(await inviteBy(api, { as: owner }, person.email, 'viewer'))
    const answers = await Promise.all([1, 2, 3].map(() => acceptAs(api, person, token)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409])
    await api.send('DELETE', `/api/v2/members/${person.userId}`, { as: owner })
    const again = await acceptAs(api, person, token)
    expect([again.status, again.error.code]).toEqual([409, 'invitation.closed'])
    expect((await look(token)).data.status).toBe('accepted')
    expect(await roleOf(person)).toBeUndefined()
  })

  test('F3: is for the account it was made for and no other, and for nobody without one', async () => {
    const [person, eve] = [await api.signUp(), await api.signUp()]
    const token = tokenOf(await inviteBy(api, { as: owner }, person.email, 'editor'))
    expect((await acceptAs(api, eve, token)).error.code).toBe('invitation.other_address')
    const key = await makeKey(person.userId, person.organizationId, ['member.manage', 'workflow.read'])
    for (const by of [{}, { key }]) {
      const answer = await api.send('POST', '/api/v2/invitations/accept', { ...by, body: { token } })
      expect([answer.status, answer.error.code]).toEqual([401, 'auth.required'])
    }
    expect([await roleOf(eve), await roleOf(person)]).toEqual([undefined, undefined])
    expect((await look(token)).data.status).toBe('open')
  })

  test('F3: is opened by nothing but its link: neither by its id nor by a guess', async () => {
    const person = await api.signUp()
    const { data: invitation } = await inviteBy(api, { as: owner }, person.email, 'editor')
    const [row] = await db.select().from(invitations).where(eq(invitations.id, invitation.id))
    for (const token of [invitation.id, row!.tokenHash!, newSecretText(), '1', '%', owner.organizationId]) {
      expect((await look(token)).error.code).toBe('invitation.not_found')
      expect((await acceptAs(api, person, token)).error.code).toBe('invitation.not_found')
    }
    expect(row!.tokenHash).not.toContain(tokenOf({ data: invitation }))
    expect(await roleOf(person)).toBeUndefined()
  })

  test('F3: shows its link to its maker once, and to nobody by anything that can be asked for', async () => {
    const email = newAddress()
    const invited = await inviteBy(api, { as: owner }, email, 'admin')
    const token = tokenOf(invited)
    const [organization] = await db.select().from(organizations).where(eq(organizations.id, owner.organizationId))
    const query = new URLSearchParams({
      id: invited.data.id,
      organizationId: owner.organizationId,
      organizationSlug: organization!.slug,
      userId: owner.userId,
      email,
    })
    const { text: reference } = await api.send('GET', '/api/v2/openapi.json')
    const ours = Object.entries<object>(JSON.parse(reference).paths).flatMap(([path, methods]) =>
      'get' in methods && !path.includes('{') ? [path] : [],
    )
    for (const as of [viewer, owner]) {
      for (const path of [...(authPaths.get('GET') ?? [])].map((name) => `/api/auth${name}`).concat(ours)) {
        const asked = path.startsWith('/api/auth') ? `${path}?${query.toString()}` : path
        const { text } = await api.send('GET', asked, { as })
        expect(text, asked).not.toContain(token)
        if (as === viewer) expect(text, asked).not.toContain(email)
      }
      const opened = { organizationId: owner.organizationId }
      const { text } = await api.send('POST', '/api/auth/organization/set-active', { as, body: opened })
      expect([text.includes(token), text.includes(invited.data.id)]).toEqual([false, false])
    }
    expect((await api.send('GET', '/api/v2/invitations', { as: viewer })).error.code).toBe('auth.forbidden')
    const listed = (await api.send('GET', '/api/v2/invitations', { as: admin })).data.items
    expect(listed.filter(({ id }: { id: string }) => id === invited.data.id)).toEqual([
      {
        id: invited.data.id,
        email,
        role: 'admin',
        invitedBy: { userId: owner.userId, name: 'Olga' },
        createdAt: invited.data.createdAt,
        expiresAt: invited.data.expiresAt,
      },
    ])
  })

  test('ends when it expires, is revoked, declined, or made anew', async () => {
    const person = await api.signUp()
    const status = async (token: string) => (await look(token)).data.status
    const refusal = async (token: string) => (await acceptAs(api, person, token)).error.code

    const first = await inviteBy(api, { as: owner }, person.email, 'editor')
    await db.update(invitations).set({ expiresAt: new Date() }).where(eq(invitations.id, first.data.id))
    expect([await status(tokenOf(first)), await refusal(tokenOf(first))]).toEqual(['expired', 'invitation.expired'])
    const declinedLate = await api.send('POST', '/api/v2/invitations/decline', { body: { token: tokenOf(first) } })
    expect(declinedLate.error.code).toBe('invitation.expired')

    const renewed = await api.send('POST', `/api/v2/invitations/${first.data.id}/renew`, { as: admin })
    expect(renewed.data).toMatchObject({ id: first.data.id, invitedBy: { name: 'Adam' }, role: 'editor' })
    expect(await refusal(tokenOf(first))).toBe('invitation.not_found')
    expect(await status(tokenOf(renewed))).toBe('open')

    const second = await inviteBy(api, { as: owner }, person.email, 'viewer')
    expect([await status(tokenOf(renewed)), await refusal(tokenOf(renewed))]).toEqual(['revoked', 'invitation.closed'])
    const listed = (await api.send('GET', '/api/v2/invitations', { as: owner })).data.items
    expect(listed.filter(({ email }: { email: string }) => email === person.email)).toHaveLength(1)

    const declined = await api.send('POST', '/api/v2/invitations/decline', { body: { token: tokenOf(second) } })
    expect([declined.status, declined.data.status]).toEqual([200, 'declined'])
    expect(await refusal(tokenOf(second))).toBe('invitation.closed')

    const third = await inviteBy(api, { as: owner }, person.email, 'viewer')
    expect((await api.send('DELETE', `/api/v2/invitations/${third.data.id}`, { as: admin })).status).toBe(200)
    expect([await status(tokenOf(third)), await refusal(tokenOf(third))]).toEqual(['revoked', 'invitation.closed'])
    for (const [method, path] of [
      ['DELETE', `/api/v2/invitations/${third.data.id}`],
      ['POST', `/api/v2/invitations/${third.data.id}/renew`],
    ] as const)
      expect((await api.send(method, path, { as: admin })).error.code).toBe('invitation.not_found')
    expect(await roleOf(person)).toBeUndefined()
  })

  test('is for a role there is, an address there may be, and nobody who is a member already', async () => {
    for (const role of ['member', 'admin,editor', 'superuser', ''])
      expect((await inviteBy(api, { as: owner }, newAddress(), role)).status, role).toBe(400)
    for (const email of ['', 'nobody', 'a@b', `${'x'.repeat(250)}@example.com`])
      expect((await inviteBy(api, { as: owner }, email, 'viewer')).status, email).toBe(400)
    expect((await inviteBy(api, { as: owner }, viewer.email.toUpperCase(), 'editor')).error.code).toBe('member.exists')
    expect(await roleOf(viewer)).toBe('viewer')
  })

  test('K4: is one of a hundred that may be open', async () => {
    const organizationId = await makeOrganization()
    const key = await makeKey(await makeMember(organizationId, { role: 'owner' }), organizationId, [
      'member.manage',
      ...capabilitiesOf('viewer'),
    ])
    const inviterId = await makeMember(organizationId, { role: 'admin' })
    const [createdAt, expiresAt] = [new Date(), new Date(Date.now() + 60_000)]
    for (let count = 0; count < 100; count += 10) {
      await db.insert(invitations).values(
        Array.from({ length: 10 }, (_, index) => ({
          id: `inv_${count + index}` as never,
          organizationId,
          email: `open-${count + index}@example.com`,
          role: 'viewer' as const,
          status: 'pending' as const,
          expiresAt,
          createdAt,
          inviterId,
        })),
      )
    }
    expect((await inviteBy(api, { key }, 'open-100@example.com', 'viewer')).error.code).toBe('invitation.too_many')
    expect((await inviteBy(api, { key }, 'open-99@example.com', 'viewer')).status).toBe(201)
  })
})

describe('G14: nobody gives by invitation', () => {
  test('a role that may do more than they, whatever theirs is', async () => {
    for (const inviting of Role.options) {
      const userId = await makeMember(owner.organizationId, { role: inviting })
      const key = await makeKey(userId, owner.organizationId, [...capabilitiesOf('owner')])
      const given: Role[] = []
      for (const role of Role.options) {
        const { status } = await inviteBy(api, { key }, newAddress(), role)
        expect([201, 403]).toContain(status)
        if (status === 201) given.push(role)
      }
      expect(given).toEqual(rolesToGive(capabilitiesOf(inviting)))
    }
    expect(rolesToGive(capabilitiesOf('admin'))).toEqual(['admin', 'editor', 'operator', 'viewer', 'auditor'])
  })

  test('by a key, one that may do more than the key', async () => {
    const key = await makeKey(owner.userId, owner.organizationId, ['member.manage', ...capabilitiesOf('viewer')])
    const refused = await inviteBy(api, { key }, newAddress(), 'admin')
    expect([refused.status, refused.error.code]).toEqual([403, 'auth.forbidden'])
    expect((await inviteBy(api, { key }, newAddress(), 'viewer')).status).toBe(201)
  })

  test('the place of an invitation above themselves, by making it anew, renewing or revoking it', async () => {
    const email = newAddress()
    const first = await inviteBy(api, { as: owner }, email, 'owner')
    const { id } = first.data
    for (const [method, path, body] of [
      ['POST', '/api/v2/invitations', { email, role: 'viewer' }],
      ['POST', `/api/v2/invitations/${id}/renew`, {}],
      ['DELETE', `/api/v2/invitations/${id}`, undefined],
    ] as const) {
      const answer = await api.send(method, path, { as: admin, ...(body === undefined ? {} : { body }) })
      expect([answer.status, answer.error.details.needs], path).toEqual([403, 'organization.manage'])
    }
    expect((await look(tokenOf(first))).data.status).toBe('open')
  })
})

describe('F3, G14: an invitation ends with what its maker may give', () => {
  async function inviteAs(maker: 'admin' | 'owner', role: 'viewer' | 'owner') {
    const inviter = await api.signUp('Ina')
    await join(api, owner, inviter, maker)
    const person = await api.signUp()
    return { inviter, person, token: tokenOf(await inviteBy(api, { as: inviter }, person.email, role)) }
  }
  const change = ({ userId }: Member, role: string) =>
    api.send('PATCH', `/api/v2/members/${userId}`, { as: owner, body: { role } })

  async function expectOver(person: Member, token: string) {
    expect((await look(token)).data.status).toBe('revoked')
    expect((await acceptAs(api, person, token)).error.code).toBe('invitation.closed')
    expect(await roleOf(person)).toBeUndefined()
  }

  test('when they are demoted, and for good: not again when they are raised', async () => {
    const { inviter, person, token } = await inviteAs('admin', 'viewer')
    expect((await change(inviter, 'editor')).status).toBe(200)
    await expectOver(person, token)
    await change(inviter, 'admin')
    await expectOver(person, token)
  })

  test('when they are removed, or leave, and for good: not again when they are back', async () => {
    for (const isLeaving of [false, true]) {
      const { inviter, person, token } = await inviteAs('admin', 'viewer')
      await api.send('DELETE', `/api/v2/members/${inviter.userId}`, { as: isLeaving ? inviter : owner })
      await expectOver(person, token)
      await join(api, owner, inviter, 'admin')
      await expectOver(person, token)
    }
  })

  test('also when they lost it by a way that ends no invitation', async () => {
    const { inviter, person, token } = await inviteAs('admin', 'viewer')
    await db.update(members).set({ role: 'editor' }).where(eq(members.userId, inviter.userId))
    await expectOver(person, token)
  })

  test('and stays good while they may give its role, and in the hands of whoever renewed it', async () => {
    const { inviter, person, token } = await inviteAs('owner', 'viewer')
    await change(inviter, 'admin')
    expect((await look(token)).data.status).toBe('open')
    const [row] = await db.select().from(invitations).where(eq(invitations.email, person.email))
    const renewed = tokenOf(await api.send('POST', `/api/v2/invitations/${row!.id}/renew`, { as: owner }))
    await change(inviter, 'viewer')
    expect((await acceptAs(api, person, renewed)).status).toBe(200)
    expect(await roleOf(person)).toBe('viewer')
  })

  test('of an owner who is an admin now, the ones to owner end and the others do not', async () => {
    const { inviter, person, token } = await inviteAs('owner', 'owner')
    const other = tokenOf(await inviteBy(api, { as: inviter }, newAddress(), 'admin'))
    await change(inviter, 'admin')
    await expectOver(person, token)
    expect((await look(other)).data.status).toBe('open')
  })
})

describe('whoever has a link', () => {
  test('F9: uses it with a session only from pages of ours', async () => {
    const token = tokenOf(await inviteBy(api, { as: owner }, guest.email, 'viewer'))
    for (const path of ['accept', 'decline']) {
      const answer = await api.send('POST', `/api/v2/invitations/${path}`, {
        as: guest,
        body: { token },
        headers: { origin: 'https://evil.example' },
      })
      expect([answer.status, answer.error.code], path).toEqual([403, 'request.forbidden_origin'])
    }
    expect((await look(token)).data.status).toBe('open')
  })

  test('may belong to nothing when they accept', async () => {
    const person = await api.signUp()
    const token = tokenOf(await inviteBy(api, { as: owner }, person.email, 'viewer'))
    await db.delete(members).where(eq(members.userId, person.userId))
    expect((await acceptAs(api, person, token)).status).toBe(200)
    expect((await api.send('GET', '/api/v2/me', { as: person })).data.organization.id).toBe(owner.organizationId)
  })

  test('G4: of another organization does nothing to an invitation by its id', async () => {
    const { data } = await inviteBy(api, { as: owner }, newAddress(), 'viewer')
    for (const [method, path] of [
      ['DELETE', `/api/v2/invitations/${data.id}`],
      ['POST', `/api/v2/invitations/${data.id}/renew`],
    ] as const)
      expect((await api.send(method, path, { as: guest })).error.code).toBe('invitation.not_found')
    const [row] = await db.select().from(invitations).where(eq(invitations.id, data.id))
    expect(row?.status).toBe('pending')
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import { env } from 'cloudflare:workers'
import type { UserId } from '../../worker/contract/id.ts'
import type { Role } from '../../worker/contract/member.ts'
import { capabilitiesOf } from '../../worker/tenancy/roles.ts'
import { makeApi, type Member } from '../support/api.ts'
import { join } from '../support/joining.ts'
import { makeKey, makeMember, makeOrganization, makeTeam } from '../support/people.ts'

const api = makeApi()
let owner: Member

beforeAll(async () => {
  owner = await api.signUp('Olga')
})

const change = (userId: UserId, sight: unknown, by: { as?: Member; key?: string } = { as: owner }) =>
  api.send('PATCH', `/api/v2/members/${userId}`, { ...by, body: { sight } })

describe('a member', () => {
  test('sees as far as they are given: their teams’ workflows, all of them, and their own again', async () => {
    const { organizationId } = owner
    const teamId = await makeTeam(organizationId)
    const lead = await makeMember(organizationId, { role: 'editor', teamIds: [teamId] })
    const mate = await makeMember(organizationId, { role: 'editor', teamIds: [teamId] })
    const other = await makeMember(organizationId, { role: 'editor' })
    const scopes = ['workflow.read', 'workflow.write'] as const
    for (const [userId, name] of [
      [lead, 'Lead’s'],
      [mate, 'Mate’s'],
      [other, 'Other’s'],
    ] as const) {
      const key = await makeKey(userId, organizationId, [...scopes])
      expect((await api.send('POST', '/api/v2/workflows', { key, body: { name } })).status).toBe(201)
    }
    // A key is remembered for a few seconds: each look is by a new one.
    const seen = async () => {
      const key = await makeKey(lead, organizationId, [...scopes])
      const { data } = await api.send('GET', '/api/v2/workflows', { key })
      return data.items.map(({ name }: { name: string }) => name).sort()
    }

    expect(await seen()).toEqual(['Lead’s'])
    const { status, data } = await change(lead, 'team')
    expect([status, data]).toEqual([
      200,
      expect.objectContaining({ userId: lead, role: 'editor', sight: 'team', givenSight: 'team' }),
    ])
    expect(await seen()).toEqual(['Lead’s', 'Mate’s'])
    await change(lead, 'organization')
    expect(await seen()).toEqual(['Lead’s', 'Mate’s', 'Other’s'])
    expect((await change(lead, null)).data).toMatchObject({ sight: 'own', givenSight: null })
    expect(await seen()).toEqual(['Lead’s'])
  })

  test('never sees less than their role does', async () => {
    const auditor = await makeMember(owner.organizationId, { role: 'auditor' })
    expect((await change(auditor, 'team')).data).toMatchObject({ sight: 'organization', givenSight: 'team' })
  })

  test('G14: is given it by those who manage members, and by nobody to themselves', async () => {
    const { organizationId } = owner
    const editor = await makeMember(organizationId)
    const admin = await makeMember(organizationId, { role: 'admin' })
    expect((await change(owner.userId, 'organization')).error.code).toBe('member.oneself')
    const keys = {
      editor: await makeKey(editor, organizationId, ['member.manage', 'member.read']),
      admin: await makeKey(admin, organizationId, ['member.manage']),
      reading: await makeKey(admin, organizationId, ['member.read']),
    }
    expect((await change(editor, 'organization', { key: keys.editor })).error.code).toBe('auth.forbidden')
    expect((await change(editor, 'organization', { key: keys.reading })).error.code).toBe('auth.forbidden')
    expect((await change(admin, 'organization', { key: keys.admin })).error.code).toBe('member.oneself')
    expect((await change(editor, 'team', { key: keys.admin })).status).toBe(200)
    for (const sight of ['own', 'everything', undefined]) expect((await change(editor, sight)).status).toBe(400)
  })

  test('G14: is given no role above the caller’s, and loses none above it', async () => {
    const { organizationId } = owner
    const ids = {
      owner: owner.userId,
      admin: await makeMember(organizationId, { role: 'admin' }),
      editor: await makeMember(organizationId),
    }
    const keyOf = (userId: UserId) => makeKey(userId, organizationId, [...capabilitiesOf('owner')])
    const [adminKey, editorKey] = [await keyOf(ids.admin), await keyOf(ids.editor)]
    const roleAs = async (key: string, userId: UserId, role: Role) => {
      const { status, error } = await api.send('PATCH', `/api/v2/members/${userId}`, { key, body: { role } })
      return [status, error?.code]
    }
    const forbidden = [403, 'auth.forbidden']
    expect(await roleAs(editorKey, ids.editor, 'admin')).toEqual(forbidden)
    expect(await roleAs(adminKey, ids.admin, 'owner')).toEqual(forbidden)
    expect(await roleAs(adminKey, ids.editor, 'owner')).toEqual(forbidden)
    expect(await roleAs(adminKey, ids.owner, 'viewer')).toEqual(forbidden)
    const removal = await api.send('DELETE', `/api/v2/members/${ids.owner}`, { key: adminKey })
    expect(removal.error.code).toBe('auth.forbidden')
    // A key gives no role that may do more than the key.
    const narrow = await makeKey(ids.owner, organizationId, ['member.manage'])
    expect(await roleAs(narrow, ids.editor, 'viewer')).toEqual(forbidden)
    expect(await roleAs(adminKey, ids.editor, 'operator')).toEqual([200, undefined])
    expect(await roleAs(adminKey, ids.editor, 'admin')).toEqual([200, undefined])
  })

  test('G14: who is the last owner stays one', async () => {
    const organizationId = await makeOrganization()
    const [first, second] = [
      await makeMember(organizationId, { role: 'owner' }),
      await makeMember(organizationId, { role: 'owner' }),
    ]
    const keyOf = (userId: UserId) => makeKey(userId, organizationId, [...capabilitiesOf('owner')])
    const keys = [await keyOf(first), await keyOf(second)] as const
    const [one, other] = await Promise.all([
      api.send('PATCH', `/api/v2/members/${second}`, { key: keys[0], body: { role: 'viewer' } }),
      api.send('DELETE', `/api/v2/members/${first}`, { key: keys[1] }),
    ])
    // Both at once: whichever comes second finds the other the last one, or may not do it any more.
    expect([one.status, other.status]).toContain(200)
    const { results } = await env.DB.prepare(`SELECT user_id FROM members WHERE organization_id = ? AND role = 'owner'`)
      .bind(organizationId)
      .all<{ user_id: UserId }>()
    expect(results).toHaveLength(1)
    const last = results[0]!.user_id
    const key = await keyOf(last)
    const down = await api.send('PATCH', `/api/v2/members/${last}`, { key, body: { role: 'admin' } })
    expect([down.status, down.error.code]).toEqual([409, 'member.last_owner'])
    const out = await api.send('DELETE', `/api/v2/members/${last}`, { key })
    expect([out.status, out.error.code]).toEqual([409, 'member.last_owner'])
  })

  test('leaves by themselves; a key does not leave for its maker', async () => {
    const guest = await api.signUp('Lea')
    await join(api, owner, guest, 'viewer')
    const key = await makeKey(guest.userId, owner.organizationId, ['member.read'])
    const path = `/api/v2/members/${guest.userId}`
    expect((await api.send('DELETE', path, { key })).error.code).toBe('auth.forbidden')
    expect((await api.send('DELETE', path, { as: guest })).data).toMatchObject({ userId: guest.userId, role: 'viewer' })
    // Their page still shows it: it hears that another one is open.
    const headers = { 'x-leat-organization': owner.organizationId }
    const next = await api.send('GET', '/api/v2/workflows', { as: guest, headers })
    expect(next.error.code).toBe('auth.other_organization')
    const { data } = await api.send('GET', '/api/v2/me', { as: guest })
    expect(data.organizations.map(({ id }: { id: string }) => id)).toEqual([guest.organizationId])
  })

  test('is gone from the teams when they are removed, and stays in those of other organizations', async () => {
    const [here, there] = [await makeOrganization(), await makeOrganization()]
    const [ours, theirs] = [await makeTeam(here), await makeTeam(there)]
    const boss = await makeMember(here, { role: 'owner' })
    const userId = await makeMember(here, { role: 'editor', teamIds: [ours, theirs] })
    const key = await makeKey(boss, here, ['member.manage'])
    expect((await api.send('DELETE', `/api/v2/members/${userId}`, { key })).status).toBe(200)
    const { results } = await env.DB.prepare('SELECT team_id FROM team_members WHERE user_id = ?').bind(userId).all()
    expect(results).toEqual([{ team_id: theirs }])
    expect((await api.send('DELETE', `/api/v2/members/${userId}`, { key })).error.code).toBe('member.not_found')
  })

  test('G6: sees who the members are, of this organization and no other', async () => {
    const organizationId = await makeOrganization()
    const ids = [
      await makeMember(organizationId, { role: 'owner' }),
      await makeMember(organizationId, { role: 'viewer' }),
    ]
    const key = await makeKey(ids[1]!, organizationId, ['member.read'])
    const { data } = await api.send('GET', '/api/v2/members', { key })
    expect(data.items.map(({ userId, role }: { userId: string; role: string }) => [userId, role])).toEqual([
      [ids[0], 'owner'],
      [ids[1], 'viewer'],
    ])
    expect(data.items[1]).toMatchObject({ sight: 'own', givenSight: null, joinedAt: expect.any(String) })
  })

  test('G4: of another organization is not there', async () => {
    const [eve, editor] = [await api.signUp('Eve'), await makeMember(owner.organizationId)]
    expect((await change(editor, 'team', { as: eve })).error.code).toBe('member.not_found')
  })

  test('M1: who is given wider sight is in the audit, once, with what they had', async () => {
    const editor = await makeMember(owner.organizationId)
    for (const sight of ['team', 'team', null]) await change(editor, sight)
    const { data } = await api.send('GET', '/api/v2/audit', { as: owner })
    const entries = data.items.filter(({ targetId }: { targetId: string }) => targetId === editor)
    expect(entries.map(({ action, actorId, details }: never) => ({ action, actorId, details }))).toEqual([
      { action: 'member.sight_given', actorId: owner.userId, details: { sight: null, before: 'team' } },
      { action: 'member.sight_given', actorId: owner.userId, details: { sight: 'team', before: null } },
    ])
  })
})

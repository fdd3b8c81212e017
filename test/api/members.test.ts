import { beforeAll, describe, expect, test } from 'vitest'
import type { UserId } from '../../worker/contract/id.ts'
import { makeApi, type Member } from '../support/api.ts'
import { makeKey, makeMember, makeTeam } from '../support/people.ts'

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

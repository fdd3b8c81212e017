import { beforeAll, describe, expect, test } from 'vitest'
import { eq } from 'drizzle-orm'
import type { AuditEntry } from '../../worker/contract/audit.ts'
import { members } from '../../worker/store/schema/db/people.ts'
import { auditEntries } from '../../worker/store/schema/db/access.ts'
import { makeApi, password, type Member } from '../support/api.ts'
import { db } from '../support/people.ts'

const api = makeApi()

/** What was written meanwhile in an organization's audit, the oldest first. */
async function meanwhile(organizationId: string | null, work: () => Promise<unknown>) {
  const seqs = new Set((await entriesOf(organizationId)).map(({ seq }) => seq))
  await work()
  return (await entriesOf(organizationId))
    .filter(({ seq }) => !seqs.has(seq))
    .map(({ action, actorId, targetId, details, outcome }) => ({ action, actorId, targetId, details, outcome }))
}

async function entriesOf(organizationId: string | null): Promise<AuditEntry[]> {
  const rows = await db.select().from(auditEntries).orderBy(auditEntries.seq)
  return rows.filter((row) => row.organizationId === organizationId) as unknown as AuditEntry[]
}

const ask = async (as: Member, path: string, body: object) => {
  const answer = await api.send('POST', `/api/auth/organization/${path}`, { as, body })
  return { status: answer.status, data: JSON.parse(answer.text === '' ? 'null' : answer.text) }
}

async function join(owner: Member, guest: Member, role: string) {
  const { organizationId } = owner
  const { data } = await ask(owner, 'invite-member', { email: guest.email, role, organizationId })
  expect((await ask(guest, 'accept-invitation', { invitationId: data.id })).status).toBe(200)
  // Their own stays open: what they do elsewhere must not be found there.
  await ask(guest, 'set-active', { organizationId: guest.organizationId })
}

async function memberIdOf(organizationId: string, { userId }: Member): Promise<string> {
  const rows = await db.select().from(members).where(eq(members.userId, userId))
  return rows.find((row) => row.organizationId === organizationId)!.id
}

describe('M1, M3: the audit of an organization tells what was done in it, whichever its member has open', () => {
  let owner: Member
  let admin: Member
  let editor: Member
  beforeAll(async () => {
    ;[owner, admin, editor] = [await api.signUp('Olga'), await api.signUp('Adam'), await api.signUp('Edith')]
    await join(owner, admin, 'admin')
    await join(owner, editor, 'editor')
  })
  const here = () => owner.organizationId
  const done = (action: string, { actor = admin, targetId = null as string | null, details = {} } = {}) => ({
    action: `auth.organization.${action}`,
    actorId: actor.userId,
    targetId,
    details,
    outcome: 'done',
  })

  test('invitations: to whom and as what, accepted, refused, taken back, and never by their id', async () => {
    const guest = await api.signUp('Gwen')
    const ids: string[] = []
    const invite = async (as = admin) => {
      const { data } = await ask(as, 'invite-member', { email: guest.email, role: 'viewer', organizationId: here() })
      ids.push(data.id)
      return data.id
    }
    const details = { email: guest.email, role: 'viewer' }
    const entries = await meanwhile(here(), async () => {
      await ask(admin, 'cancel-invitation', { invitationId: await invite(), organizationId: admin.organizationId })
      await ask(guest, 'reject-invitation', { invitationId: await invite(), organizationId: guest.organizationId })
      const invitationId = await invite()
      await ask(guest, 'accept-invitation', { invitationId, organizationId: guest.organizationId })
    })
    expect(entries).toEqual([
      done('invite_member', { details }),
      done('cancel_invitation', { details }),
      done('invite_member', { details }),
      done('reject_invitation', { actor: guest, targetId: guest.userId, details }),
      done('invite_member', { details }),
      done('accept_invitation', { actor: guest, targetId: guest.userId, details }),
    ])
    for (const id of ids) expect(JSON.stringify(await entriesOf(here()))).not.toContain(id)
  })

  test('roles: whose, from what to what', async () => {
    const memberId = await memberIdOf(here(), editor)
    const entries = await meanwhile(here(), async () => {
      for (const role of ['operator', 'editor']) {
        const answer = await ask(admin, 'update-member-role', { memberId, role, organizationId: here() })
        expect(answer.status).toBe(200)
      }
    })
    expect(entries).toEqual([
      done('update_member_role', {
        targetId: editor.userId,
        details: { email: editor.email, role: 'operator', before: 'editor' },
      }),
      done('update_member_role', {
        targetId: editor.userId,
        details: { email: editor.email, role: 'editor', before: 'operator' },
      }),
    ])
  })

  test('who was removed, and who left', async () => {
    const [removed, gone] = [await api.signUp('Rolf'), await api.signUp('Lea')]
    await join(owner, removed, 'viewer')
    await join(owner, gone, 'operator')
    const entries = await meanwhile(here(), async () => {
      await ask(admin, 'remove-member', { memberIdOrEmail: removed.email, organizationId: here() })
      await ask(gone, 'leave', { organizationId: here() })
    })
    expect(entries).toEqual([
      done('remove_member', { targetId: removed.userId, details: { email: removed.email, role: 'viewer' } }),
      done('leave', { actor: gone, targetId: gone.userId, details: { role: 'operator' } }),
    ])
  })

  test('teams, and who is in them', async () => {
    let teamId = ''
    // The last team can not be removed.
    await ask(admin, 'create-team', { name: 'Stays', organizationId: here() })
    const entries = await meanwhile(here(), async () => {
      const organizationId = here()
      teamId = (await ask(admin, 'create-team', { name: 'Sales', organizationId })).data.id
      await ask(admin, 'update-team', { teamId, data: { name: 'Field', organizationId } })
      await ask(admin, 'add-team-member', { teamId, userId: editor.userId, organizationId })
      await ask(admin, 'remove-team-member', { teamId, userId: editor.userId, organizationId })
      await ask(admin, 'remove-team', { teamId, organizationId })
    })
    expect(entries).toEqual([
      done('create_team', { targetId: teamId, details: { name: 'Sales' } }),
      done('update_team', { targetId: teamId, details: { name: 'Field' } }),
      done('add_team_member', { targetId: editor.userId, details: { teamId, team: 'Field' } }),
      done('remove_team_member', { targetId: editor.userId, details: { teamId, team: 'Field' } }),
      done('remove_team', { targetId: teamId, details: { name: 'Field' } }),
    ])
  })

  test('its own name, and its beginning', async () => {
    const entries = await meanwhile(here(), async () =>
      ask(owner, 'update', { organizationId: here(), data: { name: 'Initech' } }),
    )
    expect(entries).toEqual([done('update', { actor: owner, targetId: here(), details: { name: 'Initech' } })])
    const slug = `second-${owner.userId.slice(-8)}`
    const { data } = await ask(owner, 'create', { name: 'Second', slug })
    const began = (await entriesOf(data.id)).map(({ action, targetId, details }) => ({ action, targetId, details }))
    expect(began).toEqual([{ action: 'auth.organization.create', targetId: data.id, details: { name: 'Second' } }])
  })

  test('M4: what was tried and refused, by whom and of whom', async () => {
    const organizationId = here()
    const [own, adams] = [await memberIdOf(organizationId, editor), await memberIdOf(organizationId, owner)]
    const statuses: number[] = []
    const tries = async () => {
      for (const [as, path, body] of [
        [editor, 'update-member-role', { memberId: own, role: 'admin' }],
        [editor, 'remove-member', { memberIdOrEmail: admin.email }],
        [admin, 'update-member-role', { memberId: adams, role: 'viewer' }],
        [admin, 'remove-member', { memberIdOrEmail: owner.email }],
        [editor, 'invite-member', { email: 'friend@example.com', role: 'admin' }],
      ] as const)
        statuses.push((await ask(as, path, { ...body, organizationId })).status)
    }
    const denied = (action: string, actor: Member, targetId: string | null, details: object) => ({
      action: `auth.organization.${action}`,
      actorId: actor.userId,
      targetId,
      details,
      outcome: 'denied',
    })
    expect(await meanwhile(organizationId, tries)).toEqual([
      denied('update_member_role', editor, editor.userId, { role: 'admin' }),
      denied('remove_member', editor, admin.userId, { email: admin.email }),
      denied('update_member_role', admin, owner.userId, { role: 'viewer' }),
      denied('remove_member', admin, owner.userId, { email: owner.email }),
      denied('invite_member', editor, null, { email: 'friend@example.com', role: 'admin' }),
    ])
    expect(statuses.every((status) => status >= 400)).toBe(true)
  })

  test('M4: what a stranger tries is told in their own organization, never here', async () => {
    const eve = await api.signUp('Eve')
    const attempt = () => ask(eve, 'create-team', { name: 'Friends', organizationId: here() })
    expect(await meanwhile(here(), attempt)).toEqual([])
    const [entry] = await meanwhile(eve.organizationId, attempt)
    expect(entry).toMatchObject({ action: 'auth.organization.create_team', actorId: eve.userId, outcome: 'denied' })
  })
})

describe('M1: the audit knows', () => {
  test('who signed in, also where somebody else was signed in before', async () => {
    const [ada, eve] = [await api.signUp('Ada'), await api.signUp('Eve')]
    const entries = await meanwhile(ada.organizationId, () =>
      api.send('POST', '/api/auth/sign-in/email', { as: eve, body: { email: ada.email, password } }),
    )
    expect(entries).toEqual([
      { action: 'auth.sign_in.email', actorId: ada.userId, targetId: null, details: {}, outcome: 'done' },
    ])
  })

  test('who made an account, and who left', async () => {
    const ada = await api.signUp('Ada')
    await api.send('POST', '/api/auth/sign-out', { as: ada, body: {} })
    const actions = (await entriesOf(ada.organizationId)).map(({ action, actorId }) => [action, actorId])
    expect(actions).toEqual([
      ['auth.sign_up.email', ada.userId],
      ['auth.sign_out', ada.userId],
    ])
  })

  test('who gave a wrong password when they were to change it', async () => {
    const ada = await api.signUp('Ada')
    const entries = await meanwhile(ada.organizationId, () =>
      api.send('POST', '/api/auth/change-password', {
        as: ada,
        body: { currentPassword: 'a wrong password', newPassword: 'another long password' },
      }),
    )
    expect(entries).toEqual([
      { action: 'auth.change_password', actorId: ada.userId, targetId: null, details: {}, outcome: 'denied' },
    ])
  })
})

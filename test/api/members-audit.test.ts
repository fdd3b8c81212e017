import { beforeAll, describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../worker/contract/audit.ts'
import { auditEntries } from '../../worker/store/schema/db/access.ts'
import { makeApi, password, type Member } from '../support/api.ts'
import { acceptAs, inviteBy, join, tokenOf } from '../support/joining.ts'
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

/** Opens an organization in somebody's session; without one, their own. */
const open = (as: Member, organizationId = as.organizationId) => ask(as, 'set-active', { organizationId })

describe('M1, M3: the audit of an organization tells what was done in it, whichever its member has open', () => {
  let owner: Member
  let admin: Member
  let editor: Member
  beforeAll(async () => {
    ;[owner, admin, editor] = [await api.signUp('Olga'), await api.signUp('Adam'), await api.signUp('Edith')]
    await join(api, owner, admin, 'admin')
    await join(api, owner, editor, 'editor')
  })
  const here = () => owner.organizationId
  const done = (action: string, { actor = admin, targetId = null as string | null, details = {} } = {}) => ({
    action,
    actorId: actor.userId,
    targetId,
    details,
    outcome: 'done',
  })

  test('invitations: to whom and as what, accepted, declined, taken back, and never what is in their links', async () => {
    const guest = await api.signUp('Gwen')
    const details = { email: guest.email, role: 'viewer' }
    const tokens: string[] = []
    const ids: string[] = []
    const invite = async () => {
      const answer = await inviteBy(api, { as: admin }, guest.email, 'viewer')
      ids.push(answer.data.id)
      tokens.push(tokenOf(answer))
      return tokens.at(-1)!
    }
    const entries = await meanwhile(here(), async () => {
      await invite()
      await api.send('DELETE', `/api/v2/invitations/${ids[0]}`, { as: admin })
      await api.send('POST', '/api/v2/invitations/decline', { body: { token: await invite() } })
      await api.send('POST', '/api/v2/invitations/decline', { as: guest, body: { token: await invite() } })
      await invite()
      tokens.push(tokenOf(await api.send('POST', `/api/v2/invitations/${ids[3]}/renew`, { as: admin })))
      await acceptAs(api, guest, tokens.at(-1)!)
    })
    const told = (action: string, invitation: number, actor = admin) =>
      done(`invitation.${action}`, { actor, targetId: ids[invitation]!, details })
    expect(entries).toEqual([
      told('created', 0),
      told('revoked', 0),
      told('created', 1),
      { ...told('declined', 1), actorId: null },
      told('created', 2),
      told('declined', 2, guest),
      told('created', 3),
      told('renewed', 3),
      told('accepted', 3, guest),
    ])
    for (const token of tokens) expect(JSON.stringify(await entriesOf(here()))).not.toContain(token)
  })

  test('roles: whose, from what to what', async () => {
    const { userId: targetId, email } = editor
    const entries = await meanwhile(here(), async () => {
      for (const role of ['operator', 'editor', 'editor']) {
        const answer = await api.send('PATCH', `/api/v2/members/${targetId}`, { as: admin, body: { role } })
        expect(answer.status).toBe(200)
      }
    })
    expect(entries).toEqual([
      done('member.role_changed', { targetId, details: { email, role: 'operator', before: 'editor' } }),
      done('member.role_changed', { targetId, details: { email, role: 'editor', before: 'operator' } }),
    ])
  })

  test('who was removed, and who left, and the invitations that ended with them', async () => {
    const [removed, gone] = [await api.signUp('Rolf'), await api.signUp('Lea')]
    await join(api, owner, removed, 'admin')
    await join(api, owner, gone, 'operator')
    const { data: invitation } = await inviteBy(api, { as: removed }, 'late@example.com', 'viewer')
    const entries = await meanwhile(here(), async () => {
      await api.send('DELETE', `/api/v2/members/${removed.userId}`, { as: admin })
      await api.send('DELETE', `/api/v2/members/${gone.userId}`, { as: gone })
    })
    const details = { email: 'late@example.com', role: 'viewer', inviter: removed.userId }
    expect(entries).toEqual([
      done('member.removed', { targetId: removed.userId, details: { email: removed.email, role: 'admin' } }),
      done('invitation.revoked', { targetId: invitation.id, details }),
      done('member.left', {
        actor: gone,
        targetId: gone.userId,
        details: { email: gone.email, role: 'operator' },
      }),
    ])
  })

  test('teams, and who is in them', async () => {
    const { userId: targetId, email } = editor
    const tell = (method: string, path: string, body?: object) =>
      api.send(method, `/api/v2/teams${path}`, { as: admin, ...(body === undefined ? {} : { body }) })
    let teamId = ''
    const entries = await meanwhile(here(), async () => {
      teamId = (await tell('POST', '', { name: 'Sales' })).data.id
      for (const name of ['Field', 'Field']) await tell('PATCH', `/${teamId}`, { name })
      for (const method of ['PUT', 'PUT', 'DELETE', 'DELETE', 'PUT']) {
        expect((await tell(method, `/${teamId}/members/${targetId}`)).status).toBe(200)
      }
      await api.send('DELETE', `/api/v2/teams/${teamId}/members/${targetId}`, { as: editor })
      await tell('DELETE', `/${teamId}`)
    })
    const details = { email, teamId, team: 'Field' }
    expect(entries).toEqual([
      done('team.created', { targetId: teamId, details: { name: 'Sales' } }),
      done('team.renamed', { targetId: teamId, details: { name: 'Field', before: 'Sales' } }),
      done('team.member_added', { targetId, details }),
      done('team.member_removed', { targetId, details }),
      done('team.member_added', { targetId, details }),
      done('team.left', { actor: editor, targetId, details }),
      done('team.deleted', { targetId: teamId, details: { name: 'Field', members: 0 } }),
    ])
  })

  test('its own name, and its beginning', async () => {
    const entries = await meanwhile(here(), async () =>
      ask(owner, 'update', { organizationId: here(), data: { name: 'Initech' } }),
    )
    expect(entries).toEqual([
      done('auth.organization.update', { actor: owner, targetId: here(), details: { name: 'Initech' } }),
    ])
    const slug = `second-${owner.userId.slice(-8)}`
    const { data } = await ask(owner, 'create', { name: 'Second', slug })
    const began = (await entriesOf(data.id)).map(({ action, targetId, details }) => ({ action, targetId, details }))
    expect(began).toEqual([{ action: 'auth.organization.create', targetId: data.id, details: { name: 'Second' } }])

    // Another one is open: what they do here must not be found there.
    await open(owner, data.id)
    const rename = { organizationId: here(), data: { name: 'Initrode' } }
    const [entry] = await meanwhile(here(), () => ask(owner, 'update', rename))
    await open(owner)
    expect(entry).toMatchObject({ action: 'auth.organization.update', targetId: here(), details: { name: 'Initrode' } })
  })

  test('M4: what was tried and refused, by whom and of whom', async () => {
    const friend = { email: 'friend@example.com', role: 'admin' }
    const tries = async () => {
      for (const [as, method, path, body] of [
        [editor, 'PATCH', `members/${editor.userId}`, { role: 'admin' }],
        [editor, 'DELETE', `members/${admin.userId}`, undefined],
        [admin, 'PATCH', `members/${owner.userId}`, { role: 'viewer' }],
        [admin, 'PATCH', `members/${editor.userId}`, { role: 'owner' }],
        [admin, 'DELETE', `members/${owner.userId}`, undefined],
        [editor, 'POST', 'invitations', friend],
        [admin, 'POST', 'invitations', { ...friend, role: 'owner' }],
        [editor, 'POST', 'teams', { name: 'Mine' }],
      ] as const) {
        const answer = await api.send(method, `/api/v2/${path}`, { as, ...(body === undefined ? {} : { body }) })
        expect([answer.status, answer.error.code], path).toEqual([403, 'auth.forbidden'])
      }
      const mine = { organizationId: here(), data: { name: 'Mine' } }
      expect((await ask(editor, 'update', mine)).status).toBe(403)
    }
    const denied = (action: string, actor: Member, targetId: string | null, details: object) => ({
      action,
      actorId: actor.userId,
      targetId,
      details,
      outcome: 'denied',
    })
    const member = '/api/v2/members/:userId'
    const [manage, rule] = [{ needs: 'member.manage' }, { needs: 'organization.manage' }]
    expect(await meanwhile(here(), tries)).toEqual([
      denied(`PATCH ${member}`, editor, editor.userId, manage),
      denied(`DELETE ${member}`, editor, admin.userId, manage),
      denied(`PATCH ${member}`, admin, owner.userId, { ...rule, userId: owner.userId }),
      denied(`PATCH ${member}`, admin, editor.userId, { ...rule, userId: editor.userId, role: 'owner' }),
      denied(`DELETE ${member}`, admin, owner.userId, { ...rule, userId: owner.userId }),
      denied('POST /api/v2/invitations', editor, null, manage),
      denied('POST /api/v2/invitations', admin, null, { ...rule, ...friend, role: 'owner' }),
      denied('POST /api/v2/teams', editor, null, manage),
      denied('auth.organization.update', editor, null, {}),
    ])
  })

  test('M4: what a stranger tries is told in their own organization, never here', async () => {
    const eve = await api.signUp('Eve')
    const attempt = () => ask(eve, 'update', { organizationId: here(), data: { name: 'Friends' } })
    expect(await meanwhile(here(), attempt)).toEqual([])
    const [entry] = await meanwhile(eve.organizationId, attempt)
    expect(entry).toMatchObject({ action: 'auth.organization.update', actorId: eve.userId, outcome: 'denied' })
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

import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { capabilities } from '../../worker/contract/facts/member.ts'
import { capabilitiesOf } from '../../worker/tenancy/roles.ts'
import { cookieOf, makeApi, password, type Member } from '../support/api.ts'

const api = makeApi()

function create(as: Member, body: object) {
  return api.send('POST', '/api/v2/api-keys', { as, body: { name: 'Robot', scopes: ['workflow.read'], ...body } })
}

describe('a new key', () => {
  test('is shown once, and kept as a hash', async () => {
    const ada = await api.signUp()
    const { status, data } = await create(ada, {})
    expect(status).toBe(201)
    expect(data.secret).toMatch(/^leat_[0-9a-hjkmnp-tv-z]{52}$/)
    expect(data).toMatchObject({
      name: 'Robot',
      scopes: ['workflow.read'],
      createdBy: ada.userId,
      prefix: data.secret.slice(0, 10),
    })

    const list = await api.send('GET', '/api/v2/api-keys', { as: ada })
    expect(list.data.items.map(({ id }: { id: string }) => id)).toEqual([data.id])
    expect(list.text).not.toContain(data.secret)
    const dump = JSON.stringify(await env.DB.prepare('SELECT * FROM api_keys').all())
    expect(dump).not.toContain(data.secret.slice(10))
  })

  test('G9: has the scopes it is given by name, and none that its maker has not', async () => {
    const ada = await api.signUp()
    expect((await create(ada, { scopes: [] })).status).toBe(400)
    expect((await create(ada, { scopes: ['*'] })).status).toBe(400)
    const { data: narrow } = await create(ada, { scopes: ['api_key.manage', 'workflow.read'] })
    const wider = await api.send('POST', '/api/v2/api-keys', {
      key: narrow.secret,
      body: { name: 'Wider', scopes: ['workflow.write'] },
    })
    expect([wider.status, wider.error.details]).toEqual([403, { needs: 'workflow.write' }])
    const same = await api.send('POST', '/api/v2/api-keys', {
      key: narrow.secret,
      body: { name: 'Same', scopes: ['workflow.read'] },
    })
    expect(same.status).toBe(201)
  })

  test('lives for a year at most', async () => {
    const ada = await api.signUp()
    const day = 86_400_000
    const inDays = (days: number) => new Date(Date.now() + days * day).toISOString()
    expect((await create(ada, { expiresAt: inDays(366) })).status).toBe(400)
    expect((await create(ada, { expiresAt: inDays(-1) })).status).toBe(400)
    expect((await create(ada, { expiresAt: inDays(30) })).status).toBe(201)
    const { data } = await create(ada, {})
    expect(Math.round((Date.parse(data.expiresAt) - Date.now()) / day)).toBe(365)
  })
})

describe('a key', () => {
  test('opens what its scopes say in its maker’s organization, without a cookie or an origin', async () => {
    const ada = await api.signUp()
    const { data: key } = await create(ada, { scopes: ['workflow.read', 'workflow.write'] })
    const me = await api.send('GET', '/api/v2/me', { key: key.secret })
    expect(me.data).toMatchObject({
      userId: ada.userId,
      via: 'api_key',
      organization: { id: ada.organizationId },
      capabilities: ['workflow.read', 'workflow.write'],
    })
    const made = await api.send('POST', '/api/v2/workflows', { key: key.secret, body: { name: 'By robot' } })
    expect([made.status, made.data.createdBy]).toEqual([201, ada.userId])
  })

  test('is never taken from a cookie or the query', async () => {
    const ada = await api.signUp()
    const { data: key } = await create(ada, {})
    const byCookie = await api.send('GET', '/api/v2/me', { headers: { cookie: `api_key=${key.secret}` } })
    const byQuery = await api.send('GET', `/api/v2/me?api_key=${key.secret}`)
    expect([byCookie.status, byQuery.status]).toEqual([401, 401])
    for (const authorization of [
      key.secret,
      `Basic ${btoa(`x:${key.secret}`)}`,
      `Bearer  `,
      `Bearer ${key.secret} x`,
    ]) {
      expect((await api.send('GET', '/api/v2/me', { headers: { authorization } })).status, authorization).toBe(401)
    }
  })

  test('opens nothing within five seconds after it was revoked, and cannot be revived', async () => {
    let at = Date.now()
    const slow = makeApi({ now: () => new Date(at) })
    const ada = await slow.signUp()
    const { data: key } = await slow.send('POST', '/api/v2/api-keys', {
      as: ada,
      body: { name: 'Robot', scopes: ['workflow.read'] },
    })
    expect((await slow.send('GET', '/api/v2/me', { key: key.secret })).status).toBe(200)
    const revoked = await slow.send('DELETE', `/api/v2/api-keys/${key.id}`, { as: ada })
    expect([revoked.status, typeof revoked.data.revokedAt]).toEqual([200, 'string'])
    at += 5_001
    expect((await slow.send('GET', '/api/v2/me', { key: key.secret })).status).toBe(401)
    const again = await slow.send('DELETE', `/api/v2/api-keys/${key.id}`, { as: ada })
    expect(again.data.revokedAt).toBe(revoked.data.revokedAt)
  })

  test('ends when its time is over, also while it is remembered', async () => {
    let at = Date.now()
    const slow = makeApi({ now: () => new Date(at) })
    const ada = await slow.signUp()
    const { data: key } = await slow.send('POST', '/api/v2/api-keys', {
      as: ada,
      body: { name: 'Robot', scopes: ['workflow.read'], expiresAt: new Date(at + 2_000).toISOString() },
    })
    expect((await slow.send('GET', '/api/v2/me', { key: key.secret })).status).toBe(200)
    at += 2_000
    expect((await slow.send('GET', '/api/v2/me', { key: key.secret })).status).toBe(401)
  })

  test('tells when it was last used, to the hour', async () => {
    const ada = await api.signUp()
    const { data: key } = await create(ada, {})
    await api.send('GET', '/api/v2/me', { key: key.secret })
    const { data } = await api.send('GET', '/api/v2/api-keys', { as: ada })
    expect(Date.now() - Date.parse(data.items[0].lastUsedAt)).toBeLessThan(60_000)
  })

  test('F13: of a colleague can neither be seen nor revoked by somebody who sees only their own', async () => {
    const [ada, ben] = [await api.signUp(), await api.signUp()]
    await env.DB.prepare(
      `INSERT INTO members (id, organization_id, user_id, role, created_at) VALUES (?, ?, ?, 'editor', 0)`,
    )
      .bind(`ben-${ben.userId}`, ada.organizationId, ben.userId)
      .run()
    const fresh = makeApi()
    const signedIn = await fresh.send('POST', '/api/auth/sign-in/email', { body: { email: ben.email, password } })
    const atAdas = { ...ben, cookie: cookieOf(signedIn.headers) }
    await fresh.send('POST', '/api/auth/organization/set-active', {
      as: atAdas,
      body: { organizationId: ada.organizationId },
    })
    const me = await fresh.send('GET', '/api/v2/me', { as: atAdas })
    expect([me.data.organization.id, me.data.role]).toEqual([ada.organizationId, 'editor'])

    const { data: key } = await create(ada, {})
    expect((await fresh.send('GET', '/api/v2/api-keys', { as: atAdas })).data.items).toEqual([])
    expect((await fresh.send('DELETE', `/api/v2/api-keys/${key.id}`, { as: atAdas })).status).toBe(404)
    expect((await fresh.send('GET', '/api/v2/me', { key: key.secret })).status).toBe(200)
  })

  test('of a maker whose role was lowered may do no more than the maker', async () => {
    const ada = await api.signUp()
    const { data: key } = await create(ada, { scopes: [...capabilities] })
    await env.DB.prepare(`UPDATE members SET role = 'viewer' WHERE user_id = ?`).bind(ada.userId).run()
    const { data } = await makeApi().send('GET', '/api/v2/me', { key: key.secret })
    expect(new Set(data.capabilities)).toEqual(capabilitiesOf('viewer'))
    expect(data.capabilities).not.toContain('workflow.write')
  })
})

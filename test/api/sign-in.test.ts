import { env } from 'cloudflare:workers'
import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { createVault } from '../../worker/vault/index.ts'
import { rateLimits } from '../../worker/store/schema/db/access.ts'
import { members, organizations, sessions } from '../../worker/store/schema/db/people.ts'
import { sessionLimits } from '../../worker/store/sessions.ts'
import { cookieOf, makeApi, origin, password, type Member, type TestApi } from '../support/api.ts'
import { join } from '../support/joining.ts'
import { db } from '../support/people.ts'

const api = makeApi()

function signIn(api: TestApi, email: string, given: string, headers: Record<string, string> = {}) {
  return api.send('POST', '/api/auth/sign-in/email', { body: { email, password: given }, headers })
}

describe('a new user', () => {
  test('owns an organization of their own from the beginning', async () => {
    const ada = await api.signUp('Ada Lovelace')
    const { data } = await api.send('GET', '/api/v2/me', { as: ada })
    expect(data).toMatchObject({
      userId: ada.userId,
      name: 'Ada Lovelace',
      role: 'owner',
      sight: 'organization',
      via: 'session',
      organization: { name: "Ada Lovelace's organization", slug: expect.stringMatching(/^ada-lovelace-/) },
    })
    expect(data.organizations).toHaveLength(1)
    expect(data.userId).toMatch(/^usr_/)
  })

  test('whose organization was lost in a crash between the two has it made, once, when they come', async () => {
    const ada = await api.signUp()
    await db.delete(members).where(eq(members.userId, ada.userId))
    await db.delete(organizations).where(eq(organizations.id, ada.organizationId))
    const later = makeApi()
    const answers = await Promise.all([1, 2, 3].map(() => later.send('GET', '/api/v2/me', { as: ada })))
    expect(answers.map(({ data }) => data?.organization.id)).toEqual(Array(3).fill(ada.organizationId))
    expect(await db.select().from(members).where(eq(members.userId, ada.userId))).toHaveLength(1)
  })

  test('who has left their own organization does not come back as its owner', async () => {
    const ada = await api.signUp()
    await db.delete(members).where(eq(members.userId, ada.userId))
    await db.insert(members).values({
      id: `other-${ada.userId}`,
      organizationId: ada.organizationId,
      userId: (await api.signUp()).userId,
      role: 'owner',
      createdAt: new Date(),
    })
    const answer = await makeApi().send('GET', '/api/v2/me', { as: ada })
    expect([answer.status, answer.error.code]).toEqual([403, 'auth.no_organization'])
  })

  test('has a name of at most 120 characters, as do organizations', async () => {
    const body = { name: 'n'.repeat(121), email: 'long@example.com', password }
    const refused = await api.send('POST', '/api/auth/sign-up/email', { body })
    expect([refused.status, refused.error.details.problems[0].path]).toEqual([400, 'name'])
    const ada = await api.signUp()
    const renamed = { data: { name: 'o'.repeat(121) } }
    const other = await api.send('POST', '/api/auth/organization/update', { as: ada, body: renamed })
    expect([other.status, other.error.details.problems[0].path]).toEqual([400, 'data.name'])
  })

  test('hears by which methods an address is asked', async () => {
    const answer = await api.send('GET', '/api/auth/sign-in/email')
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test('needs a password of ten characters, and an address nobody has', async () => {
    const ada = await api.signUp()
    const post = (email: string, given: string) =>
      api.send('POST', '/api/auth/sign-up/email', { body: { name: 'X', email, password: given } })
    expect((await post('short@example.com', 'too short')).status).toBe(400)
    expect((await post(ada.email, password)).status).toBe(422)
  })

  test('G7: cannot say which id, role or organization they have', async () => {
    const answer = await api.send('POST', '/api/auth/sign-up/email', {
      body: {
        name: 'Eve',
        email: 'eve-g7@example.com',
        password,
        id: 'usr_00000000000000000000000000',
        role: 'owner',
        emailVerified: true,
        activeOrganizationId: (await api.signUp()).organizationId,
      },
    })
    const eve = { cookie: cookieOf(answer.headers) } as Member
    const { data } = await api.send('GET', '/api/v2/me', { as: eve })
    if (answer.status === 200) {
      expect(data.userId).not.toBe('usr_00000000000000000000000000')
      expect(data.organizations).toHaveLength(1)
    } else {
      expect(answer.status).toBe(400)
    }
  })
})

describe('a session', () => {
  test('F8: is a cookie that scripts, other hosts and plain http cannot have', async () => {
    const ada = await api.signUp()
    const { headers } = await signIn(api, ada.email, password)
    const cookie = headers.getSetCookie().find((line) => line.includes('session_token'))!
    expect(cookie).toMatch(/^__Host-leat\.session_token=/)
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) expect(cookie).toContain(attribute)
    expect(cookie).not.toContain('Domain')
  })

  test('F8: ends everywhere when its owner signs out', async () => {
    const elsewhere = makeApi()
    const ada = await api.signUp()
    expect((await elsewhere.send('GET', '/api/v2/me', { as: ada })).status).toBe(200)
    expect((await api.send('POST', '/api/auth/sign-out', { as: ada, body: {} })).status).toBe(200)

    expect((await api.send('GET', '/api/v2/me', { as: ada })).status).toBe(401)
    expect((await elsewhere.send('GET', '/api/v2/me', { as: ada })).status).toBe(401)
  })

  test('opens another organization everywhere as soon as its user chooses it', async () => {
    const elsewhere = makeApi()
    const ada = await api.signUp()
    const open = async () => (await elsewhere.send('GET', '/api/v2/me', { as: ada })).data.organization.id
    expect(await open()).toBe(ada.organizationId)
    const body = { name: 'Second', slug: `second-${ada.userId.slice(-8)}` }
    const second = JSON.parse((await api.send('POST', '/api/auth/organization/create', { as: ada, body })).text).id
    expect(await open()).toBe(second)
    await api.send('POST', '/api/auth/organization/set-active', {
      as: ada,
      body: { organizationId: ada.organizationId },
    })
    expect(await open()).toBe(ada.organizationId)
  })

  test('does nothing for a page that shows another organization than the one that is open by now', async () => {
    const ada = await api.signUp()
    const body = { name: 'Second', slug: `second-${ada.userId.slice(-8)}` }
    const second = JSON.parse((await api.send('POST', '/api/auth/organization/create', { as: ada, body })).text).id
    const create = (shown: string) => {
      const headers = { 'x-leat-organization': shown }
      return api.send('POST', '/api/v2/workflows', { as: ada, headers, body: { name: 'Where?' } })
    }
    const refused = await create(ada.organizationId)
    expect([refused.status, refused.error.code]).toEqual([409, 'auth.other_organization'])
    expect((await api.send('GET', '/api/v2/workflows', { as: ada })).data.items).toEqual([])
    expect((await create(second)).status).toBe(201)
  })

  test('F8: is another one after signing in again, and ends with a changed password', async () => {
    const ada = await api.signUp()
    const second = { ...ada, cookie: cookieOf((await signIn(api, ada.email, password)).headers) }
    expect(second.cookie).not.toBe(ada.cookie)
    const changed = await api.send('POST', '/api/auth/change-password', {
      as: second,
      body: { currentPassword: password, newPassword: 'another long password', revokeOtherSessions: false },
    })
    expect(changed.status).toBe(200)
    expect((await makeApi().send('GET', '/api/v2/me', { as: ada })).status).toBe(401)
    expect((await signIn(api, ada.email, password)).status).toBe(401)
  })

  test('that runs out ends at that moment, also while its cookie is remembered', async () => {
    let at = Date.now()
    const slow = makeApi({ now: () => new Date(at) })
    const ada = await api.signUp()
    const status = async () => (await slow.send('GET', '/api/v2/me', { as: ada })).status
    expect(await status()).toBe(200)
    const expiresAt = new Date(at + 2_000)
    await db.update(sessions).set({ expiresAt }).where(eq(sessions.userId, ada.userId))
    at += 1_000
    expect(await status()).toBe(200)
    at += 2_000
    expect(await status()).toBe(401)
  })

  test('ends seven days after it began, however busy it was, for every address', async () => {
    const asks = [
      ['GET', '/api/v2/me'],
      ['GET', '/api/auth/get-session'],
      ['POST', '/api/auth/organization/set-active'],
      ['POST', '/api/auth/update-user'],
    ] as const
    for (const [method, path] of asks) {
      const ada = await api.signUp()
      const at = new Date(Date.now() - sessionLimits.ageMs - 1_000)
      await db.update(sessions).set({ createdAt: at }).where(eq(sessions.userId, ada.userId))
      const body = { email: 'x@example.com', role: 'admin', organizationId: ada.organizationId, name: 'Eve' }
      const answer = await makeApi().send(method, path, { as: ada, ...(method === 'POST' ? { body } : {}) })
      if (path.endsWith('get-session')) expect(answer.text).toBe('null')
      else expect(answer.status, path).toBe(401)
      expect(await db.select().from(sessions).where(eq(sessions.userId, ada.userId)), path).toEqual([])
    }
  })

  test('ends seven days after it began also while its cookie is remembered', async () => {
    let at = Date.now()
    const slow = makeApi({ now: () => new Date(at) })
    const ada = await api.signUp()
    const createdAt = new Date(at - sessionLimits.ageMs + 2_000)
    await db.update(sessions).set({ createdAt }).where(eq(sessions.userId, ada.userId))
    const status = async () => (await slow.send('GET', '/api/v2/me', { as: ada })).status
    expect(await status()).toBe(200)
    at += 2_001
    expect(await status()).toBe(401)
    expect((await slow.send('GET', '/api/auth/get-session', { as: ada })).text).toBe('null')
  })

  test('is the one its cookie names, also where a header holds several', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    const [name] = ada.cookie.split('=')
    const headers = [
      `${name}; ${eve.cookie}`,
      `${name}=; ${eve.cookie}`,
      `${ada.cookie}; ${eve.cookie}`,
      ` ${name} =x; ${eve.cookie}`,
      `"${name}"; ${eve.cookie}; ${ada.cookie}`,
    ]
    for (const cookie of headers) {
      const me = await api.send('GET', '/api/v2/me', { as: { cookie } })
      const { text } = await api.send('GET', '/api/auth/get-session', { as: { cookie } })
      expect(JSON.parse(text)?.user.id, cookie).toBe(me.data?.userId)
      // Nobody has signed in with nothing in the cookie.
      expect((await api.send('GET', '/api/v2/me', { as: { cookie: `${name}=` } })).status, cookie).toBe(401)
      expect((await api.send('GET', '/api/v2/me', { as: { cookie: name! } })).status, cookie).toBe(401)
    }
  })

  test('is kept as long as every other, also if its browser asks for less or more', async () => {
    const ada = await api.signUp()
    for (const rememberMe of [false, true]) {
      const answer = await api.send('POST', '/api/auth/sign-in/email', {
        body: { email: ada.email, password, rememberMe },
      })
      const cookies = answer.headers.getSetCookie()
      expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(['__Host-leat.session_token'])
      expect(cookies[0]).toContain(`Max-Age=${sessionLimits.idleMs / 1_000}`)
    }
    for (const { expiresAt, createdAt } of await db.select().from(sessions).where(eq(sessions.userId, ada.userId))) {
      expect(expiresAt.getTime() - createdAt.getTime()).toBeLessThan(sessionLimits.idleMs + 5_000)
    }
  })

  test('whose time is prolonged by an address of the sign-in is so in the browser too', async () => {
    const ada = await api.signUp()
    const expiresAt = new Date(Date.now() + 60_000)
    await db.update(sessions).set({ expiresAt }).where(eq(sessions.userId, ada.userId))
    const { headers } = await makeApi().send('POST', '/api/auth/update-user', { as: ada, body: { name: 'Ada K.' } })
    expect(headers.getSetCookie().some((cookie) => cookie.startsWith('__Host-leat.session_token='))).toBe(true)
  })

  test('is not taken when its signature is not ours', async () => {
    const ada = await api.signUp()
    const forged = { ...ada, cookie: ada.cookie.replace(/(session_token=[^.]+)\.[^;]+/, '$1.c2lnbmF0dXJl') }
    expect((await api.send('GET', '/api/v2/me', { as: forged })).status).toBe(401)
  })

  test('F13: of somebody else cannot be revoked by its token', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    const [session] = await db.select().from(sessions).where(eq(sessions.userId, ada.userId))
    await api.send('POST', '/api/auth/revoke-session', { as: eve, body: { token: session!.token } })
    expect((await makeApi().send('GET', '/api/v2/me', { as: ada })).status).toBe(200)
  })
})

describe('a password', () => {
  test('F7: is tried five times in a quarter of an hour for one account, and then not even the right one helps', async () => {
    let at = Date.now()
    const api = makeApi({ now: () => new Date(at) })
    const ada = await api.signUp()
    const statuses = []
    for (let attempt = 0; attempt < 6; attempt++)
      statuses.push((await signIn(api, ada.email, 'a wrong password')).status)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
    const refused = await signIn(api, ada.email.toUpperCase(), password)
    expect([refused.status, refused.error.code]).toEqual([429, 'request.rate_limited'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800)
    at += 15 * 60_000
    expect((await signIn(api, ada.email, password)).status).toBe(200)
  })

  test('F7: is tried five times in parallel too', async () => {
    const ada = await api.signUp()
    const answers = await Promise.all(Array.from({ length: 12 }, () => signIn(api, ada.email, 'a wrong password')))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
  })

  test('F7: is tried twenty times from one address, whatever the account', async () => {
    const headers = { 'cf-connecting-ip': '203.0.113.7' }
    const statuses = []
    for (let attempt = 0; attempt < 21; attempt++) {
      statuses.push((await signIn(api, `nobody${attempt}@example.com`, 'a wrong password', headers)).status)
    }
    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true)
    expect(statuses[20]).toBe(429)
  })

  test('F7: is asked again five times before it is changed, whatever stands beside the cookie', async () => {
    const ada = await api.signUp()
    const change = (currentPassword: string, beside: string) =>
      api.send('POST', '/api/auth/change-password', {
        as: { cookie: `${beside}; ${ada.cookie}; ${beside}` },
        body: { currentPassword, newPassword: 'another long password' },
      })
    const statuses = []
    for (let attempt = 0; attempt < 6; attempt++)
      statuses.push((await change(`wrong password ${attempt}`, `x=${attempt}`)).status)
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429])
    expect((await change(password, 'y=1')).status).toBe(429)
    // They count together with those of the sign-in.
    expect((await signIn(api, ada.email, password)).status).toBe(429)
  })

  test('F7: of nobody is not asked again', async () => {
    const statuses = []
    for (let attempt = 0; attempt < 8; attempt++) {
      const body = { currentPassword: password, newPassword: 'another long password' }
      statuses.push((await api.send('POST', '/api/auth/change-password', { body })).status)
    }
    expect(new Set(statuses)).toEqual(new Set([401]))
  })

  test('K4: that is tried from an address with no tries left leaves nothing behind', async () => {
    const headers = { 'cf-connecting-ip': '203.0.113.8' }
    const rows = async () => (await db.select().from(rateLimits)).length
    const before = await rows()
    for (let attempt = 0; attempt < 24; attempt++) {
      await signIn(api, `stranger${attempt}@example.com`, 'a wrong password', headers)
    }
    // One of the address, and one of each account that was tried.
    expect((await rows()) - before).toBe(1 + 20)
  })

  test('that is right is not counted', async () => {
    const ada = await api.signUp()
    for (let attempt = 0; attempt < 8; attempt++) expect((await signIn(api, ada.email, password)).status).toBe(200)
  })

  test('F7: that is wrong is answered like an account that is not there', async () => {
    const ada = await api.signUp()
    const [wrong, unknown] = [
      await signIn(api, ada.email, 'a wrong password'),
      await signIn(api, 'no@example.com', 'x'),
    ]
    expect([wrong.status, wrong.text]).toEqual([unknown.status, unknown.text])
  })
})

describe('F9: what a cookie could authorise', () => {
  const elsewhere = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'https://leat.test.evil.example' },
    { origin: '' },
  ]

  test('is refused from another site, or from none, on every kind of change', async () => {
    const ada = await api.signUp()
    for (const headers of elsewhere) {
      const answer = await api.send('POST', '/api/v2/workflows', { as: ada, body: { name: 'Forged' }, headers })
      expect([answer.status, answer.error.code], JSON.stringify(headers)).toEqual([403, 'request.forbidden_origin'])
      expect((await api.send('POST', '/api/auth/sign-out', { as: ada, body: {}, headers })).status).toBe(403)
    }
    expect((await api.send('GET', '/api/v2/workflows', { as: ada })).data.items).toEqual([])
  })

  test('is not taken as a form or as plain text', async () => {
    const ada = await api.signUp()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await api.send('POST', '/api/v2/workflows', {
        as: ada,
        body: '{"name":"Forged"}',
        headers: { 'content-type': type },
      })
      expect([answer.status, answer.error.code], type).toEqual([415, 'request.unsupported_media_type'])
    }
  })

  test('is not changed by naming another method', async () => {
    const ada = await api.signUp()
    const { data } = await api.send('POST', '/api/v2/workflows', { as: ada, body: { name: 'Kept' } })
    for (const header of ['x-http-method-override', 'x-method-override', 'x-http-method']) {
      await api.send('GET', `/api/v2/workflows/${data.id}?_method=DELETE`, { as: ada, headers: { [header]: 'PATCH' } })
    }
    expect((await api.send('GET', `/api/v2/workflows/${data.id}`, { as: ada })).data.name).toBe('Kept')
  })

  test('includes signing somebody in from another site', async () => {
    const ada = await api.signUp()
    expect((await signIn(api, ada.email, password, { origin: 'https://evil.example' })).status).toBe(403)
  })

  test('and a socket of theirs', async () => {
    const ada = await api.signUp()
    const answer = await api.send('GET', '/ws/executions/exe_01jd4x8m3w5q7r9t1v3x5z7b9d', {
      as: ada,
      headers: { origin: 'https://evil.example', upgrade: 'websocket' },
    })
    expect([answer.status, answer.error.code]).toEqual([403, 'request.forbidden_origin'])
  })
})

describe('what the sign-in library could answer', () => {
  test('F14: is not there unless we use it', async () => {
    const unused = [
      '/oauth2/authorize',
      '/oauth2/register',
      '/oauth2/token',
      '/mcp/register',
      '/sso/register',
      '/scim/v2/Users',
      '/sign-in/social',
      '/callback/github',
      '/link-social',
      '/unlink-account',
      '/refresh-token',
      '/get-access-token',
      '/account-info',
      '/request-password-reset',
      '/reset-password',
      '/verify-email',
      '/send-verification-email',
      '/change-email',
      '/delete-user',
      '/delete-user/callback',
      '/error',
      '/ok',
      '/api-key/create',
      '/two-factor/enable',
      '/admin/list-users',
      '/organization/delete',
      '/organization/add-member',
      '/organization/list-members',
      '/organization/invite-member',
      '/organization/get-invitation',
      '/organization/accept-invitation',
      '/organization/reject-invitation',
      '/organization/cancel-invitation',
      '/organization/update-member-role',
      '/organization/remove-member',
      '/organization/leave',
      '/organization/get-full-organization',
      '/organization/list-invitations',
      '/organization/list-user-invitations',
      '/open-api/generate-schema',
      '/reference',
      '/set-password',
      '/update-session',
      '/list-accounts',
    ]
    const ada = await api.signUp()
    for (const path of unused) {
      for (const method of ['GET', 'POST']) {
        const answer = await api.send(method, `/api/auth${path}`, {
          as: ada,
          ...(method === 'POST' ? { body: {} } : {}),
        })
        expect([answer.status, answer.error?.code], `${method} ${path}`).toEqual([404, 'request.not_found'])
      }
    }
  })

  test('F14: is not reached by spelling its address differently', async () => {
    for (const path of [
      '/sign-in/social/',
      '//sign-in/social',
      '/%73ign-in/social',
      '/sign-in/../sign-in/social',
      '/sign-in/email/../social',
    ]) {
      const answer = await api.send('POST', `/api/auth${path}`, { body: { provider: 'github' } })
      expect(answer.status, path).toBe(404)
    }
  })

  test('F4: never sends a browser to another site', async () => {
    const ada = await api.signUp()
    const hostile = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      'javascript:alert(1)',
      '/ok\n//evil',
      ' //evil.example',
    ]
    for (const url of hostile) {
      for (const name of ['callbackURL', 'redirectTo', 'errorCallbackURL', 'newUserCallbackURL']) {
        const answer = await api.send('POST', '/api/auth/sign-in/email', {
          body: { email: ada.email, password, [name]: url },
        })
        expect([answer.status, answer.headers.get('location')], `${name} ${url}`).toEqual([400, null])
      }
    }
    const own = await api.send('POST', '/api/auth/sign-in/email', {
      body: { email: ada.email, password, callbackURL: '/workflows' },
    })
    expect(own.status).toBe(200)
  })

  test('F2: makes no key for anybody without a session', async () => {
    const ada = await api.signUp()
    const answer = await api.send('POST', '/api/v2/api-keys', {
      body: { name: 'Stolen', scopes: ['workflow.read'], userId: ada.userId },
    })
    expect([answer.status, answer.error.code]).toEqual([401, 'auth.required'])
  })
})

describe('members', () => {
  test('G14: cannot widen what they see', async () => {
    const [owner, editor] = [await api.signUp(), await api.signUp()]
    await join(api, owner, editor, 'editor')
    for (const path of ['/organization/update', '/update-user', '/organization/set-active']) {
      await api.send('POST', `/api/auth${path}`, {
        as: editor,
        body: { sight: 'organization', role: 'editor', memberId: 'x', organizationId: owner.organizationId },
      })
    }
    expect((await makeApi().send('GET', '/api/v2/me', { as: editor })).data.sight).toBe('own')
  })

  test('open no organization they do not belong to', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    const answer = await api.send('POST', '/api/auth/organization/set-active', {
      as: eve,
      body: { organizationId: ada.organizationId },
    })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect((await makeApi().send('GET', '/api/v2/me', { as: eve })).data.organization.id).toBe(eve.organizationId)
  })

  test('who are removed are out within five seconds, with their keys', async () => {
    let at = Date.now()
    const api2 = makeApi({ now: () => new Date(at) })
    const [owner, editor] = [await api.signUp(), await api.signUp()]
    await join(api, owner, editor, 'editor')
    const { data: key } = await api2.send('POST', '/api/v2/api-keys', {
      as: editor,
      body: { name: 'Mine', scopes: ['workflow.read'] },
    })
    expect((await api2.send('GET', '/api/v2/me', { key: key.secret })).data.organization.id).toBe(owner.organizationId)
    const removed = await api.send('DELETE', `/api/v2/members/${editor.userId}`, { as: owner })
    expect(removed.status).toBe(200)
    at += 5_001
    expect((await api2.send('GET', '/api/v2/me', { key: key.secret })).status).toBe(401)
    expect((await api2.send('GET', '/api/v2/me', { as: editor })).data?.organization.id).not.toBe(owner.organizationId)
  })
})

describe('F12: without a real secret', () => {
  test('nothing starts', () => {
    for (const rootSecret of ['', 'short', 'a'.repeat(31)])
      expect(() => createVault({ rootSecret })).toThrow(/32 bytes/)
  })

  test('sessions of one installation are none in another', async () => {
    const ada = await api.signUp()
    const other = makeApi({ rootSecret: `${env.LEAT_SECRET} of another` })
    expect((await other.send('GET', '/api/v2/me', { as: ada })).status).toBe(401)
  })
})

test('signing up, in and out, and changes of members, are in the audit', async () => {
  const ada = await api.signUp()
  await signIn(api, ada.email, password)
  const rows = await env.DB.prepare('SELECT action FROM audit_entries WHERE actor_id = ? ORDER BY seq')
    .bind(ada.userId)
    .all<{ action: string }>()
  expect(rows.results.map(({ action }) => action)).toEqual(['auth.sign_up.email', 'auth.sign_in.email'])
  expect(origin).toBeTruthy()
})

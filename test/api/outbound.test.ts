import { describe, expect, test } from 'vitest'
import { env } from 'cloudflare:workers'
import type { OrganizationId } from '../../worker/contract/id.ts'
import { outboundObjectOf } from '../../worker/runtime/outbound/outbound-stub.ts'
import { readHostRules } from '../../worker/store/outbound.ts'
import { makeApi, type Member } from '../support/api.ts'
import { makeKey } from '../support/people.ts'
import { eventually } from '../support/published.ts'

const api = makeApi()
const limit = { calls: 60, per: 'minute', burst: 5 }

function set(as: Member, body: object) {
  return api.send('PUT', '/api/v2/outbound-rules', { as, body })
}

async function list(as: Member): Promise<{ host: string }[]> {
  return (await api.send('GET', '/api/v2/outbound-rules', { as })).data.items
}

describe('a rule for a host', () => {
  test('is kept as it was given, and the next one of the host takes its place', async () => {
    const ada = await api.signUp()
    const { status, data } = await set(ada, { host: 'api.example.com', limit })
    expect([status, data]).toEqual([
      200,
      { host: 'api.example.com', limit, breaker: true, updatedAt: expect.any(String) as string },
    ])
    await set(ada, { host: 'api.example.com', breaker: false })
    expect(await list(ada)).toMatchObject([{ host: 'api.example.com', limit: null, breaker: false }])
    expect(await readHostRules(env.DB, ada.organizationId)).toEqual(
      new Map([['api.example.com', { limit: null, breaker: false }]]),
    )
  })

  test.each([
    ['https://API.Example.com/', 'api.example.com'],
    ['api.example.com:443', 'api.example.com'],
    ['10.0.0.7:8080', '10.0.0.7:8080'],
    ['http://localhost:3000', 'localhost:3000'],
    ['[::1]:9000', '[::1]:9000'],
    ['*.Example.com', '*.example.com'],
    ['https://*.eu.example.com:443', '*.eu.example.com'],
    ['*.example.com:8443', '*.example.com:8443'],
  ])('of %s is one of %s', async (written, host) => {
    const ada = await api.signUp()
    expect((await set(ada, { host: written, limit })).data.host).toBe(host)
  })

  test.each([
    [{ host: 'api.example.com/orders', limit }, 'host'],
    [{ host: ' ', limit }, 'host'],
    [{ host: '*', limit }, 'host'],
    [{ host: '*.com', limit }, 'host'],
    [{ host: '*.10.0.0.7', limit }, 'host'],
    [{ host: 'api.*.example.com', limit }, 'host'],
    [{ host: '*.*.example.com', limit }, 'host'],
    [{ host: '*.example.com/orders', limit }, 'host'],
    [{ host: 'ada:secret@example.com', limit }, 'host'],
    [{ host: 'a.example', limit: { ...limit, calls: 0 } }, 'limit.calls'],
    [{ host: 'a.example', limit: { ...limit, per: 'day' } }, 'limit.per'],
    [{ host: 'a.example', limit: { ...limit, burst: 0 } }, 'limit.burst'],
  ])('%j is refused at %s', async (body, path) => {
    const ada = await api.signUp()
    const { status, error } = await set(ada, body)
    expect([status, error.details.problems[0].path]).toEqual([400, path])
    expect(await list(ada)).toEqual([])
  })

  test('is removed, and then there is none', async () => {
    const ada = await api.signUp()
    await set(ada, { host: '10.0.0.7:8080', limit })
    const remove = () =>
      api.send('DELETE', `/api/v2/outbound-rules/${encodeURIComponent('10.0.0.7:8080')}`, { as: ada })
    expect((await remove()).status).toBe(200)
    await set(ada, { host: '*.example.com', limit })
    const wide = encodeURIComponent('*.example.com')
    expect((await api.send('DELETE', `/api/v2/outbound-rules/${wide}`, { as: ada })).status).toBe(200)
    expect(await list(ada)).toEqual([])
    expect((await remove()).error.code).toBe('outbound_rule.not_found')
  })

  test('is the organization’s own', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    await set(ada, { host: 'api.example.com', limit })
    await set(eve, { host: 'api.example.com', breaker: false })
    expect(await list(ada)).toMatchObject([{ limit, breaker: true }])
  })
})

describe('a host in trouble', () => {
  const host = 'down.example.com'

  async function open(organizationId: OrganizationId): Promise<void> {
    const object = outboundObjectOf(env, { organizationId, host })
    const failed = JSON.stringify({ by: 'fx_a', result: 'failed', why: 'it answered 503' })
    for (let i = 0; i < 5; i++) await object.settle(organizationId, failed)
  }

  const troubles = async (as: Member): Promise<unknown[]> =>
    (await api.send('GET', '/api/v2/outbound-troubles', { as })).data.items
  const deeds = async (as: Member): Promise<{ action: string; via: string; targetId: string }[]> =>
    (await api.send('GET', '/api/v2/audit', { as })).data.items.filter(({ action }: { action: string }) =>
      action.startsWith('breaker.'),
    )
  const listed = (as: Member, count: number) =>
    eventually(async () => {
      const items = await troubles(as)
      return items.length === count ? items : undefined
    }, 30_000)

  test('is listed with why and until when, and its opening is in the audit once', async () => {
    const ada = await api.signUp()
    await open(ada.organizationId)
    const [trouble] = await listed(ada, 1)
    expect(trouble).toEqual({
      host,
      reason: 'it answered 503',
      since: expect.any(String) as string,
      until: expect.any(String) as string,
    })
    const { since, until } = trouble as { since: string; until: string }
    expect(Date.parse(until) - Date.parse(since)).toBe(30_000)
    expect(await deeds(ada)).toMatchObject([{ action: 'breaker.opened', via: 'system', targetId: host }])
  })

  test('M3: is called again when somebody who may says so, which is in the audit as theirs', async () => {
    const ada = await api.signUp()
    await open(ada.organizationId)
    await listed(ada, 1)
    const close = () => api.send('DELETE', `/api/v2/outbound-troubles/${host}`, { as: ada })
    expect((await close()).status).toBe(200)
    await listed(ada, 0)
    expect(await deeds(ada)).toMatchObject([
      { action: 'breaker.closed', via: 'session', actorId: ada.userId },
      { action: 'breaker.opened', via: 'system' },
    ])
    expect((await close()).error.code).toBe('breaker.not_open')
  })

  test('G4, G5: is closed by nobody of another organization, and by no key without the scope', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    await open(ada.organizationId)
    await listed(ada, 1)
    const path = `/api/v2/outbound-troubles/${host}`
    expect((await api.send('DELETE', path, { as: eve })).error.code).toBe('breaker.not_open')
    const key = await makeKey(ada.userId, ada.organizationId, ['workflow.read', 'calendar.manage'])
    expect((await api.send('DELETE', path, { key })).error.code).toBe('auth.forbidden')
    expect(await troubles(ada)).toHaveLength(1)
  })
})

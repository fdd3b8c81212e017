import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CurrentMember } from '#contract/member.ts'
import { session } from '#lib/session/current.svelte.ts'
import { nextPath, signInPath } from '#lib/session/next-path.ts'
import { organizationSlug } from '#lib/session/organization-slug.ts'

const ada = {
  userId: 'usr_ada',
  name: 'Ada',
  email: 'ada@example.com',
  organization: { id: 'org_a', name: 'Acme', slug: 'acme' },
  organizations: [],
  role: 'viewer',
  teamIds: [],
  sight: 'own',
  capabilities: ['workflow.read'],
  via: 'session',
} as unknown as CurrentMember

/** A browser's storage, as far as the session uses it. */
function stubStorage(entries: Record<string, string>) {
  const map = new Map(Object.entries(entries))
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  })
  return map
}

beforeEach(() => void stubStorage({ 'leat.signedIn': 'yes' }))

function serve(answers: Record<string, () => Response>) {
  const asked: string[] = []
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url)
    return Promise.resolve(answers[url]?.() ?? new Response('{}', { status: 404 }))
  })
  return asked
}

const metadata = { requestId: 'req_1', timestamp: '2026-11-21T10:00:00.000Z', version: 'v2', executionTime: 1 }
const me = (member: CurrentMember) => () => Response.json({ success: true, data: member, metadata })
const refusal = (status: number, code: string) => () =>
  Response.json({ success: false, error: { code, message: code, details: null }, metadata }, { status })

afterEach(() => vi.unstubAllGlobals())

test('knows who is signed in and what they may do', async () => {
  serve({ '/api/v2/me': me(ada) })
  await session.load()
  expect(session.status).toBe('ready')
  expect(session.member.name).toBe('Ada')
  expect(session.can('workflow.read')).toBe(true)
  expect(session.can('workflow.write')).toBe(false)
})

test('somebody without a session is signed out, may do nothing, and has no member', async () => {
  serve({ '/api/v2/me': refusal(401, 'auth.required') })
  await session.load()
  expect(session.status).toBe('signedOut')
  expect(session.can('workflow.read')).toBe(false)
  expect(() => session.member).toThrow('Nobody is signed in')
})

test('a browser that never signed in asks no question that would be refused', async () => {
  const storage = stubStorage({})
  const asked = serve({ '/api/auth/get-session': () => Response.json(null), '/api/v2/me': me(ada) })
  await session.load()
  expect(session.status).toBe('signedOut')
  expect(asked).toEqual(['/api/auth/get-session'])

  serve({ '/api/auth/get-session': () => Response.json({ user: {} }), '/api/v2/me': me(ada) })
  await session.load()
  expect(session.status).toBe('ready')
  expect(storage.has('leat.signedIn')).toBe(true)
})

test('somebody who belongs nowhere yet is told apart from somebody signed out', async () => {
  serve({ '/api/v2/me': refusal(403, 'auth.no_organization') })
  await session.load()
  expect(session.status).toBe('noOrganization')
})

test('a server in trouble is an error, not a sign-out', async () => {
  serve({ '/api/v2/me': me(ada) })
  await session.load()
  serve({ '/api/v2/me': refusal(500, 'internal') })
  await expect(session.load()).rejects.toMatchObject({ code: 'internal' })
  expect(session.status).toBe('ready')
})

test('signing out ends it here as well', async () => {
  serve({ '/api/v2/me': me(ada), '/api/auth/sign-out': () => Response.json({ success: true }) })
  await session.load()
  await session.signOut()
  expect([session.status, session.leftByChoice]).toEqual(['signedOut', true])
})

test('changing the organization asks again who one is there', async () => {
  const there = { ...ada, organization: { ...ada.organization, name: 'Other' } }
  const asked = serve({ '/api/auth/organization/set-active': () => Response.json({}), '/api/v2/me': me(there) })
  await session.switchOrganization('org_b')
  expect(asked).toEqual(['/api/auth/organization/set-active', '/api/v2/me'])
  expect(session.member.organization.name).toBe('Other')
})

test.each([
  ['/workflows?status=draft#top', '/workflows?status=draft#top'],
  ['/', '/'],
  [null, '/'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/\t/evil.example', '/'],
  ['/sign-in?next=/x', '/'],
])('F4: after signing in, %s leads to %s', (wanted, path) => {
  expect(nextPath(wanted)).toBe(path)
})

test('the sign-in page remembers where somebody was, but not that they were at a door', () => {
  expect(signInPath({ pathname: '/executions/exe_1', search: '?step=a' })).toBe(
    '/sign-in?next=%2Fexecutions%2Fexe_1%3Fstep%3Da',
  )
  expect(signInPath({ pathname: '/', search: '' })).toBe('/sign-in')
  expect(signInPath({ pathname: '/sign-up', search: '' })).toBe('/sign-in')
})

test.each([
  ['Müller & Söhne GmbH', 'muller-sohne-gmbh-x1'],
  ['   ', 'organization-x1'],
  ['日本', 'organization-x1'],
])('the address of %s is %s', (name, slug) => {
  expect(organizationSlug(name, 'x1')).toBe(slug)
})

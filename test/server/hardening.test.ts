// What a stranger, a browser and whoever gets hold of the disk may find on a running server.

import { randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import { createLeatClient } from '../../scripts/client/leat-client.ts'
import { root } from '../../scripts/paths.ts'
import { inParallel, until } from '../support/product.ts'
import { newDataFolder, type RunningServer, startServer } from '../support/server.ts'

const dataDir = newDataFolder()
let server: RunningServer

beforeAll(async () => {
  server = await startServer({ dataDir, env: { LEAT_LOG: 'debug' } })
})
afterAll(() => server.stop())

interface Person {
  email: string
  cookie: string
  ask(method: string, path: string, body?: object): Promise<{ status: number; text: string; data: never }>
}

let people = 0

/** Somebody with an organization of their own, as a browser would sign them up. */
async function signUp(name: string, password: string): Promise<Person> {
  const headers = { 'content-type': 'application/json', origin: server.url }
  const email = `${name.toLowerCase()}${++people}@example.com`
  const body = JSON.stringify({ name, email, password })
  const answer = await fetch(`${server.url}/api/auth/sign-up/email`, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
  const cookie = answer.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')
  return {
    email,
    cookie,
    async ask(method, path, given) {
      const response = await fetch(`${server.url}/api/v2${path}`, {
        method,
        headers: { ...headers, cookie },
        ...(given === undefined ? {} : { body: JSON.stringify(given) }),
      })
      const text = await response.text()
      return { status: response.status, text, data: JSON.parse(text).data as never }
    },
  }
}

describe('every page of the app', () => {
  test.each(['/', '/workflows/of-nobody', '/sign-in'])(
    'H6, N4: %s is framed by nobody and runs only our scripts',
    async (path) => {
      const page = await fetch(server.url + path)
      const headers = Object.fromEntries(page.headers)
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'referrer-policy': expect.any(String),
        'permissions-policy': expect.stringContaining('camera=()'),
      })
      const html = await page.text()
      const policy = /<meta http-equiv="content-security-policy" content="([^"]*)"/i.exec(html)?.[1] ?? ''
      const directives = Object.fromEntries(
        policy.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1)]),
      )
      expect(directives).toMatchObject({
        'default-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'connect-src': ["'self'"],
        'form-action': ["'self'"],
      })
      const scripts: string[] = directives['script-src'] ?? []
      expect(scripts[0]).toBe("'self'")
      expect(scripts.slice(1).every((source) => source.startsWith("'sha256-"))).toBe(true)
      // A policy in the page counts for what stands behind it: before it only files of ours.
      const before = html.slice(0, html.search(/http-equiv="content-security-policy"/i))
      expect([...before.matchAll(/<script(?! src="\/[a-z.]+">)/g)]).toEqual([])
    },
  )
})

describe('a stranger', () => {
  test('N1: finds no door for debugging, metrics or tests, and no source maps', async () => {
    const page = await (await fetch(server.url)).text()
    const doors = [
      '/cdn-cgi/handler/scheduled',
      '/cdn-cgi/mf/scheduled',
      '/__scheduled',
      '/__debug',
      '/metrics',
      '/debug',
    ]
    for (const path of doors) expect(await (await fetch(server.url + path)).text(), path).toBe(page)
    for (const path of ['/api/metrics', '/api/debug', '/api/v2/debug', '/api/v2/test', '/api/__e2e']) {
      // 401 where something might be behind it for a member.
      expect([401, 404], path).toContain((await fetch(server.url + path)).status)
    }
    expect(globSync('web/build/**/*.map', { cwd: root })).toEqual([])
    expect(page).not.toContain('sourceMappingURL')
  })

  test('D11: learns nothing from a webhook that is not there, whatever its key looks like', async () => {
    const ask = async (path: string) => {
      const response = await fetch(server.url + path, { method: 'POST', body: '{}' })
      const { error } = await response.json<{ error: object }>()
      return { status: response.status, error }
    }
    const first = await ask('/hooks/hook_guess')
    expect(first.status).toBe(404)
    const { pathname } = new URL(server.demo.hookUrl)
    for (const path of [`${pathname.slice(0, -1)}x`, `${pathname}x`, `/hooks/${'a'.repeat(300)}`]) {
      expect(await ask(path), path).toEqual(first)
    }
    // 128 bits, five to a letter.
    expect(/[a-z0-9]+$/i.exec(pathname)![0].length).toBeGreaterThanOrEqual(26)
  })

  test('D12: finds no webhook that is only in a draft, and puts none away', async () => {
    const client = createLeatClient({ url: server.url, apiKey: server.demo.apiKey })
    const hook = (id: string) => graph([node(id, 'trigger.webhook', {})])
    const { id, hookPath } = await client.publish('Drafted', hook('first'))
    const post = async (path: string) => (await client.post(path, { at: randomUUID() })).status
    expect(await post(hookPath)).toBe(202)

    const { revision } = await client.getWorkflow(id)
    const drawing = { ...hook('first'), nodes: [...hook('first').nodes, ...hook('second').nodes] }
    await client.call('PATCH', `/workflows/${id}`, { graph: drawing }, { 'if-match': `"${revision}"` })
    const drafted = await client.getWorkflow(id)
    expect(drafted.hooks).toHaveLength(2)
    for (const { nodeId, path } of drafted.hooks)
      expect([nodeId, await post(path)]).toEqual([nodeId, nodeId === 'first' ? 202 : 404])

    for (const [method, path] of [
      ['POST', 'archive'],
      ['POST', 'pause'],
      ['PUT', 'hooks/first/secret'],
    ]) {
      const headers = { 'content-type': 'application/json' }
      const refused = await fetch(`${server.url}/api/v2/workflows/${id}/${path}`, {
        method: method!,
        headers,
        body: '{}',
      })
      expect([path, refused.status]).toEqual([path, 401])
    }
    expect(await post(hookPath)).toBe(202)
  })

  test('K5: is answered soon, whatever is in the address or the headers', async () => {
    const hostile = '=,;t=1,v1='.repeat(1_200)
    const asked = [
      fetch(`${server.url}/hooks/${'%2e/'.repeat(1_500)}`, { method: 'POST', body: '{}' }),
      fetch(`${server.url}/api/v2/workflows?search=${'a%20'.repeat(1_500)}`),
      fetch(`${server.url}/api/v2/me`, { headers: { cookie: hostile } }),
      fetch(`${server.url}/api/v2/me`, { headers: { authorization: `Bearer ${hostile}` } }),
      fetch(server.demo.hookUrl, {
        method: 'POST',
        body: '{}',
        headers: { 'webhook-signature': hostile, 'content-type': hostile },
      }),
    ]
    const answers = await Promise.all(asked)
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
  })
})

test('G11: two hundred requests at once, of two organizations: nobody is given a word of the other', async () => {
  const [ada, bob] = await Promise.all([signUp('Ada', 'correct horse battery'), signUp('Bob', 'correct horse battery')])
  const owners = [
    { who: ada, canary: 'canary-of-ada' },
    { who: bob, canary: 'canary-of-bob' },
  ]
  for (const { who, canary } of owners) {
    const drawing = graph(
      [node('hook', 'trigger.webhook', {}), node('note', 'data.set', { fields: [{ name: 'a', value: canary }] })],
      'hook>note',
    )
    expect((await who.ask('POST', '/workflows', { name: canary, graph: drawing })).status).toBe(201)
    expect((await who.ask('PUT', '/variables/canary', { type: 'string', value: canary })).status).toBeLessThan(300)
  }
  const paths = ['/me', '/workflows', '/variables', '/executions', '/audit', '/api-keys']
  const asked = Array.from({ length: 400 }, (_, i) => ({
    ...owners[i % 2]!,
    path: paths[Math.floor(i / 2) % paths.length]!,
  }))
  const answers = await inParallel(asked, 200, async ({ who, path }) => who.ask('GET', path))
  const others = ['canary-of-ada', ada.email, 'canary-of-bob', bob.email]
  const crossings = answers.filter(({ text }, i) =>
    others.some(
      (word) => text.includes(word) && !(asked[i]!.who === ada ? others.slice(0, 2) : others.slice(2)).includes(word),
    ),
  )
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  expect(crossings).toEqual([])
  for (const { canary } of owners) expect(answers.some(({ text }) => text.includes(canary))).toBe(true)
})

test('L2: what is secret is neither on the disk nor in the log, however it is written', async () => {
  const planted = {
    password: 'a password that is planted here',
    header: 'planted-header-value-4711',
    signing: 'planted-signing-secret-0815-long-enough',
  }
  const eve = await signUp('Eve', planted.password)
  const secrets = [planted.password, planted.header, planted.signing, eve.cookie.split('=')[1]!]

  const key: { secret: string } = (
    await eve.ask('POST', '/api-keys', { name: 'Planted', scopes: ['workflow.read', 'event.send'] })
  ).data
  const app: { secret: string } = (await eve.ask('POST', '/me/authenticator', { password: planted.password })).data
  const guest = { email: 'planted-guest@example.com', role: 'viewer' }
  const invitation: { link: string } = (await eve.ask('POST', '/invitations', guest)).data
  const token = new URL(invitation.link).hash.slice(1)
  for (const deed of ['look', 'accept', 'decline']) await eve.ask('POST', `/invitations/${deed}`, { token })
  secrets.push(key.secret, app.secret, token)

  const client = createLeatClient({ url: server.url, apiKey: server.demo.apiKey })
  const drawing = graph(
    [
      node('hook', 'trigger.webhook', { respond: 'finished', verification: 'header', tokenHeader: 'x-planted' }),
      node('echo', 'data.set', { fields: [{ name: 'all', value: '{{ trigger.headers }}' }] }),
    ],
    'hook>echo',
  )
  const { id, hookPath } = await client.publish('Planted', drawing, planted.signing)
  const send = (headers: Record<string, string>) =>
    fetch(server.url + hookPath, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    })
  const sent = await send({
    'x-planted': planted.signing,
    authorization: `Bearer ${planted.header}`,
    cookie: `s=${planted.header}`,
  })
  expect(sent.status).toBe(200)
  expect(await sent.text()).not.toContain('planted-')
  expect((await send({ 'x-planted': planted.header })).status).toBe(401)
  await fetch(`${server.url}/api/v2/me`, { headers: { authorization: `Bearer ${key.secret}` } })
  await until(async () => ((await client.listAll({ workflowId: id })).length > 0 ? true : undefined))

  await server.stop()
  const files = globSync('**/*', { cwd: dataDir, withFileTypes: true }).filter((entry) => entry.isFile())
  const stored = Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))))
  // It looks where things are: what is not secret is found.
  expect(stored.includes(eve.email)).toBe(true)
  const written = secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ])
  expect(written.filter((text) => stored.includes(text) || server.log().includes(text))).toEqual([])
})

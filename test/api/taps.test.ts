// Listening at a webhook, through the API and the Worker's own hooks, on real inboxes.

import { createHmac } from 'node:crypto'
import { runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { GraphNode } from '../../worker/contract/graph.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { forEachInbox } from '../../worker/runtime/inbox/inbox-stub.ts'
import { createExecutionRuntime } from '../../worker/runtime/operations/execution-runtime.ts'
import { graph, node } from '../support/published.ts'
import { makeApi, type Member } from '../support/api.ts'
import { makeKey, makeMember } from '../support/people.ts'

const api = makeApi({ nodes: { describe: () => [], validate: validateGraph } })
const secret = 'a secret of more than 24 characters'

/** A workflow whose webhook is its node `hook`. Its execution is over at once, or goes on where `goesOn`. */
async function draw(as: Member, params: JsonObject = {}, goesOn = false) {
  const next: GraphNode = goesOn
    ? node('next', 'flow.wait', { mode: 'duration', duration: '1 second' })
    : node('next', 'data.set', { fields: [{ name: 'a', value: 1 }] })
  const body = { name: 'Any', graph: graph([node('hook', 'trigger.webhook', params), next], 'hook>next') }
  const { data } = await api.send('POST', '/api/v2/workflows', { as, body })
  const at = `/api/v2/workflows/${data.id}`
  const taps = `${at}/hooks/hook/taps`
  return {
    at,
    taps,
    path: data.hooks[0].path as string,
    /** Through the API of the tests, whose runtime only remembers: the inboxes are told here. */
    async change(what: string, change: object = {}) {
      const answer = await api.send('POST', `${at}/${what}`, { as, body: change })
      expect([what, answer.status]).toEqual([what, 200])
      await createExecutionRuntime(env).routesChanged(as.organizationId)
    },
    async setSecret() {
      const answer = await api.send('PUT', `${at}/hooks/hook/secret`, { as, body: { secret } })
      expect(answer.status).toBe(200)
      await createExecutionRuntime(env).routesChanged(as.organizationId)
    },
    async listen() {
      const answer = await api.send('POST', taps, { as })
      expect([answer.status, answer.error]).toEqual([201, undefined])
      return `${taps}/${answer.data.id}`
    },
  }
}

async function post(path: string, data: unknown, headers: Record<string, string> = {}, search = '') {
  const response = await exports.default.fetch(`http://leat.test${path}${search}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof data === 'string' ? data : JSON.stringify(data),
  })
  return {
    status: response.status,
    body: await response.json<{ data?: JsonObject; error?: { details?: JsonObject } }>(),
  }
}

/** What has come to a tap, asked at once or waited for. */
async function news(as: Member, tap: string, query = 'waitMs=0') {
  const answer = await api.send('GET', `${tap}?${query}`, { as })
  expect([answer.status, answer.error]).toEqual([200, undefined])
  return answer.data
}

const executionsOf = async ({ organizationId }: Member) =>
  (await env.LOGS.prepare('SELECT id FROM executions WHERE organization_id = ?').bind(organizationId).all()).results

describe('a webhook that is not live', () => {
  test('gives the next request to whoever waits, as `trigger` sees it, and starts nothing', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada)
    const tap = await hook.listen()
    const waiting = news(ada, tap, 'waitMs=20000')
    const headers = { authorization: 'Bearer not-to-be-seen', 'x-order': '7' }
    const sent = await post(hook.path, { id: 42 }, headers, '?a=1&tag=x&tag=y')
    expect([sent.status, sent.body.data]).toEqual([200, expect.objectContaining({ test: true })])
    const received = await waiting
    expect(received).toMatchObject({
      state: 'received',
      outcome: 'test',
      refused: [],
      trigger: {
        type: 'webhook',
        method: 'POST',
        headers: { authorization: '***', 'x-order': '7', 'content-type': 'application/json' },
        query: { a: '1', tag: ['x', 'y'] },
        body: { id: 42 },
      },
    })
    expect(JSON.stringify(received)).not.toContain('not-to-be-seen')
    expect(await executionsOf(ada)).toEqual([])
    expect(api.runtime.starts).toEqual([])
    // Who missed the answer asks again.
    expect(await news(ada, tap)).toEqual(received)
  })

  test('D12: is no address before anybody listens, after one request, and when they have stopped', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada)
    const statusOf = async (data: unknown) => (await post(hook.path, data)).status
    expect(await statusOf(1)).toBe(404)
    const first = await hook.listen()
    expect([await statusOf(2), await statusOf(3)]).toEqual([200, 404])
    const second = await hook.listen()
    expect((await api.send('DELETE', second, { as: ada })).status).toBe(200)
    expect(await statusOf(4)).toBe(404)
    expect(await news(ada, first)).toMatchObject({ state: 'received', trigger: { body: 2 } })
    expect((await api.send('GET', second, { as: ada })).error.code).toBe('tap.not_found')
  })

  test('is heard by everybody who listens there, and by nobody who listens elsewhere', async () => {
    const ada = await api.signUp()
    const [hook, other] = [await draw(ada), await draw(ada)]
    const taps = [await hook.listen(), await hook.listen(), await other.listen()]
    await post(hook.path, { id: 1 })
    const states = await Promise.all(taps.map(async (tap) => (await news(ada, tap)).state))
    expect(states).toEqual(['received', 'received', 'listening'])
  })

  test('receives as the draft says now, also where that was changed meanwhile', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada)
    const tap = await hook.listen()
    const changed = graph([node('hook', 'trigger.webhook', { methods: ['PUT'] })])
    const headers = { 'if-match': '"1"' }
    expect((await api.send('PATCH', hook.at, { as: ada, body: { graph: changed }, headers })).status).toBe(200)
    await news(ada, tap)
    expect((await post(hook.path, {})).status).toBe(405)
    expect(await news(ada, tap)).toMatchObject({
      state: 'listening',
      refused: [{ method: 'POST', status: 405, code: 'hook.method_not_allowed' }],
    })
  })

  test('answers a provider that asks whether it is there, and goes on listening', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada, { verification: 'slack' })
    await hook.setSecret()
    const tap = await hook.listen()
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c0ffee' })
    const at = String(Math.floor(Date.now() / 1_000))
    const response = await exports.default.fetch(`http://leat.test${hook.path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': at,
        'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`,
      },
      body,
    })
    expect([response.status, await response.text()]).toEqual([200, 'c0ffee'])
    expect(await news(ada, tap)).toMatchObject({ state: 'listening', refused: [] })
  })
})

describe('D1: who has to prove who they are', () => {
  const verification = { verification: 'header', tokenHeader: 'x-secret' }

  test('is refused while somebody listens as always; the listener hears why, and nothing of what came', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada, verification)
    const tap = await hook.listen()
    const told = async (headers: Record<string, string>) => {
      const waiting = news(ada, tap, `waitMs=20000&after=${new Date().toISOString()}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
      const { status, body } = await post(hook.path, { canary: 'canary-body' }, headers)
      const heard = await waiting
      expect(JSON.stringify(heard)).not.toContain('canary')
      return [status, body.error?.details?.['reason'], heard.state, heard.refused.at(-1).reason]
    }
    expect(await told({ 'x-secret': 'canary-secret' })).toEqual([401, 'no_secret', 'listening', 'no_secret'])
    await hook.setSecret()
    const wrong = { 'x-secret': 'canary: another secret that is long enough' }
    expect(await told(wrong)).toEqual([401, 'wrong_credentials', 'listening', 'wrong_credentials'])
    expect((await post(hook.path, { id: 1 }, { 'x-secret': secret })).status).toBe(200)
    const received = await news(ada, tap)
    expect(received).toMatchObject({ state: 'received', trigger: { body: { id: 1 }, headers: { 'x-secret': '***' } } })
    expect(received.refused).toHaveLength(2)
  })

  test('is refused by the live workflow too, and the listener hears of it', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada, verification)
    await hook.setSecret()
    await hook.change('publish')
    expect((await post(hook.path, { id: 0 }, { 'x-secret': secret })).status).toBe(202)
    const tap = await hook.listen()
    expect((await post(hook.path, { id: 1 })).status).toBe(401)
    expect(await news(ada, tap)).toMatchObject({ state: 'listening', refused: [{ status: 401 }] })
  })

  test('D9: what cannot be read is refused, and is no event', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada)
    const tap = await hook.listen()
    expect((await post(hook.path, '{"canary":')).status).toBe(400)
    const heard = await news(ada, tap)
    expect(heard).toMatchObject({ state: 'listening', refused: [{ status: 400, code: 'request.malformed_json' }] })
    expect(JSON.stringify(heard)).not.toContain('canary')
  })
})

describe('a live webhook', () => {
  test.each([
    ['is over at once', 'immediately', false],
    ['goes on', 'immediately', true],
    ['is waited for', 'finished', false],
    ['is waited for and goes on', 'finished', true],
  ])('whose execution %s is taken as always, and copied', async (_, respond, goesOn) => {
    const ada = await api.signUp()
    const hook = await draw(ada, { respond }, goesOn)
    await hook.change('publish')
    const before = await post(hook.path, { id: 1 })
    const tap = await hook.listen()
    const waiting = news(ada, tap, 'waitMs=20000')
    const sent = await post(hook.path, { id: 2 })
    expect([sent.status, Object.keys(sent.body)]).toEqual([before.status, Object.keys(before.body)])
    expect(await waiting).toMatchObject({
      state: 'received',
      outcome: 'started',
      trigger: { type: 'webhook', method: 'POST', body: { id: 2 } },
    })
    const third = await post(hook.path, { id: 3 })
    expect(third.status).toBe(before.status)
    expect(await news(ada, tap)).toMatchObject({ trigger: { body: { id: 2 } } })
  })

  test('copies a second delivery too, and says of a conflict that it was refused', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada)
    await hook.change('publish')
    await post(hook.path, { id: 1 }, { 'idempotency-key': 'k' })
    const tap = await hook.listen()
    expect((await post(hook.path, { id: 2 }, { 'idempotency-key': 'k' })).status).toBe(409)
    expect(await news(ada, tap)).toMatchObject({
      state: 'listening',
      refused: [{ status: 409, code: 'hook.conflict' }],
    })
    expect((await post(hook.path, { id: 1 }, { 'idempotency-key': 'k' })).status).toBe(200)
    expect(await news(ada, tap)).toMatchObject({
      state: 'received',
      outcome: 'duplicate',
      trigger: { body: { id: 1 } },
    })
  })

  test('that is paused while somebody listens is a test from the first request on', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada)
    await hook.change('publish')
    expect((await post(hook.path, { id: 1 })).status).toBe(202)
    const tap = await hook.listen()
    await hook.change('pause')
    expect((await post(hook.path, { id: 2 })).status).toBe(200)
    expect(await news(ada, tap)).toMatchObject({ state: 'received', outcome: 'test', trigger: { body: { id: 2 } } })
  })
})

test('an inbox that dies takes its taps with it: who waits is not left waiting, and hears then that nobody listens', async () => {
  const ada = await api.signUp()
  const hook = await draw(ada)
  const tap = await hook.listen()
  const waiting = api.send('GET', tap, { as: ada })
  await new Promise((resolve) => setTimeout(resolve, 200))
  const [inbox] = await forEachInbox(env, ada.organizationId, async (stub) => stub)
  await runInDurableObject(inbox!, (_, state) => state.abort()).catch(() => undefined)
  expect((await waiting).status).toBeGreaterThanOrEqual(500)
  expect((await api.send('GET', tap, { as: ada })).error.code).toBe('tap.not_found')
  expect((await post(hook.path, {})).status).toBe(404)
})

describe('who may listen', () => {
  test('G4: nobody of another organization, and not by a tap of their own', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp('Eve')]
    const [hook, hers] = [await draw(ada), await draw(eve)]
    const tap = await hook.listen()
    const tapId = tap.split('/').at(-1)!
    const codes = [
      await api.send('POST', hook.taps, { as: eve }),
      await api.send('GET', tap, { as: eve }),
      await api.send('DELETE', tap, { as: eve }),
      await api.send('GET', `${hers.taps}/${tapId}?waitMs=0`, { as: eve }),
    ].map(({ status, error }) => [status, error.code])
    expect(codes).toEqual([
      [404, 'workflow.not_found'],
      [404, 'workflow.not_found'],
      [404, 'workflow.not_found'],
      [404, 'tap.not_found'],
    ])
    expect((await api.send('DELETE', `${hers.taps}/${tapId}`, { as: eve })).status).toBe(200)
    expect(await news(ada, tap)).toMatchObject({ state: 'listening' })
  })

  test('nobody who may not edit the workflow, or not read what flows', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada)
    const by = async (...scopes: Parameters<typeof makeKey>[2]) => {
      const key = await makeKey(ada.userId, ada.organizationId, scopes)
      const { status, error } = await api.send('POST', hook.taps, { key })
      return [status, error?.code]
    }
    expect(await by('workflow.read', 'execution.read_payload')).toEqual([403, 'auth.forbidden'])
    expect(await by('workflow.write')).toEqual([403, 'execution.payload_forbidden'])
    expect(await by('workflow.write', 'execution.read_payload')).toEqual([201, undefined])
    const colleague = await makeMember(ada.organizationId, { role: 'editor' })
    const key = await makeKey(colleague, ada.organizationId, ['workflow.write', 'execution.read_payload'])
    // A draft of one's own is seen by nobody else.
    expect((await api.send('POST', hook.taps, { key })).error.code).toBe('workflow.not_found')
  })

  test('at nothing that is no webhook of the draft, and not at one that is archived', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada)
    const codeOf = async (path: string) => (await api.send('POST', path, { as: ada })).error?.code
    expect(await codeOf(`${hook.at}/hooks/next/taps`)).toBe('hook.not_found')
    const tap = await hook.listen()
    await hook.change('archive')
    expect(await codeOf(hook.taps)).toBe('workflow.archived')
    expect((await api.send('GET', tap, { as: ada })).error.code).toBe('workflow.archived')
    expect((await api.send('DELETE', tap, { as: ada })).status).toBe(200)
  })

  test('M3: that somebody listened is in the audit, and what came is not', async () => {
    const ada = await api.signUp()
    const hook = await draw(ada)
    await hook.listen()
    await post(hook.path, { canary: 'canary-body' })
    const { text, data } = await api.send('GET', '/api/v2/audit', { as: ada })
    expect(data.items[0]).toMatchObject({ action: 'hook.tapped', actorId: ada.userId, details: { nodeId: 'hook' } })
    expect(text).not.toContain('canary')
  })
})

import { expect, test } from 'vitest'
import { ApiError } from '#lib/api/api-error.ts'
import { createClient, queryText } from '#lib/api/client.ts'

const metadata = { requestId: 'req_1', timestamp: '2026-11-21T10:00:00.000Z', version: 'v2', executionTime: 1 }
const good = (data: unknown) => Response.json({ success: true, data, metadata })
const bad = (status: number, code: string, details: unknown = null) =>
  Response.json({ success: false, error: { code, message: `said ${code}`, details }, metadata }, { status })
const unreachable = new TypeError('Failed to fetch')

/** A server that gives these answers in turn, and a record of what it was asked. */
function makeClient(...answers: (Response | Error)[]) {
  const calls: { url: string; init: RequestInit }[] = []
  const slept: number[] = []
  const client = createClient({
    fetch(url, init) {
      calls.push({ url, init })
      const answer = answers.shift()
      if (answer === undefined) throw new Error('asked once too often')
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
    sleep(ms) {
      slept.push(ms)
      return Promise.resolve()
    },
  })
  return { client, calls, slept }
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no error',
    (error: unknown) => error,
  )
}

test('gives the data of a good answer', async () => {
  const { client, calls } = makeClient(good({ id: 'wf_1' }))
  expect(await client.request('/workflows/wf_1')).toEqual({ id: 'wf_1' })
  expect(calls[0]).toMatchObject({ url: '/api/v2/workflows/wf_1', init: { method: 'GET', credentials: 'same-origin' } })
})

test('sends a body as JSON and the revision as If-Match', async () => {
  const { client, calls } = makeClient(good(null))
  await client.request('/workflows/wf_1', { method: 'PATCH', body: { name: 'New' }, ifMatch: 7 })
  expect(calls[0]?.init).toMatchObject({
    method: 'PATCH',
    body: '{"name":"New"}',
    headers: { 'content-type': 'application/json', 'if-match': '"7"' },
  })
})

test('throws the code, details and request id of a bad answer', async () => {
  const { client } = makeClient(bad(422, 'workflow.invalid', [{ path: 'nodes.0' }]))
  const error = await errorOf(client.request('/x', { method: 'POST' }))
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({
    code: 'workflow.invalid',
    message: 'said workflow.invalid',
    status: 422,
    details: [{ path: 'nodes.0' }],
    requestId: 'req_1',
  })
})

test('reads again when the network or the server stumbled, at most twice', async () => {
  const { client, calls, slept } = makeClient(unreachable, bad(503, 'service.unavailable'), good('there'))
  expect(await client.request('/me')).toBe('there')
  expect(calls.length).toBe(3)
  expect(slept).toEqual([300, 1_200])
})

test('says that the server cannot be reached when no try got an answer', async () => {
  const { client, calls } = makeClient(unreachable, unreachable, unreachable)
  expect(await errorOf(client.request('/me'))).toMatchObject({
    code: 'network.unreachable',
    status: 0,
    cause: unreachable,
  })
  expect(calls.length).toBe(3)
})

test('never writes twice', async () => {
  const { client, calls } = makeClient(unreachable)
  expect(await errorOf(client.request('/workflows', { method: 'POST', body: {} }))).toMatchObject({
    code: 'network.unreachable',
  })
  expect(calls.length).toBe(1)
})

test('does not ask again what was refused', async () => {
  const { client, calls } = makeClient(bad(404, 'workflow.not_found'))
  await errorOf(client.request('/workflows/wf_1'))
  expect(calls.length).toBe(1)
})

test('an answer that is no envelope is called garbled, not shown as data', async () => {
  const html = () => new Response('<!doctype html>', { status: 200 })
  expect(await errorOf(makeClient(html()).client.request('/me'))).toMatchObject({
    code: 'network.garbled',
    status: 200,
  })
  expect(await errorOf(makeClient(Response.json([1])).client.request('/me'))).toMatchObject({ code: 'network.garbled' })
})

test('giving up is not an error of the network, and is not tried again', async () => {
  const abort = new DOMException('stop', 'AbortError')
  const { client, calls } = makeClient(abort)
  expect(await errorOf(client.request('/me'))).toBe(abort)
  expect(calls.length).toBe(1)
})

test('tells listeners that the session is over, until they stop listening', async () => {
  const { client } = makeClient(bad(401, 'auth.required'), bad(401, 'auth.required'))
  let heard = 0
  const stop = client.onSignedOut(() => (heard += 1))
  await errorOf(client.request('/me'))
  stop()
  await errorOf(client.request('/me'))
  expect(heard).toBe(1)
})

test('says for which organization it asks, and hears when the browser has another one open', async () => {
  const { client, calls } = makeClient(good(null), bad(409, 'auth.other_organization'), good(null))
  let heard = 0
  client.onMoved(() => (heard += 1))
  client.show('org_1')
  await client.request('/workflows')
  await errorOf(client.request('/workflows'))
  await client.request('/me', { anywhere: true })
  expect(calls.map(({ init }) => new Headers(init.headers).get('x-leat-organization'))).toEqual([
    'org_1',
    'org_1',
    null,
  ])
  expect(heard).toBe(1)
})

test('hears when the member may not do what the page let them do, or belongs to nothing any more', async () => {
  const { client } = makeClient(
    bad(403, 'auth.forbidden'),
    bad(403, 'auth.no_organization'),
    bad(403, 'member.oneself'),
  )
  let heard = 0
  client.onMoved(() => (heard += 1))
  client.show('org_1')
  for (let asked = 0; asked < 3; asked++) await errorOf(client.request('/workflows'))
  expect(heard).toBe(2)
})

test('a refusal of before the page moved on itself is nobody’s news', async () => {
  const { client } = makeClient(bad(409, 'auth.other_organization'))
  let heard = 0
  client.onMoved(() => (heard += 1))
  client.show('org_1')
  const asked = errorOf(client.request('/workflows'))
  client.show('org_2')
  await asked
  expect(heard).toBe(0)
})

test('leaves empty filters out of the address and escapes the others', () => {
  expect(queryText({ status: ['failed', 'timed_out'], search: 'a&b', cursor: undefined, tag: '', none: [] })).toBe(
    '?status=failed%2Ctimed_out&search=a%26b',
  )
  expect(queryText()).toBe('')
})

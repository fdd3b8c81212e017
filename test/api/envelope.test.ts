import { env } from 'cloudflare:workers'
import { inspect } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { ErrorBody } from '../../worker/contract/error.ts'
import { makeApi, type Answer, type Parsed } from '../support/api.ts'

function refusal({ status, text, error }: Answer) {
  expect(ErrorBody.safeParse(JSON.parse(text)).error).toBeUndefined()
  return [status, error.code]
}

const api = makeApi()

describe('every answer', () => {
  test('is in the envelope, named by its request, and tells when and how long', async () => {
    const answer = await api.send('GET', '/health')
    expect(answer).toMatchObject({ status: 200, data: { status: 'ok' }, metadata: { version: '2.0' } })
    expect(answer.metadata.requestId).toMatch(/^req_[0-9a-z]{16}$/)
    expect(answer.headers.get('x-request-id')).toBe(answer.metadata.requestId)
    expect(Date.now() - Date.parse(answer.metadata.timestamp)).toBeLessThan(60_000)
    expect(answer.metadata.executionTime).toBeGreaterThanOrEqual(0)
  })

  test('N4: tells the browser to run, frame, keep and guess nothing', async () => {
    for (const path of ['/health', '/api/v2/me', '/api/v2/nothing', '/api/auth/get-session', '/api/auth/nothing']) {
      const { headers } = await api.send('GET', path)
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'")
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('referrer-policy'), path).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin')
      expect(headers.get('permissions-policy'), path).toBeTruthy()
      expect(headers.get('strict-transport-security'), path).toContain('max-age=')
      expect(headers.get('cache-control'), path).toContain('no-store')
    }
  })

  test('F10: gives no other site leave to read it', async () => {
    const { headers } = await api.send('GET', '/api/v2/me', { headers: { origin: 'https://evil.example' } })
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('what is not there', () => {
  test('is 404 to a stranger where nothing is behind the door, and 401 where something might be', async () => {
    expect(refusal(await api.send('GET', '/api/nothing'))).toEqual([404, 'request.not_found'])
    expect(refusal(await api.send('GET', '/api/v2/nothing'))).toEqual([401, 'auth.required'])
  })

  test('is 404 to a member, and 405 with the methods that are taken where the address is right', async () => {
    const ada = await api.signUp()
    expect(refusal(await api.send('GET', '/api/v2/nothing', { as: ada }))).toEqual([404, 'request.not_found'])
    const answer = await api.send('PUT', '/api/v2/workflows', { as: ada, body: {} })
    expect(refusal(answer)).toEqual([405, 'request.method_not_allowed'])
    expect(answer.headers.get('allow')).toBe('GET, POST')
  })
})

describe('a request that is not as it should be', () => {
  test('names every place that is wrong', async () => {
    const ada = await api.signUp()
    const body = {
      name: '',
      graph: { version: 1, nodes: [{ id: '1st', type: 'x', name: 'X', position: { x: 0 }, params: {} }], edges: [] },
    }
    const answer = await api.send('POST', '/api/v2/workflows', { as: ada, body })
    expect(refusal(answer)).toEqual([400, 'request.invalid'])
    expect(answer.error.details.problems.map(({ path }: { path: string }) => path)).toEqual([
      'name',
      'graph.nodes.0.id',
      'graph.nodes.0.position.y',
    ])
  })

  test('says in its message what is wrong first, in words, and how much more there is', async () => {
    const ada = await api.signUp()
    const graph = { version: 1, nodes: [{ id: 'a', type: 'x', name: '', position: { x: 0, y: null }, params: [] }] }
    const { error } = await api.send('POST', '/api/v2/workflows', { as: ada, body: { graph } })
    expect(error.message).toBe('The request is not valid: name is missing. There are 4 more problems.')
    expect(error.details.problems).toEqual([
      { path: 'name', message: 'is missing' },
      { path: 'graph.nodes.0.name', message: 'must not be empty' },
      { path: 'graph.nodes.0.position.y', message: 'must be a number, and is null' },
      { path: 'graph.nodes.0.params', message: 'must be an object' },
      { path: 'graph.edges', message: 'is missing' },
    ])
    const list = async (query: string) => {
      const answer = await api.send('GET', `/api/v2/executions?${query}`, { as: ada })
      return answer.error.details.problems[0].message
    }
    expect(await list('limit=abc')).toBe('must be a number')
    expect(await list('limit=1000')).toBe('must be at most 100')
    expect(await list('after=yesterday')).toBe('must be a date and time with its zone, such as 2026-01-31T09:30:00Z')
    expect(await list('trigger=telex')).toMatch(/^must be one of webhook, event, manual/)
    expect(await list('status=failed,done')).toMatch(/^must be one of queued, running/)
    expect(await list('cursor=garbage')).toBe('is not a cursor that a list gave')
  })

  test('that has no JSON for its body, or no API key for its credential, hears what to send', async () => {
    const ada = await api.signUp()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const form = await api.send('POST', '/api/v2/workflows', { as: ada, body: 'name=a', headers })
    expect(form.error.message).toContain('Content-Type: application/json')
    const twice = await api.send('POST', '/api/v2/workflows', { as: ada, body: '{"a":{"n":1},"n":[{"n":1}], "n" : 2}' })
    expect(twice.error.details.reason).toBe('an object has "n" twice')
    const basic = await api.send('GET', '/api/v2/me', { headers: { authorization: 'Basic YTpi' } })
    expect(refusal(basic)).toEqual([401, 'auth.invalid_key'])
    expect(basic.error.message).toContain('Authorization: Bearer leat_')
    expect(basic.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('in its query or path is refused the same way', async () => {
    const ada = await api.signUp()
    const query = await api.send('GET', '/api/v2/workflows?limit=1000&colour=red', { as: ada })
    expect(query.error.details.problems.map(({ path }: { path: string }) => path).sort()).toEqual(['colour', 'limit'])
    const path = await api.send('GET', '/api/v2/workflows/exe_01jd4x8m3w5q7r9t1v3x5z7b9d', { as: ada })
    expect(path.error.details.problems[0].path).toBe('workflowId')
  })

  test('D9: is refused before any schema walks it when it is malformed, deep, huge or says a thing twice', async () => {
    const ada = await api.signUp()
    const post = async (body: string) => refusal(await api.send('POST', '/api/v2/workflows', { as: ada, body }))
    expect(await post('{"name": ')).toEqual([400, 'request.malformed_json'])
    expect(await post('{"name":"a","name":"b"}')).toEqual([400, 'request.malformed_json'])
    expect(await post(`{"graph":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toEqual([413, 'request.too_large'])
    expect(await post(`{"name":"${'a'.repeat(1024 * 1024)}"}`)).toEqual([413, 'request.too_large'])
  })

  test('that is larger than a definition may be is refused, and nothing of it is kept', async () => {
    const ada = await api.signUp()
    const note = 'a'.repeat(200_000)
    const nodes = ['a', 'b', 'c'].map((id) => ({ id, type: 'x', name: id, position: { x: 0, y: 0 }, params: { note } }))
    const answer = await api.send('POST', '/api/v2/workflows', {
      as: ada,
      body: { name: 'Large', graph: { version: 1, nodes, edges: [] } },
    })
    expect(refusal(answer)).toEqual([400, 'request.invalid'])
    expect(answer.error.details.problems[0].path).toBe('graph')
    expect((await api.send('GET', '/api/v2/workflows', { as: ada })).data.items).toEqual([])
  })

  test('J1: has no hostile keys left when it is stored', async () => {
    const ada = await api.signUp()
    const body =
      '{"name":"Keys","graph":{"version":1,"edges":[],"nodes":[{"id":"a","type":"x","name":"A","position":{"x":0,"y":0},' +
      '"params":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"kept":1}}]}}'
    const { data } = await api.send('POST', '/api/v2/workflows', { as: ada, body })
    expect(JSON.stringify(data.graph.nodes[0].params)).toBe('{"constructor":{},"kept":1}')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

describe('an error of our own making', () => {
  test('tells the caller nothing, and the log everything', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const broken = makeApi({
      nodes: {
        describe: () => {
          throw new Error('the secret cause')
        },
        validate: () => [],
      },
    })
    const ada = await broken.signUp()
    const answer = await broken.send('GET', '/api/v2/node-types', { as: ada })
    expect(refusal(answer)).toEqual([500, 'internal'])
    expect(answer.text).not.toContain('secret cause')
    expect(JSON.stringify(logged.mock.calls)).toContain('the secret cause')
    expect(JSON.stringify(logged.mock.calls)).toContain(answer.metadata.requestId)
    logged.mockRestore()
  })
})

describe('a database that cannot be reached', () => {
  test('is told apart from an error of ours: the caller may come again, and the log knows why', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const cause = new Error('D1_ERROR: D1 DB is overloaded. Requests queued for too long.')
    const broken = makeApi({
      nodes: {
        describe: () => {
          throw new Error('Failed query: select 1', { cause })
        },
        validate: () => [],
      },
    })
    const ada = await broken.signUp()
    const answer = await broken.send('GET', '/api/v2/node-types', { as: ada })
    expect(refusal(answer)).toEqual([503, 'service.unavailable'])
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(answer.text).not.toContain('select')
    expect(JSON.stringify(logged.mock.calls)).toContain('overloaded')
    logged.mockRestore()
  })
})

test('L2: what the log hears of a failed statement holds none of its values', async () => {
  const ada = await api.signUp()
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const down = vi.spyOn(env.DB, 'prepare').mockImplementation(() => {
    const fail = () => Promise.reject(new Error('D1_ERROR: Network connection lost.'))
    const statement = { bind: () => statement, run: fail, all: fail, first: fail, raw: fail }
    return statement
  })
  const me = await api.send('GET', '/api/v2/me', { as: ada })
  const body = { name: 'Secret Person', email: 'private.person@hospital.example', password: 'correct horse battery' }
  await api.send('POST', '/api/auth/sign-up/email', { body })
  down.mockRestore()
  const said = logged.mock.calls.map((call) => inspect(call, { depth: 9 })).join('\n')
  logged.mockRestore()

  expect(refusal(me)).toEqual([503, 'service.unavailable'])
  expect(said).toContain('Network connection lost')
  const [token = ''] = ada.cookie.split('=')[1]!.split('.')
  expect(token.length).toBeGreaterThan(20)
  for (const secret of [token, 'private.person', 'Secret Person']) expect(said).not.toContain(secret)
})

describe('the reference', () => {
  test('is an OpenAPI 3.1 document in which every reference leads somewhere', async () => {
    const { text, status } = await api.send('GET', '/api/v2/openapi.json')
    const document = JSON.parse(text)
    expect([status, document.openapi]).toEqual([200, '3.1.0'])
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!)
    expect(references.filter((name) => !(name in document.components.schemas))).toEqual([])
    expect(document.components.schemas).toMatchObject({ Workflow: {}, Execution: {}, Graph: {}, Error: {} })
    // What whoever makes a client of it would have to name, or would check with each date and each whole number.
    expect(Object.keys(document.components.schemas).filter((name) => /schema\d|^Any/.test(name))).toEqual([])
    expect(document.components.schemas.Metadata.properties.timestamp).toEqual({ type: 'string', format: 'date-time' })
    expect(document.components.schemas.Execution.properties.generation).toEqual({ type: 'integer' })
  })

  test('documents for every route what it answers, and what it refuses', async () => {
    const { paths } = JSON.parse((await api.send('GET', '/api/v2/openapi.json')).text)
    const ids = new Set<string>()
    for (const [path, methods] of Object.entries<Record<string, Parsed>>(paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const name = `${method} ${path}`
        expect(operation.operationId, name).toMatch(/^[a-z]+([A-Z][a-z]+)*$/)
        expect(ids.has(operation.operationId), name).toBe(false)
        ids.add(operation.operationId)
        expect(operation.summary, name).toBeTruthy()
        expect(
          Object.keys(operation.responses).some((status) => status.startsWith('2')),
          name,
        ).toBe(true)
        expect(Object.keys(operation.responses), name).toEqual(
          expect.arrayContaining(['400', '401', '403', '500', '503']),
        )
        for (const parameter of path.matchAll(/\{(\w+)\}/g)) {
          expect(
            operation.parameters.map(({ name }: { name: string }) => name),
            name,
          ).toContain(parameter[1])
        }
      }
    }
  })

  test('documents the headers that go with requests and answers, and what is refused before a route sees it', async () => {
    const { paths } = JSON.parse((await api.send('GET', '/api/v2/openapi.json')).text)
    const operations = Object.entries<Record<string, Parsed>>(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
    )
    for (const { name, operation } of operations) {
      const { 400: invalid, 401: unknown, 403: forbidden, 413: tooLarge, 415: otherType } = operation.responses
      expect(unknown.description, name).toContain('`auth.invalid_key`')
      expect(forbidden.description, name).toMatch(/`request.forbidden_origin`.*`auth.no_organization`/)
      if (operation.requestBody === undefined) continue
      expect(invalid.description, name).toContain('`request.invalid`, `request.malformed_json`')
      expect(tooLarge.description, name).toContain('`request.too_large`')
      expect(otherType.description, name).toBe('`request.unsupported_media_type`')
      expect(otherType.content['application/json'].schema, name).toEqual(invalid.content['application/json'].schema)
    }
    const tagged = operations.filter(({ operation }) =>
      Object.values<Parsed>(operation.responses).some(({ headers }) => headers?.ETag !== undefined),
    )
    expect(tagged.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['post /api/v2/workflows', 'get /api/v2/contacts/{contactId}', 'get /api/v2/defaults']),
    )
    expect(paths['/api/v2/workflows/{workflowId}'].patch.responses[200].headers).toEqual({
      ETag: { required: true, description: 'The revision of the draft.', schema: { type: 'string' } },
    })
    const { post: publish } = paths['/api/v2/workflows/{workflowId}/publish']
    expect(publish.parameters).toContainEqual(
      expect.objectContaining({ name: 'if-match', in: 'header', required: false }),
    )
    for (const edited of ['/api/v2/workflows/{workflowId}', '/api/v2/contacts/{contactId}']) {
      expect(paths[edited].patch.parameters).toContainEqual(
        expect.objectContaining({ name: 'if-match', in: 'header', required: true }),
      )
    }
    const { get: list } = paths['/api/v2/executions']
    expect(list.parameters.find(({ name }: { name: string }) => name === 'cursor').description).toContain('nextCursor')
    const { post: pause } = paths['/api/v2/executions/{executionId}/pause']
    expect(pause.responses[409].description).toBe('`execution.finished`, `execution.queued`')
  })

  test('is a page that needs no script and nothing from elsewhere', async () => {
    const { text, headers } = await api.send('GET', '/api/docs')
    expect(headers.get('content-type')).toContain('text/html')
    const [, nonce] = /style-src 'nonce-([^']+)'/.exec(headers.get('content-security-policy')!)!
    expect(text).toContain(`<style nonce="${nonce}">`)
    expect(text).not.toMatch(/<script|https?:\/\/|url\(/)
    expect(text).toContain('/api/v2/workflows/{workflowId}/publish')
  })
})

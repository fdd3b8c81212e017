// What comes in and is wrong: each answered with a typed error, nothing stored, nothing half saved.

import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import type { PublishedWorkflow } from '../../scripts/client/leat-client.ts'
import type { Graph } from '../../worker/contract/graph.ts'
import { finishedExecutions, startProduct, type Product } from '../support/product.ts'

let product: Product
let echo: PublishedWorkflow
const drawn = graph(
  [
    node('hook', 'trigger.webhook', { respond: 'finished' }),
    node('echo', 'data.set', { fields: [{ name: 'body', value: '{{ trigger.body }}' }] }),
  ],
  'hook>echo',
)
beforeAll(async () => {
  product = await startProduct()
  echo = await product.client.publish('Echo', drawn)
})
afterAll(() => product.stop())

interface Refusal {
  status: number
  code: string
}

async function refusalOf(response: Response): Promise<Refusal & { body: unknown }> {
  const body = await response.json<{ success: boolean; error: { code: string }; metadata: object }>()
  expect(body).toMatchObject({
    success: false,
    error: { message: expect.any(String) },
    metadata: { requestId: expect.any(String) },
  })
  return { status: response.status, code: body.error.code, body }
}

function send(body: BodyInit | null, headers: Record<string, string> = {}, path = echo.hookPath): Promise<Response> {
  return fetch(product.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
}

describe('a webhook', () => {
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  const cases: [string, BodyInit, Record<string, string>, Refusal][] = [
    ['that is cut off', '{"a": [1, 2', {}, { status: 400, code: 'request.malformed_json' }],
    ['that is no JSON', 'a=1', {}, { status: 400, code: 'request.malformed_json' }],
    ['with a key twice (D9)', '{"a":1,"a":2}', {}, { status: 400, code: 'request.malformed_json' }],
    ['with a number that no double holds (D9)', '{"a":1e400}', {}, { status: 400, code: 'request.malformed_json' }],
    ['that is not UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), {}, { status: 400, code: 'request.invalid' }],
    ['nested too deeply (D9)', deep(100_000), {}, { status: 413, code: 'request.too_large' }],
    [
      'with too many keys (D9)',
      JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 0]))),
      {},
      { status: 413, code: 'request.too_large' },
    ],
    [
      'with a text too long',
      JSON.stringify({ a: 'x'.repeat(300_000) }),
      {},
      { status: 413, code: 'request.too_large' },
    ],
    [
      'of numbers that are longer when they are written again',
      `[${'1e20,'.repeat(200_000)}1]`,
      {},
      { status: 413, code: 'request.too_large' },
    ],
    ['over a megabyte', JSON.stringify(Array(600_000).fill(1)), {}, { status: 413, code: 'request.too_large' }],
    [
      'of a kilobyte that unpacks to a hundred megabytes (D10)',
      gzipSync(Buffer.alloc(100_000_000, '1')),
      { 'content-encoding': 'gzip' },
      { status: 413, code: 'request.too_large' },
    ],
    [
      'that says it is gzip and is not',
      '{"a":1}',
      { 'content-encoding': 'gzip' },
      { status: 400, code: 'request.invalid' },
    ],
    [
      'in an encoding nobody asked for',
      '{"a":1}',
      { 'content-encoding': 'zstd' },
      { status: 415, code: 'request.unsupported_media_type' },
    ],
    [
      'of XML with a DOCTYPE (D8)',
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
      { 'content-type': 'application/xml' },
      { status: 400, code: 'request.invalid' },
    ],
    [
      'that says it is a form of parts and is not (D6)',
      '{"a":1}',
      { 'content-type': 'multipart/form-data; boundary=x' },
      { status: 400, code: 'request.invalid' },
    ],
  ]
  for (const [name, body, headers, refusal] of cases) {
    test(`${name} is refused as ${refusal.code}`, async () => {
      expect(await refusalOf(await send(body, headers))).toMatchObject(refusal)
    })
  }

  test('with a body that never says how long it is is cut off at a megabyte', async () => {
    const { hostname, port } = new URL(product.url)
    const socket = connect(Number(port), hostname)
    const answered = once(socket, 'data')
    const head = `POST ${echo.hookPath} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n`)
    for (let chunk = 0; chunk < 16; chunk++) socket.write(`10000\r\n${'1'.repeat(0x10000)}\r\n`)
    // The one byte too many. No end follows, and nothing that would find the connection closed.
    socket.write('1\r\n1\r\n')
    const [answer] = (await answered) as [Buffer]
    socket.destroy()
    const status = answer.toString('latin1', 9, 12)
    expect(status).toBe('413')
  })

  test('to an address that leads nowhere, or with a method it does not take, is refused', async () => {
    expect(await refusalOf(await send('{}', {}, '/hooks/00000000000000000000000000'))).toMatchObject({
      status: 404,
      code: 'hook.not_found',
    })
    expect(await refusalOf(await send('{}', {}, '/hooks/no-key-at-all'))).toMatchObject({
      status: 404,
      code: 'hook.not_found',
    })
    expect(await refusalOf(await fetch(product.url + echo.hookPath))).toMatchObject({
      status: 405,
      code: 'hook.method_not_allowed',
    })
  })

  test('D7: with keys that mean something to JavaScript is taken without them', async () => {
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":{"__proto__":2,"b":3}}'
    expect(await (await send(body)).json()).toEqual({ body: { constructor: {}, a: { b: 3 } } })
    expect(await (await send('{"after":"that"}')).json()).toEqual({ body: { after: 'that' } })
  })

  test('that is odd but right is taken', async () => {
    const odd: [BodyInit | null, Record<string, string>, unknown][] = [
      ['null', {}, null],
      ['"text"', {}, 'text'],
      ['[]', {}, []],
      [JSON.stringify({ snowman: '☃', zero: '\u0000', pair: '😀' }), {}, { snowman: '☃', zero: '\u0000', pair: '😀' }],
      [gzipSync('{"packed":true}'), { 'content-encoding': 'gzip' }, { packed: true }],
      ['a=1&b[c]=2', { 'content-type': 'application/x-www-form-urlencoded' }, { a: '1', b: { c: '2' } }],
      ['plain', { 'content-type': 'text/plain' }, 'plain'],
    ]
    for (const [body, headers, value] of odd) {
      const response = await send(body, headers)
      expect([response.status, await response.json()]).toEqual([200, { body: value }])
    }
  })

  test('that was refused left nothing behind', async () => {
    const taken = 2 + 7
    expect((await finishedExecutions(product, echo.id, taken)).length).toBe(taken)
  })
})

describe('an event', () => {
  const authorized = () => ({ authorization: `Bearer ${product.server.demo.apiKey}` })
  const cases: [string, unknown, Refusal, string][] = [
    ['without a type', {}, { status: 400, code: 'request.invalid' }, 'type'],
    ['of a type that is no name', { type: 'two words' }, { status: 400, code: 'request.invalid' }, 'type'],
    ['of a type that is no text', { type: 7 }, { status: 400, code: 'request.invalid' }, 'type'],
    [
      'with a key nobody knows',
      { type: 'a.b', organizationId: 'org_x' },
      { status: 400, code: 'request.invalid' },
      'organizationId',
    ],
    [
      'at a time that is none',
      { type: 'a.b', occurredAt: 'soon' },
      { status: 400, code: 'request.invalid' },
      'occurredAt',
    ],
  ]
  for (const [name, body, refusal, path] of cases) {
    test(`${name} is refused, and the answer names ${path}`, async () => {
      const refused = await refusalOf(await send(JSON.stringify(body), authorized(), '/api/v2/events'))
      expect(refused).toMatchObject(refusal)
      expect(JSON.stringify(refused.body)).toContain(path)
    })
  }

  test('of somebody without a key, or as a form of another site, is refused', async () => {
    const body = JSON.stringify({ type: 'a.b' })
    expect(await refusalOf(await send(body, {}, '/api/v2/events'))).toMatchObject({ status: 401 })
    const wrong = { authorization: 'Bearer leat_00000000000000000000000000' }
    expect(await refusalOf(await send(body, wrong, '/api/v2/events'))).toMatchObject({
      status: 401,
      code: 'auth.invalid_key',
    })
    expect(
      await refusalOf(await send(body, { ...authorized(), 'content-type': 'text/plain' }, '/api/v2/events')),
    ).toMatchObject({ status: 415, code: 'request.unsupported_media_type' })
  })
})

describe('a workflow', () => {
  const bad: [string, unknown][] = [
    ['of another format', { ...drawn, version: 2 }],
    ['without nodes', { version: 1, edges: [] }],
    ['with a key nobody knows', { ...drawn, owner: 'me' }],
    ['with a node whose id is no name', { ...drawn, nodes: [{ ...drawn.nodes[0], id: 'two words' }] }],
    ['with a position that is none', { ...drawn, nodes: [{ ...drawn.nodes[0], position: { x: '0', y: null } }] }],
  ]
  for (const [name, wrong] of bad) {
    test(`${name} is refused, and nothing is made`, async () => {
      const before = await product.client.call<{ items: object[] }>('GET', '/workflows?limit=100')
      await expect(product.client.call('POST', '/workflows', { name: 'Wrong', graph: wrong })).rejects.toMatchObject({
        status: 400,
        code: 'request.invalid',
      })
      expect(await product.client.call('GET', '/workflows?limit=100')).toEqual(before)
    })
  }

  test('G7: with an id, an owner or a status of the sender’s is refused', async () => {
    for (const key of ['id', 'organizationId', 'createdBy', 'status']) {
      await expect(product.client.call('POST', '/workflows', { name: 'Wrong', [key]: 'x' })).rejects.toMatchObject({
        status: 400,
        code: 'request.invalid',
      })
    }
  })

  test('with problems is saved as a draft and not published; what was live stays live', async () => {
    const { id, hookPath } = await product.client.publish('Mended later', drawn)
    const { revision } = await product.client.getWorkflow(id)
    const broken: Graph = {
      ...drawn,
      nodes: [drawn.nodes[0]!, node('echo', 'data.set', { fields: [{ name: 'a', value: '{{ trigger.body. }}' }] })],
    }
    await product.client.call('PATCH', `/workflows/${id}`, { graph: broken }, { 'if-match': `"${revision}"` })
    await expect(product.client.call('POST', `/workflows/${id}/publish`, {})).rejects.toMatchObject({
      status: 422,
      code: 'workflow.invalid',
      details: { problems: [{ severity: 'error', nodeId: 'echo', path: expect.stringContaining('nodes.1') }] },
    })
    expect(await (await send('{"still":"live"}', {}, hookPath)).json()).toEqual({ body: { still: 'live' } })
  })

  test('O4: edited by two at once is saved by the first and refused to the second', async () => {
    const { id } = await product.client.publish('Two editors', drawn)
    const { revision } = await product.client.getWorkflow(id)
    const save = (name: string) =>
      product.client.call('PATCH', `/workflows/${id}`, { name }, { 'if-match': `"${revision}"` }).then(
        () => 'saved',
        (error: { status: number; code: string }) => `${error.status} ${error.code}`,
      )
    const outcomes = await Promise.all([save('First'), save('Second'), save('Third')])
    expect(outcomes.toSorted()).toEqual(['412 workflow.conflict', '412 workflow.conflict', 'saved'])
    expect((await product.client.getWorkflow(id)).revision).toBe(revision + 1)
    await expect(product.client.call('PATCH', `/workflows/${id}`, { name: 'No revision' })).rejects.toMatchObject({
      status: 428,
      code: 'request.precondition_required',
    })
  })
})

describe('an expression that fails', () => {
  test('fails its step with where and why, and the execution keeps what was done before', async () => {
    const failing = graph(
      [
        node('hook', 'trigger.webhook', { respond: 'finished' }),
        node('fine', 'data.set', { fields: [{ name: 'a', value: '{{ trigger.body.a }}' }] }),
        node('wrong', 'data.set', { fields: [{ name: 'b', value: '{{ trigger.body.customer.name }}' }] }),
      ],
      'hook>fine>wrong',
    )
    const { hookPath } = await product.client.publish('Fails', failing)
    const response = await send('{"a":1}', {}, hookPath)
    expect(response.status).toBe(502)
    const execution = await product.client.getExecution(
      response.headers.get('x-leat-execution-id') ?? (await refusedId(response)),
    )
    expect(execution.steps.map(({ nodeId, status }) => `${nodeId} ${status}`)).toEqual([
      'hook completed',
      'fine completed',
      'wrong failed',
    ])
    expect(execution.steps[2]?.failure).toMatchObject({ kind: 'terminal' })
    expect(JSON.stringify(execution.steps[2]?.failure)).toContain('trigger.body.customer')
  })
})

async function refusedId(response: Response): Promise<string> {
  const { error } = await response.json<{ error: { details: { executionId: string } } }>()
  return error.details.executionId
}

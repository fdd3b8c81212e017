import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Graph } from '../../worker/contract/graph.ts'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { project } from '../../worker/engine/projection.ts'
import { createEgress } from '../../worker/egress/index.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { findNodeType } from '../../worker/nodes/registry.ts'
import { performInvocation } from '../../worker/runtime/calls/perform-invocation.ts'
import type { Play } from '../engine/support/play.ts'
import { graphOf, playOf } from './support.ts'
import { noContacts } from '../support/no-contacts.ts'

// The real node types in the real engine, with a real server at the other end.

interface Arrived {
  url: string
  key: string | undefined
  body: string
}

const arrived: Arrived[] = []
let answer: { status: number; body: string; headers?: Record<string, string> } = { status: 200, body: '{"ok":true}' }
let server: Server
let host: string

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      arrived.push({ url: request.url ?? '', key: request.headers['idempotency-key'] as string | undefined, body })
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

function playWithServer(graph: Graph): { play: Play; perform: () => Promise<void> } {
  const play = playOf(graph)
  const egress = createEgress({ allow: [host] })
  /** Makes the calls that are outstanding, one after the other, and tells the engine. */
  const perform = async () => {
    for (const invocation of play.outstanding.invocations) {
      const type = graph.nodes.find(({ id }) => id === invocation.node)!.type
      const result = await performInvocation({
        invocation,
        definition: findNodeType(type),
        idempotencyKey: `fx_${invocation.path}`,
        fetch: egress,
        contacts: noContacts,
        cancelled: new AbortController().signal,
      })
      if (result.ok) play.succeed(invocation.path, result.outcome)
      else play.fail(invocation.path, result.failure)
    }
  }
  return { play, perform }
}

const webhook = (body: Json): Json => ({
  type: 'webhook',
  method: 'POST',
  headers: {},
  query: {},
  body,
})

//  hook ─► score ─► big? ─true─► notify ─► answer ─► done
//                     └─false──► small
const orders = () =>
  graphOf(
    {
      hook: ['trigger.webhook', { respond: 'node' }],
      score: ['data.set', { fields: [{ name: 'points', value: '{{ trigger.body.total * 2 }}' }] }],
      big: [
        'flow.if',
        { conditions: { operator: 'AND', conditions: [{ field: 'steps.score.points', operator: '>', value: 100 }] } },
      ],
      notify: [
        'http.request',
        {
          method: 'POST',
          url: `http://${host}/orders/{{ trigger.body.id }}`,
          bodyType: 'json',
          json: { points: '{{ steps.score.points }}' },
        },
      ],
      answer: ['webhook.respond', { status: 201, body: '{{ steps.notify.body }}' }],
      done: ['flow.end', { output: { status: '{{ steps.notify.status }}' } }],
      small: ['data.transform', { expression: '"only " + trigger.body.total' }],
    },
    ['hook > score', 'score > big', 'big.true > notify', 'big.false > small', 'notify > answer', 'answer > done'],
  )

test('an order goes all the way: decided, sent, answered, ended', async () => {
  arrived.length = 0
  answer = { status: 200, body: '{"id":"n-1"}' }
  const { play, perform } = playWithServer(orders())
  play.start(webhook({ id: 7, total: 60 }))
  expect(play.status).toBe('running')
  await perform()

  expect(play.status).toBe('completed')
  expect(play.completed).toEqual(['hook', 'score', 'big', 'notify', 'answer', 'done'])
  expect(arrived).toEqual([{ url: '/orders/7', key: 'fx_notify', body: '{"points":120}' }])
  expect(play.outputOf('notify')).toMatchObject({ status: 200, body: { id: 'n-1' } })
  expect(project(play.entries)).toMatchObject({
    status: 'completed',
    output: { status: 200 },
    response: { status: 201, headers: {}, body: { id: 'n-1' } },
  })
})

test('a small one ends without a call, in one turn, and says why', () => {
  const { play } = playWithServer(orders())
  play.start(webhook({ id: 7, total: 3 }))
  expect(play.status).toBe('completed')
  expect(play.entries).toHaveLength(1)
  expect(play.stepAt('big')).toMatchObject({
    port: 'false',
    because: [{ field: 'steps.score.points', actual: 6, expected: 100 }],
  })
  expect(play.outputOf('small')).toBe('only 3')
})

test('a busy target is asked again under the same key, after as long as it wished', async () => {
  arrived.length = 0
  answer = { status: 429, body: 'slow down', headers: { 'retry-after': '20' } }
  const { play, perform } = playWithServer(orders())
  play.start(webhook({ id: 7, total: 60 }))
  await perform()
  expect(play.stepAt('notify')).toMatchObject({ status: 'retrying' })
  play.until(19_999)
  expect(play.outstanding.invocations).toEqual([])
  play.until(30_000)
  answer = { status: 200, body: '{}' }
  await perform()
  expect(play.status).toBe('completed')
  expect(arrived.map(({ key, body }) => `${key} ${body}`)).toEqual([
    'fx_notify {"points":120}',
    'fx_notify {"points":120}',
  ])
})

test('what a target refuses goes on at the error branch, with the error as data', async () => {
  answer = { status: 422, body: '{"reason":"no such order"}', headers: { 'content-type': 'application/json' } }
  const graph = graphOf(
    {
      start: ['trigger.manual'],
      call: ['http.request', { url: `http://${host}/` }, { settings: { onError: 'branch' } }],
      rescue: ['data.transform', { expression: 'steps.call.error' }],
    },
    ['start > call', 'call.error > rescue'],
  )
  const { play, perform } = playWithServer(graph)
  play.start({ type: 'manual', data: null })
  await perform()
  expect(play.status).toBe('completed_with_errors')
  expect(play.outputOf('rescue')).toMatchObject({
    code: 'http.unexpected_status',
    details: { status: 422, body: { reason: 'no such order' } },
  })
})

test('an expression that fails stops the execution and names the place', () => {
  const graph = graphOf(
    { start: ['trigger.manual'], it: ['data.transform', { expression: 'trigger.data.customer.name' }] },
    ['start > it'],
  )
  const { play } = playWithServer(graph)
  play.start({ type: 'manual', data: {} })
  expect(play.status).toBe('failed')
  expect(play.stepAt('it')).toMatchObject({ failure: { kind: 'terminal', code: 'expression.missing_path' } })
})

//  start ─► nap ─► keep? ─► after
test('a wait waits, and a filter ends its branch', () => {
  const graph = graphOf(
    {
      start: ['trigger.manual'],
      nap: ['flow.wait', { duration: '{{ trigger.data.minutes }} minutes' }],
      keep: [
        'flow.filter',
        { conditions: { operator: 'AND', conditions: [{ field: 'trigger.data.keep', operator: '==', value: true }] } },
      ],
      after: ['data.set', { fields: [] }],
    },
    ['start > nap', 'nap > keep', 'keep > after'],
  )
  for (const keep of [true, false]) {
    const { play } = playWithServer(graph)
    play.start({ type: 'manual', data: { minutes: 5, keep } })
    expect(play.status).toBe('waiting')
    expect(play.outstanding.wakeAt).toBe(300_000)
    play.until(299_999)
    expect(play.status).toBe('waiting')
    play.until(300_000)
    expect(play.status).toBe('completed')
    expect(play.completed.includes('after')).toBe(keep)
  }
})

//  start ─► notify (only if the total is high) ─► after
test('a step whose conditions do not hold is passed through, and says which comparison decided', () => {
  const executeIf = {
    operator: 'AND' as const,
    conditions: [{ field: 'trigger.data.total', operator: '>' as const, value: 100 }],
  }
  const graph = graphOf(
    {
      start: ['trigger.manual'],
      notify: ['http.request', { url: 'https://example.com' }, { settings: { executeIf } }],
      after: ['data.transform', { expression: 'steps.notify.data.total' }],
    },
    ['start > notify', 'notify > after'],
  )
  const play = playOf(graph).start({ type: 'manual', data: { total: 7 } })
  expect(play.asked).toEqual([])
  expect(play.outputOf('after')).toBe(7)
  expect(play.stepAt('notify')).toMatchObject({ status: 'skipped', because: [{ actual: 7, result: false }] })
})

describe('a step whose result is kept', () => {
  const kept = (
    settings: JsonObject,
    type = 'http.request',
    params: JsonObject = { url: 'https://example.com/{{ trigger.data }}' },
  ) => graphOf({ start: ['trigger.manual'], ask: [type, params, { settings }] }, ['start > ask'])

  test('is sought by its key, or by what it would be called with', () => {
    const keyOf = (cache: JsonObject) =>
      playOf(kept({ cache }))
        .start({ type: 'manual', data: 'x' })
        .outstanding.recalls?.map(({ key }) => key)
    expect(keyOf({ ttlMs: 60_000, key: 'by {{ trigger.data }}' })).toEqual(['"by x"'])
    expect(keyOf({ ttlMs: 60_000 })).toEqual([JSON.stringify({ url: 'https://example.com/x' })])
  })

  test('is told what is wrong with its key', () => {
    const problems = (...drawn: Parameters<typeof kept>) =>
      validateGraph(kept(...drawn)).map(({ code, path }) => `${code} ${path}`)
    expect(problems({ cache: { ttlMs: 60_000, key: '{{ steps.nothing }}' } })).toEqual([
      'expression.unknown_name nodes.1.settings.cache.key',
    ])
    expect(problems({ cache: { ttlMs: 60_000 } }, 'data.set', { fields: [] })).toEqual([
      'settings.cache_unused nodes.1.settings.cache',
    ])
  })
})

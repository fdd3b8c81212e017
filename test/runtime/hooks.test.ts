import { runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Execution } from '../../worker/contract/execution.ts'
import { isTerminal } from '../../worker/contract/facts/execution.ts'
import type { AcceptedEvent } from '../../worker/contract/trigger.ts'
import { newHookKey } from '../../worker/lib/id.ts'
import { isolateOf } from '../../worker/runtime/isolate.ts'
import { findAccepted } from '../../worker/runtime/inbox/find-accepted.ts'
import { inboxTable } from '../../worker/runtime/inbox/inbox-table.ts'
import { forEachInbox } from '../../worker/runtime/inbox/inbox-stub.ts'
import {
  eventually,
  graph,
  inARow,
  node,
  publish,
  runtime,
  subscribe,
  unsubscribe,
  type Published,
} from '../support/published.ts'

const score = { fields: [{ name: 'points', value: '{{ trigger.body.total * 2 }}' }] }

function scored(respond: string) {
  return graph(
    [node('hook', 'trigger.webhook', { methods: ['POST'], respond }), node('score', 'data.set', score)],
    'hook>score',
  )
}

function send(
  { hookKey }: { hookKey: string },
  data: unknown,
  headers: Record<string, string> = {},
  body = JSON.stringify(data),
): Promise<Response> {
  return exports.default.fetch(`http://leat.test/hooks/${hookKey}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
}

/** The row that lists show, once the projection has it as it ended. */
function listed(id: string | undefined) {
  return eventually(async () => {
    const row = await env.LOGS.prepare('SELECT id, status, seq FROM executions WHERE id = ?')
      .bind(id)
      .first<{ id: string; status: Execution['status']; seq: number }>()
    return row !== null && isTerminal(row.status) && row
  })
}

describe('a webhook that answers at once', () => {
  /** What lies in the organization's inboxes. */
  const pendingOf = async ({ organizationId }: Published) => {
    const lists = await forEachInbox(env, organizationId, (inbox) =>
      runInDurableObject(inbox, (_, { storage }) => inboxTable(storage.sql).list()),
    )
    return lists.flat().map(({ kind }) => kind)
  }

  test('lies in its inbox as the record of its execution where that is over at once, and comes to D1', async () => {
    const published = await publish(scored('immediately'))
    const response = await send(published, { total: 21 })
    expect(response.status).toBe(202)
    expect(await pendingOf(published)).toEqual(['records'])
    const { data } = await response.json<{ data: AcceptedEvent }>()
    const found = await findAccepted(env, published.organizationId, data.executionId as Execution['id'])
    expect(found?.entries).toHaveLength(1)
    expect(await listed(data.executionId)).toMatchObject({ status: 'completed' })
    expect(await eventually(async () => ((await pendingOf(published)).length === 0 ? true : undefined))).toBe(true)
  })

  test('lies in its inbox itself where its execution goes on, and is consumed from the queue', async () => {
    const nodes = [
      node('hook', 'trigger.webhook', { respond: 'immediately' }),
      node('pause', 'flow.wait', { mode: 'duration', duration: '1 second' }),
    ]
    const published = await publish(graph(nodes, 'hook>pause'))
    const response = await send(published, { total: 21 })
    expect(response.status).toBe(202)
    expect(await pendingOf(published)).toEqual(['trigger'])
    const { data } = await response.json<{ data: AcceptedEvent }>()
    expect(await listed(data.executionId)).toMatchObject({ status: 'completed' })
  })

  test('is visible with all of its journal where that is too large for a message', async () => {
    const copies = { fields: [1, 2, 3].map((copy) => ({ name: `copy${copy}`, value: '{{ trigger.body.text }}' })) }
    const nodes = [
      node('hook', 'trigger.webhook', { methods: ['POST'], respond: 'immediately' }),
      node('copy', 'data.set', copies),
    ]
    const published = await publish(graph(nodes, 'hook>copy'))
    const response = await send(published, { text: 'large '.repeat(10_000) })
    const { data } = await response.json<{ data: AcceptedEvent }>()
    expect(await listed(data.executionId)).toMatchObject({ status: 'completed' })
    const sql = 'SELECT sum(length(text)) AS characters FROM journals WHERE execution_id = ?'
    const kept = await env.LOGS.prepare(sql).bind(data.executionId).first<{ characters: number }>()
    expect(kept?.characters).toBeGreaterThan(180_000)
  })

  test('is visible with all of its journal where that is too large for a row of an inbox', async () => {
    const copies = [...Array(12).keys()].map((copy) =>
      node(`copy${copy}`, 'data.set', { fields: [{ name: 'text', value: '{{ trigger.body.text }}' }] }),
    )
    const hook = node('hook', 'trigger.webhook', { methods: ['POST'], respond: 'immediately' })
    const published = await publish(graph([hook, ...copies], ...inARow([hook, ...copies])))
    const response = await send(published, { text: 'large '.repeat(40_000) })
    const { data } = await response.json<{ data: AcceptedEvent }>()
    expect(await listed(data.executionId)).toMatchObject({ status: 'completed' })
    const sql = 'SELECT sum(length(text)) AS characters FROM journals WHERE execution_id = ?'
    const kept = await env.LOGS.prepare(sql).bind(data.executionId).first<{ characters: number }>()
    expect(kept?.characters).toBeGreaterThan(2_800_000)
    expect(await eventually(async () => ((await pendingOf(published)).length === 0 ? true : undefined))).toBe(true)
  })

  test('P3: is the consumer’s where more is left to do than its plan said', async () => {
    const wait = node('pause', 'flow.wait', { mode: 'duration', duration: '1 second' })
    const hook = node('hook', 'trigger.webhook', { methods: ['POST'], respond: 'immediately' })
    const published = await publish(graph([hook, wait, node('score', 'data.set', score)], 'hook>pause>score'))
    const version = await isolateOf(env).plans.find(published.organizationId, published.versionId)
    version!.isInstant = true
    const response = await send(published, { total: 8 })
    expect(response.status).toBe(202)
    expect(await pendingOf(published)).toEqual(['trigger'])
    const { data } = await response.json<{ data: AcceptedEvent }>()
    expect(await listed(data.executionId)).toMatchObject({ status: 'completed' })
  })

  test('is refused for good where it grows beyond a row of an inbox when it is written down', async () => {
    const published = await publish(scored('immediately'))
    const refused = await send(published, undefined, {}, `[${'1e20,'.repeat(200_000)}1]`)
    expect([refused.status, await refused.json()]).toEqual([
      413,
      expect.objectContaining({ error: expect.objectContaining({ code: 'request.too_large' }) as unknown }),
    ])
    expect(await pendingOf(published)).toEqual([])
  })

  test('delivered twice starts nothing twice and names the same execution', async () => {
    const published = await publish(scored('immediately'))
    const first = await send(published, { total: 1 }, { 'webhook-id': 'msg_1' })
    const second = await send(published, { total: 1 }, { 'webhook-id': 'msg_1' })
    const [one, two] = [await first.json<{ data: AcceptedEvent }>(), await second.json<{ data: AcceptedEvent }>()]
    expect([first.status, second.status]).toEqual([202, 200])
    expect(two.data).toEqual({ ...one.data, duplicate: true })
  })

  test('refuses an id that came with another body', async () => {
    const published = await publish(scored('immediately'))
    await send(published, { total: 1 }, { 'idempotency-key': 'k' })
    await expect(send(published, { total: 2 }, { 'idempotency-key': 'k' })).resolves.toMatchObject({ status: 409 })
  })
})

test('below the address of a hook there is nothing; a slash behind it is no more than that', async () => {
  const published = await publish(scored('finished'))
  const statusOf = async (below: string) => {
    const { status } = await send({ hookKey: `${published.hookKey}${below}` }, { total: 1, below })
    return status
  }
  expect([await statusOf('/orders'), await statusOf('//'), await statusOf('/')]).toEqual([404, 404, 200])
})

test('D11: who guesses hooks is held back by address, and nobody else; hooks that are known are taken all the while', async () => {
  const published = await publish(scored('finished'))
  const by = (address: string) => ({ 'cf-connecting-ip': address })
  const from = async (address: string, hookKey: string = newHookKey()) =>
    (await send({ hookKey }, { total: 1, at: newHookKey() }, by(address))).status
  expect(await from('203.0.113.7', published.hookKey)).toBe(200)
  const guessed = new Map<number, number>()
  for (let guess = 0; guess < 310; guess++) {
    const status = await from('203.0.113.7')
    guessed.set(status, (guessed.get(status) ?? 0) + 1)
  }
  expect([...guessed]).toEqual([
    [404, 300],
    [429, 10],
  ])
  const other = await publish(scored('finished'))
  expect(await from('203.0.113.7', published.hookKey)).toBe(200)
  expect(await from('203.0.113.7', other.hookKey)).toBe(429)
  expect(await from('203.0.113.8', other.hookKey)).toBe(200)
  expect(await from('203.0.113.8')).toBe(404)
})

describe('a webhook that answers when the workflow has finished', () => {
  test('answers with what came out', async () => {
    const response = await send(await publish(scored('finished')), { total: 21 })
    expect([response.status, await response.json()]).toEqual([200, { points: 42 }])
  })

  test('answers a second delivery with the first result', async () => {
    const published = await publish(scored('finished'))
    const first = await send(published, { total: 4 }, { 'webhook-id': 'msg_2' })
    const second = await send(published, { total: 4 }, { 'webhook-id': 'msg_2' })
    expect(await second.json()).toEqual(await first.json())
    expect(second.headers.get('x-leat-execution-id')).toBe(first.headers.get('x-leat-execution-id'))
  })

  test('waits for a workflow that waits, in its own object', async () => {
    const published = await publish(
      graph(
        [
          node('hook', 'trigger.webhook', { respond: 'finished' }),
          node('pause', 'flow.wait', { mode: 'duration', duration: '1 second' }),
          node('score', 'data.set', score),
        ],
        'hook>pause',
        'pause>score',
      ),
    )
    const response = await send(published, { total: 5 })
    expect([response.status, await response.json()]).toEqual([200, { points: 10 }])
    const id = response.headers.get('x-leat-execution-id') ?? ''
    const execution = await runtime().findLive(published.organizationId, id as Execution['id'])
    expect(execution?.steps.map(({ nodeId, status }) => `${nodeId} ${status}`)).toEqual([
      'hook completed',
      'pause completed',
      'score completed',
    ])
    expect(await listed(id)).toMatchObject({ status: 'completed' })
  })
})

describe('a workflow that is paused', () => {
  test('answers 404 from then on, and takes events again when it is active again', async () => {
    const drawn = scored('finished')
    const published = await publish(drawn)
    await send(published, { total: 1 })
    await unsubscribe(published)
    await expect(send(published, { total: 2 })).resolves.toMatchObject({ status: 404 })
    await subscribe(published, drawn)
    await expect(send(published, { total: 3 })).resolves.toMatchObject({ status: 200 })
  })
})

describe('a webhook whose secret is replaced', () => {
  const isSentBy = { methods: ['POST'], respond: 'immediately', verification: 'header', tokenHeader: 'x-secret' }
  const drawn = graph([node('hook', 'trigger.webhook', isSentBy), node('score', 'data.set', score)], 'hook>score')
  const [before, after] = ['the secret that was set at first', 'the secret that is set instead of it']

  async function setSecret({ hookKey, organizationId }: Published, secret: string) {
    const place = { organizationId, kind: 'hook', id: hookKey, field: 'secret' }
    await env.DB.prepare('UPDATE hooks SET secret_ciphertext = ? WHERE key = ?')
      .bind(await isolateOf(env).vault.seal(secret, place), hookKey)
      .run()
    await runtime().routesChanged(organizationId)
  }

  test('D4: takes what is proved by the new one, though no event came that was proved by the one before', async () => {
    const published = await publish(drawn)
    await setSecret(published, before)
    const by = async (secret: string, total: number) =>
      (await send(published, { total }, { 'x-secret': secret })).status
    expect([await by(before, 1), await by(after, 2)]).toEqual([202, 401])
    await setSecret(published, after)
    expect(await eventually(async () => (await by(after, 3)) === 202)).toBe(true)
    expect(await by(before, 4)).toBe(401)
  })
})

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Execution } from '../../worker/contract/execution.ts'
import type { Graph, GraphNode } from '../../worker/contract/graph.ts'
import type { ExecutionId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { forEachInbox, inboxOf } from '../../worker/runtime/inbox/inbox-stub.ts'
import { inboxShards } from '../../worker/runtime/names.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { executionStore } from '../../worker/store/executions.ts'
import { eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

//  start ──► call ──► done
function calling(path: string, settings?: GraphNode['settings']): Graph {
  return graph(
    [
      node('start', 'trigger.manual'),
      node('call', 'http.request', { method: 'POST', url: `https://sink.example.com${path}` }, settings),
      node('done', 'data.set', { fields: [{ name: 'status', value: '{{ steps.call.status }}' }] }),
    ],
    'start>call',
    'call>done',
  )
}

const trigger = { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: {} } } as const

async function execute(published: Published): Promise<Execution> {
  const { execution } = await runtime().start({ ...published, trigger, waitMs: 20_000 })
  if (execution === undefined) throw new Error('nothing was started')
  return execution
}

const hasObject = ({ organizationId }: Published, id: ExecutionId) =>
  executionOf(env, organizationId, id).isThere(organizationId)

const steps = ({ steps }: Execution) => steps.map(({ nodeId, status, attempt }) => `${nodeId} ${status} ${attempt}`)

const keysSentTo = async (name: string): Promise<string[]> =>
  (await fetch(`https://sink.example.com/ledger/${name}`)).json<string[]>()

const stored = ({ organizationId }: Published, id: ExecutionId) =>
  eventually(async () => {
    const found = await executionStore(openDatabase(env.LOGS), { organizationId }, undefined).find(id)
    return found?.summary.finishedAt === undefined ? undefined : found
  })

describe('an execution that begins with a call, and is waited for', () => {
  test('has no object when the call is quick, and reaches D1 as any other', async () => {
    const name = newId('event')
    const published = await publish(calling(`/ok/${name}`))
    const execution = await execute(published)
    expect([execution.status, execution.output]).toEqual(['completed', { status: 200 }])
    expect(steps(execution)).toEqual(['start completed 1', 'call completed 1', 'done completed 1'])
    expect(await keysSentTo(name)).toEqual([expect.stringMatching(/^fx_/)])
    expect(await hasObject(published, execution.id)).toBe(false)
    const found = await stored(published, execution.id)
    expect(JSON.parse(found.journal)).toHaveLength(2)
    const left = await forEachInbox(env, published.organizationId, (inbox) =>
      inbox.findByExecution(published.organizationId, execution.id),
    )
    expect(left.every((row) => row === undefined)).toBe(true)
  })

  test('goes on in an object when the call takes its time, and it is made once', async () => {
    const name = newId('event')
    const published = await publish(calling(`/slow/1600/${name}`))
    const execution = await execute(published)
    expect([execution.status, execution.output]).toEqual(['completed', { status: 200 }])
    expect(steps(execution)).toEqual(['start completed 1', 'call completed 1', 'done completed 1'])
    expect(await keysSentTo(name)).toHaveLength(1)
    expect(await hasObject(published, execution.id)).toBe(true)
  })

  test('goes on in an object when the call is to be made again', async () => {
    const name = newId('event')
    const published = await publish(calling(`/fail/1/${name}`, { retry: { delayMs: 20, jitter: 'none' } }))
    const execution = await execute(published)
    expect(steps(execution)).toEqual(['start completed 1', 'call completed 2', 'done completed 1'])
    expect(new Set(await keysSentTo(name)).size).toBe(1)
    expect(await hasObject(published, execution.id)).toBe(true)
  })

  test('ends as failed here when nothing may be tried again', async () => {
    const name = newId('event')
    const published = await publish(calling(`/status/418/${name}`))
    const execution = await execute(published)
    expect([execution.status, execution.failure?.code]).toEqual(['failed', 'http.unexpected_status'])
    expect(await hasObject(published, execution.id)).toBe(false)
    expect((await stored(published, execution.id)).summary.status).toBe('failed')
  })

  test('makes a second call when what came of the first is durable', async () => {
    const [first, second] = [newId('event'), newId('event')]
    const url = (name: string) => ({ method: 'POST', url: `https://sink.example.com/ok/${name}` })
    const two = graph(
      [
        node('start', 'trigger.manual'),
        node('one', 'http.request', url(first)),
        node('two', 'http.request', url(second)),
      ],
      'start>one',
      'one>two',
    )
    const published = await publish(two)
    const execution = await execute(published)
    expect(steps(execution)).toEqual(['start completed 1', 'one completed 1', 'two completed 1'])
    expect([await keysSentTo(first), await keysSentTo(second)].map(({ length }) => length)).toEqual([1, 1])
    expect(await hasObject(published, execution.id)).toBe(false)
    expect(JSON.parse((await stored(published, execution.id)).journal)).toHaveLength(3)
  })

  test('makes calls side by side, and the quick one does not wait for the slow one', async () => {
    const [quick, slow, next] = [newId('event'), newId('event'), newId('event')]
    const url = (path: string) => ({ method: 'POST', url: `https://sink.example.com${path}` })
    const both = graph(
      [
        node('start', 'trigger.manual'),
        node('quick', 'http.request', url(`/ok/${quick}`)),
        node('slow', 'http.request', url(`/slow/600/${slow}`)),
        node('next', 'http.request', url(`/ok/${next}`)),
      ],
      'start>quick',
      'start>slow',
      'quick>next',
    )
    const published = await publish(both)
    const execution = await execute(published)
    expect(execution.status).toBe('completed')
    expect(steps(execution).toSorted()).toEqual([
      'next completed 1',
      'quick completed 1',
      'slow completed 1',
      'start completed 1',
    ])
    for (const name of [quick, slow, next]) expect(await keysSentTo(name)).toHaveLength(1)
    const startOf = (id: string) => execution.steps.find(({ nodeId }) => nodeId === id)!.startedAt
    const slowEnded = execution.steps.find(({ nodeId }) => nodeId === 'slow')!.finishedAt!
    expect(Date.parse(startOf('next'))).toBeLessThan(Date.parse(slowEnded))
  })

  test('is begun in its object where a lost call may not be made again', async () => {
    const name = newId('event')
    const published = await publish(calling(`/ok/${name}`, { onAmbiguous: 'fail' }))
    const execution = await execute(published)
    expect(execution.status).toBe('completed')
    expect(await hasObject(published, execution.id)).toBe(true)
  })
})

describe('an event whose calls are being made where it arrived', () => {
  /** Its place in an inbox, once it is there, while a slow call is under way. */
  async function whileUnderWay({ organizationId }: Published, meanwhile: (shard: number, number: number) => unknown) {
    const place = await eventually(async () => {
      for (let shard = 0; shard < inboxShards; shard++) {
        const inbox = inboxOf(env, organizationId, shard)
        const number = await runInDurableObject(inbox, (_, { storage: { sql } }) => {
          const [row] = sql.exec<{ number: number }>("SELECT number FROM pending WHERE kind = 'trigger'").toArray()
          return row?.number
        }).catch(() => undefined)
        if (number !== undefined) return { shard, number }
      }
      return undefined
    })
    await meanwhile(place.shard, place.number)
  }

  test('is the consumer’s when that has taken it: the call is made again under its key, and there is one truth', async () => {
    const name = newId('event')
    const published = await publish(calling(`/slow/500/${name}`))
    const { organizationId } = published
    const executing = execute(published)
    await whileUnderWay(published, async (shard, number) => {
      await env.TRIGGERS.send({ v: 2, organizationId, shard, refs: [number] })
    })
    const execution = await executing
    expect(execution.status).toBe('completed')
    const keys = await keysSentTo(name)
    expect(new Set(keys).size).toBe(1)
    expect(await hasObject(published, execution.id)).toBe(true)
    const ended = await runtime().findJournal(organizationId, execution.id)
    expect((await stored(published, execution.id)).journal).toBe(JSON.stringify(ended))
    expect(execution.steps.find(({ nodeId }) => nodeId === 'call')?.attempt).toBe(keys.length)
  })

  test('goes on in an object when its inbox has died', async () => {
    const name = newId('event')
    const published = await publish(calling(`/slow/500/${name}`))
    const executing = execute(published)
    await whileUnderWay(published, (shard) => evictDurableObject(inboxOf(env, published.organizationId, shard)))
    const execution = await executing
    expect(execution.status).toBe('completed')
    expect(new Set(await keysSentTo(name)).size).toBe(1)
    expect(await hasObject(published, execution.id)).toBe(true)
  })
})

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Execution } from '../../worker/contract/execution.ts'
import type { Graph, GraphNode } from '../../worker/contract/graph.ts'
import type { ControlInput } from '../../worker/engine/control/control.ts'
import type { EventId, ExecutionId } from '../../worker/contract/id.ts'
import { executionIdFor, newId } from '../../worker/lib/id.ts'
import { holdMs } from '../../worker/runtime/execution/next-alarm.ts'
import { consumeTrigger } from '../../worker/runtime/queues/consume-trigger.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { inboxOf } from '../../worker/runtime/inbox/inbox-stub.ts'
import { eraseObjects } from '../../worker/runtime/sweep.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { executionStore, listErasable } from '../../worker/store/executions.ts'
import { eventually, graph, inARow, node, publish, runtime, type Published } from '../support/published.ts'

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

//  start ──► pause ──► done
const waiting = graph(
  [
    node('start', 'trigger.manual'),
    node('pause', 'flow.wait', { mode: 'duration', duration: '1 hour' }),
    node('done', 'data.set', { fields: [] }),
  ],
  'start>pause',
  'pause>done',
)

async function begin(published: Published): Promise<ExecutionId> {
  const { executionId } = await runtime().start({
    ...published,
    trigger: { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: {} } },
  })
  return executionId
}

function ended({ organizationId }: Published, id: ExecutionId): Promise<Execution> {
  return eventually(async () => {
    const execution = await runtime().findLive(organizationId, id)
    return execution?.finishedAt === undefined ? undefined : execution
  })
}

const steps = (execution: Execution | undefined) =>
  execution?.steps.map(({ nodeId, status, attempt }) => `${nodeId} ${status} ${attempt}`)

const keysSentTo = async (name: string): Promise<string[]> =>
  (await fetch(`https://sink.example.com/ledger/${name}`)).json<string[]>()

describe('a step that acts on the world', () => {
  test('is called once, under a key of its own', async () => {
    const name = newId('event')
    const published = await publish(calling(`/ok/${name}`))
    const execution = await ended(published, await begin(published))
    expect(execution.failure).toBeUndefined()
    expect([execution.status, execution.output]).toEqual(['completed', { status: 200 }])
    expect(await keysSentTo(name)).toEqual([expect.stringMatching(/^fx_/)])
  })

  test('is tried again under the same key when the other side is busy', async () => {
    const name = newId('event')
    const published = await publish(calling(`/fail/2/${name}`, { retry: { delayMs: 20, jitter: 'none' } }))
    const execution = await ended(published, await begin(published))
    expect(steps(execution)).toEqual(['start completed 1', 'call completed 3', 'done completed 1'])
    const keys = await keysSentTo(name)
    expect([keys.length, new Set(keys).size]).toEqual([3, 1])
  })

  test('is in the list with all that it and others gave, however much that is', async () => {
    const copies = [...Array(12).keys()].map((copy) =>
      node(`copy${copy}`, 'data.set', { fields: [{ name: 'text', value: '{{ steps.large.text }}' }] }),
    )
    const large = node('large', 'data.set', { fields: [{ name: 'text', value: "{{ 'large '.repeat(40_000) }}" }] })
    const call = node('call', 'http.request', { method: 'POST', url: `https://sink.example.com/ok/${newId('event')}` })
    const nodes = [node('start', 'trigger.manual'), call, large, ...copies]
    const published = await publish(graph(nodes, ...inARow(nodes)))
    const id = await begin(published)
    const stored = executionStore(openDatabase(env.LOGS), { organizationId: published.organizationId }, undefined)
    const seen = await eventually(async () => {
      const found = await stored.find(id)
      return found?.summary.finishedAt === undefined ? undefined : found
    })
    expect(seen.summary.status).toBe('completed')
    expect(seen.journal.length).toBeGreaterThan(2_800_000)
  })

  test('that is refused for good fails the execution, and says why', async () => {
    const published = await publish(calling('/status/404/gone'))
    const execution = await ended(published, await begin(published))
    expect([execution.status, execution.failure?.kind]).toEqual(['failed', 'terminal'])
  })

  test('that hangs is cut off at its timeout', async () => {
    const name = newId('event')
    const published = await publish(calling(`/hang/${name}`, { timeoutMs: 200, retry: { maxRetries: 0 } }))
    const execution = await ended(published, await begin(published))
    expect(execution.failure).toMatchObject({ kind: 'timedOut', timeoutMs: 200 })
  })
})

describe('cancelling', () => {
  test('ends a waiting execution, and is refused once it has ended', async () => {
    const published = await publish(waiting)
    const id = await begin(published)
    expect(await runtime().cancel(published.organizationId, id, 'ada', 'not needed')).toBe('accepted')
    expect((await ended(published, id)).status).toBe('cancelled')
    expect(await runtime().cancel(published.organizationId, id, 'ada', 'again')).toBe('finished')
  })

  test('cuts off a call in flight', async () => {
    const published = await publish(calling(`/hang/${newId('event')}`))
    const id = await begin(published)
    await runtime().cancel(published.organizationId, id, 'ada', 'not needed')
    expect(steps(await ended(published, id))).toEqual(['start completed 1', 'call cancelled 1'])
  })
})

describe('trying a failed execution again', () => {
  test('goes on from the step that failed, as a new generation, under a new key', async () => {
    const name = newId('event')
    const published = await publish(calling(`/fail/1/${name}`, { retry: { maxRetries: 0 } }))
    const id = await begin(published)
    expect((await ended(published, id)).status).toBe('failed')
    expect(await runtime().redrive(published.organizationId, id, 'ada')).toBe('accepted')
    const execution = await eventually(async () => {
      const found = await runtime().findLive(published.organizationId, id)
      return found?.status === 'completed' ? found : undefined
    })
    expect(execution.generation).toBe(2)
    const [first, second] = await keysSentTo(name)
    expect(second).not.toBe(first)
  })
})

describe('an execution in its object', () => {
  test('is the same after the object was evicted', async () => {
    const published = await publish(waiting)
    const id = await begin(published)
    const stub = executionOf(env, published.organizationId, id)
    const before = await runtime().findLive(published.organizationId, id)
    await evictDurableObject(stub)
    expect(await runtime().findLive(published.organizationId, id)).toEqual(before)
    expect(before?.status).toBe('waiting')
  })

  test('is armed for as long as it waits', async () => {
    const published = await publish(waiting)
    const id = await begin(published)
    const stub = executionOf(env, published.organizationId, id)
    const armed = await runInDurableObject(stub, (_, { storage }) => storage.getAlarm())
    expect(armed).toBeGreaterThan(Date.now())
    await runDurableObjectAlarm(stub)
    const armedAgain = await runInDurableObject(stub, (_, { storage }) => storage.getAlarm())
    expect(armedAgain).toBeGreaterThan(Date.now())
  })

  test('that was begun, done and lost with its process is brought to D1 by whoever delivers its event again', async () => {
    const published = await publish(calling(`/ok/${newId('event')}`))
    const id = await begin(published)
    await ended(published, id)
    const stub = executionOf(env, published.organizationId, id)
    const listed = () =>
      eventually(async () => {
        const found = await env.LOGS.prepare('SELECT status FROM executions WHERE id = ?').bind(id).first()
        return found ?? undefined
      })
    await listed()
    // As if its process had died before it handed its record over.
    await evictDurableObject(stub)
    await env.LOGS.prepare('DELETE FROM executions WHERE id = ?').bind(id).run()
    const [init] = await runInDurableObject(stub, (_, { storage }) =>
      storage.sql.exec<{ text: string }>('SELECT text FROM journal WHERE seq = 0').toArray(),
    )
    await evictDurableObject(stub)
    // A sender that asks again wakes the object first, and that alone must not make it look as if all were done.
    expect(await stub.wait(published.organizationId, { until: 'now' })).toMatchObject({ status: 'completed' })
    expect(await stub.start(published.organizationId, init?.text ?? '')).toMatchObject({ status: 'completed' })
    expect(await listed()).toEqual({ status: 'completed' })
  })

  test('that calls when its alarm rings arms no other one: that alarm is not over before the call is', async () => {
    const call = node('call', 'http.request', { method: 'POST', url: `https://sink.example.com/ok/${newId('event')}` })
    const pause = node('pause', 'flow.wait', { mode: 'duration', duration: '200 ms' })
    const published = await publish(graph([node('start', 'trigger.manual'), pause, call], 'start>pause', 'pause>call'))
    const id = await begin(published)
    await ended(published, id)
    const stub = executionOf(env, published.organizationId, id)
    // It is in D1 now, and nothing is left to wake for.
    await eventually(async () => {
      const found = await env.LOGS.prepare('SELECT 1 FROM executions WHERE id = ? AND finished_at > 0').bind(id).first()
      return found ?? undefined
    })
    expect(await runInDurableObject(stub, (_, { storage }) => storage.getAlarm())).toBeNull()
  })

  test('that is all its event began ends the event itself; where it does not, D1 is given its record first', async () => {
    const eventType = newId('event').replaceAll('_', '.')
    const listener = graph(
      [
        node('start', 'trigger.event', { eventType }),
        node('pause', 'flow.wait', { mode: 'duration', duration: '1 hour' }),
      ],
      'start>pause',
    )
    const { organizationId, workflowId } = await publish(listener)
    const epochNow = () => inboxOf(env, organizationId, 0).epoch(organizationId)
    const consume = async (eventId: EventId) => {
      const source = { kind: 'event', eventType } as const
      const data = { type: eventType, data: {}, id: eventId, occurredAt: '2026-11-21T12:00:00.000Z' }
      const trigger = { organizationId, eventId, at: Date.now(), source, data }
      const { records, entry } = await consumeTrigger(env, trigger, {
        shard: 0,
        epoch: await epochNow(),
        number: 1,
      })
      return {
        entry,
        records: records.map((record) => [record.workflowId, record.status, record.wakeAt !== null]),
      }
    }
    const eventId = newId('event')
    expect(await consume(eventId)).toEqual({ entry: 'takenOver', records: [] })
    // The event comes again: whoever began the execution may have begun others with it, and they would not end it.
    expect(await consume(eventId)).toEqual({ entry: 'confirm', records: [[workflowId, 'waiting', true]] })

    const other = await publish(listener, organizationId)
    const { entry, records } = await consume(newId('event'))
    expect(entry).toBe('confirm')
    expect(new Set(records.map(([id]) => id))).toEqual(new Set([workflowId, other.workflowId]))
  })

  test('that is over arms nothing, and is erased when the sweeper comes an hour later', async () => {
    const published = await publish(calling(`/ok/${newId('event')}`))
    const { organizationId } = published
    const id = await begin(published)
    await ended(published, id)
    const stored = () => executionStore(openDatabase(env.LOGS), published, undefined).find(id)
    await eventually(stored)
    const inObject = () =>
      runInDurableObject(executionOf(env, organizationId, id), async (_, { storage }) => ({
        armed: await storage.getAlarm(),
        tables: storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'journal'").toArray().length,
      }))
    expect(await inObject()).toEqual({ armed: null, tables: 1 })
    await eraseObjects(env, Date.now() + holdMs / 2)
    expect(await inObject()).toEqual({ armed: null, tables: 1 })
    await eraseObjects(env, Date.now() + holdMs + 1_000)
    expect(await inObject()).toEqual({ armed: null, tables: 0 })
    expect(await listErasable(openDatabase(env.LOGS), Date.now() + 2 * holdMs, 10)).toEqual([])
    expect((await stored())?.summary.status).toBe('completed')
  })

  test('whose event lay somewhere for longer than a call may take makes its calls once, and takes none for lost', async () => {
    const eventType = `order.${newId('event')}`
    const [quick, slow] = [newId('event'), newId('event')]
    const once = (id: string, path: string) =>
      node(id, 'http.request', { method: 'POST', url: `https://sink.example.com${path}` }, { onAmbiguous: 'fail' })
    const listener = graph(
      [node('start', 'trigger.event', { eventType }), once('quick', `/ok/${quick}`), once('slow', `/slow/600/${slow}`)],
      'start>quick',
      'start>slow',
    )
    const published = await publish(listener)
    const { organizationId, workflowId } = published
    const eventId = newId('event')
    const at = Date.now() - holdMs / 3
    const data = { type: eventType, data: {}, id: eventId, occurredAt: new Date(at).toISOString() }
    const trigger = { organizationId, eventId, at, source: { kind: 'event', eventType } as const, data }
    const epoch = await inboxOf(env, organizationId, 0).epoch(organizationId)
    await consumeTrigger(env, trigger, { shard: 0, epoch, number: 1 })
    const execution = await ended(published, executionIdFor({ organizationId, workflowId, nodeId: 'start', eventId }))
    expect(execution.failure).toBeUndefined()
    expect(steps(execution)).toEqual(['start completed 1', 'quick completed 1', 'slow completed 1'])
    expect(await Promise.all([quick, slow].map(keysSentTo))).toMatchObject([{ length: 1 }, { length: 1 }])
  })

  test('that was erased is not begun again by its event, should that have lain in its inbox all the time', async () => {
    const eventType = `order.${newId('event')}`
    const path = `/ok/${newId('event')}`
    const listener = graph(
      [
        node('start', 'trigger.event', { eventType }),
        node('call', 'http.request', { method: 'POST', url: `https://sink.example.com${path}` }),
      ],
      'start>call',
    )
    const published = await publish(listener)
    const { organizationId, workflowId } = published
    const eventId = newId('event')
    const data = { type: eventType, data: {}, id: eventId, occurredAt: '2026-11-21T12:00:00.000Z' }
    const source = { kind: 'event', eventType } as const
    const trigger = { organizationId, eventId, at: Date.now() - 2 * holdMs, source, data }
    const epoch = await inboxOf(env, organizationId, 0).epoch(organizationId)
    const consume = () => consumeTrigger(env, trigger, { shard: 0, epoch, number: 1 })
    expect((await consume()).entry).toBe('takenOver')

    const id = executionIdFor({ organizationId, workflowId, nodeId: 'start', eventId })
    const stored = () => executionStore(openDatabase(env.LOGS), published, undefined).find(id)
    await eventually(async () => ((await stored())?.summary.finishedAt === undefined ? undefined : true))
    await eraseObjects(env, Date.now() + holdMs + 1_000)
    const stub = executionOf(env, organizationId, id)
    expect(await stub.view(organizationId)).toBeUndefined()
    expect(await consume()).toEqual({ records: [], entry: 'confirm' })
    expect(await stub.view(organizationId)).toBeUndefined()
  })

  test('that went on since D1 had it is not erased', async () => {
    const published = await publish(calling('/status/404/gone'))
    const { organizationId } = published
    const id = await begin(published)
    const { generation } = await ended(published, id)
    expect(await executionOf(env, organizationId, id).erase(organizationId, { generation, seq: 1 })).toBe(false)
    expect(await executionOf(env, organizationId, id).view(organizationId)).toBeDefined()
  })

  test('G10: answers nobody of another organization', async () => {
    const published = await publish(waiting)
    const id = await begin(published)
    const stub = executionOf(env, published.organizationId, id)
    await expect(async () => stub.view(newId('organization'))).rejects.toThrow('another organization')
  })

  test('stores nothing when it is only looked at', async () => {
    const organizationId = newId('organization')
    const stub = executionOf(env, organizationId, newId('execution'))
    expect(await stub.view(organizationId)).toBeUndefined()
    const tables = await runInDurableObject(stub, (_, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'journal'").toArray(),
    )
    expect(tables).toEqual([])
  })
})

describe('an execution that is paused', () => {
  test('begins nothing, over a restart too, and goes on when it is resumed', async () => {
    const published = await publish(waiting)
    const { organizationId } = published
    const id = await begin(published)
    await eventually(async () => (await runtime().findLive(organizationId, id))?.wakeAt)
    const control = (input: ControlInput) => runtime().control(organizationId, id, input)
    expect(await control({ type: 'pause', by: 'usr_ada' })).toBe('accepted')
    expect(await control({ type: 'pause', by: 'usr_ada' })).toBe('already')
    await evictDurableObject(executionOf(env, organizationId, id))
    expect(await runtime().findLive(organizationId, id)).toMatchObject({ status: 'paused', next: [] })

    expect(await control({ type: 'skipStep', by: 'usr_ada', path: 'pause' })).toBe('accepted')
    const paused = await runtime().findLive(organizationId, id)
    expect([paused?.status, paused?.next]).toEqual(['paused', [{ path: 'done', nodeId: 'done' }]])
    await eventually(async () => {
      const stored = await executionStore(openDatabase(env.LOGS), { organizationId }, undefined).find(id)
      return stored?.summary.status === 'paused' ? true : undefined
    })

    expect(await control({ type: 'resume', by: 'usr_ada' })).toBe('accepted')
    expect(steps(await ended(published, id))).toEqual(['start completed 1', 'pause skipped 1', 'done completed 1'])
    expect(await control({ type: 'resume', by: 'usr_ada' })).toBe('finished')
  })
})

//  start ──► each ─body─► one ──► two
test('a loop of more than a thousand steps goes through', async () => {
  const drawn = graph(
    [
      node('start', 'trigger.manual'),
      node('each', 'flow.for', { from: 1, to: 600, maxIterations: 1_000 }),
      node('one', 'data.set', { fields: [] }),
      node('two', 'data.set', { fields: [] }),
    ],
    'start>each',
    'each:body>one',
    'one>two',
  )
  const published = await publish(drawn)
  const { execution } = await runtime().start({
    ...published,
    trigger: { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: {} } },
    waitMs: 20_000,
  })
  expect(execution?.status).toBe('completed')
  expect(execution?.stepCount).toBe(2 + 2 * 600)
})

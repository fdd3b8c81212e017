import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Execution } from '../../worker/contract/execution.ts'
import { EventId, type ContactId, type ExecutionId, type OrganizationId } from '../../worker/contract/id.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { newId } from '../../worker/lib/id.ts'
import { waitsForEvents } from '../../worker/nodes/waits-for-events.ts'
import type { AcceptedTrigger } from '../../worker/runtime/inbox/accepted-trigger.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { forgetUnused } from '../../worker/runtime/waiters/tidy-event-waits.ts'
import { wakeWaiters } from '../../worker/runtime/waiters/wake-waiters.ts'
import { waitersOf } from '../../worker/runtime/waiters/waiter-stub.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { addEventWaits, listEventWaits, listVersionsUnderWay } from '../../worker/store/event-waits.ts'
import { listEnded } from '../../worker/store/executions.ts'
import { eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

//  start ──► paid ─out─► thanks
//             └─timeout─► remind
function waits(params: JsonObject = {}) {
  return graph(
    [
      node('start', 'trigger.manual'),
      node('paid', 'flow.waitForEvent', { eventType: 'order.*', contact: '{{ trigger.data.contactId }}', ...params }),
      node('thanks', 'flow.end', { reason: 'thanks' }),
      node('remind', 'flow.end', { reason: 'remind' }),
    ],
    'start>paid',
    'paid:out>thanks',
    'paid:timeout>remind',
  )
}

async function published(params?: JsonObject): Promise<Published> {
  const organizationId = newId('organization')
  const drawn = waits(params)
  await addEventWaits(openDatabase(env.DB), organizationId, waitsForEvents(drawn))
  return publish(drawn, organizationId)
}

async function begin(of: Published, contactId: ContactId): Promise<ExecutionId> {
  const { executionId } = await runtime().start({
    ...of,
    trigger: { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: { contactId } } },
  })
  return executionId
}

/** An event as the consumer has it, without the way there. */
function event(
  organizationId: OrganizationId,
  contactId: ContactId,
  more: Partial<{ type: string; data: JsonObject }> = {},
) {
  const { type = 'order.paid', data = { total: 120 } } = more
  const eventId = newId('event')
  const accepted: AcceptedTrigger = {
    organizationId,
    eventId: EventId.parse(eventId),
    at: Date.now(),
    source: { kind: 'event', eventType: type },
    data: { type, data, id: eventId, occurredAt: new Date().toISOString(), contactId },
    contactId,
  }
  return accepted
}

const find = ({ organizationId }: Published, id: ExecutionId) => runtime().findLive(organizationId, id)

function ended(of: Published, id: ExecutionId): Promise<Execution> {
  return eventually(async () => {
    const execution = await find(of, id)
    return execution?.finishedAt === undefined ? undefined : execution
  })
}

const way = ({ steps }: Execution) => steps.map(({ nodeId }) => nodeId)

describe('an event that is waited for', () => {
  test('ends the wait of its contact, through the queue, and of nobody else', async () => {
    const of = await published()
    const [ada, bob] = [newId('contact'), newId('contact')]
    const [hers, his] = [await begin(of, ada), await begin(of, bob)]
    await eventually(async () => ((await find(of, hers))?.status === 'waiting' ? true : undefined))
    await wakeWaiters(env, event(of.organizationId, ada))
    const execution = await ended(of, hers)
    expect(way(execution)).toEqual(['start', 'paid', 'thanks'])
    expect(execution.steps[1]?.output).toMatchObject({ event: { type: 'order.paid', data: { total: 120 } } })
    expect((await find(of, his))?.status).toBe('waiting')
  })

  test('is not missed when it came before the wait began', async () => {
    const of = await published({ lookBack: 'duration', lookBackFor: '1 minute' })
    const ada = newId('contact')
    await wakeWaiters(env, event(of.organizationId, ada))
    expect(way(await ended(of, await begin(of, ada)))).toEqual(['start', 'paid', 'thanks'])
  })

  test('is passed over when it is of another type, meets no conditions, or came before it counts', async () => {
    const conditions = { operator: 'AND', conditions: [{ field: 'event.data.total', operator: '>', value: 100 }] }
    const of = await published({ conditions })
    const ada = newId('contact')
    await wakeWaiters(env, event(of.organizationId, ada))
    await new Promise((resolve) => setTimeout(resolve, 5))
    const id = await begin(of, ada)
    await eventually(async () => ((await find(of, id))?.status === 'waiting' ? true : undefined))
    await wakeWaiters(env, event(of.organizationId, ada, { type: 'mail.opened' }))
    await wakeWaiters(env, event(of.organizationId, ada, { data: { total: 99 } }))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await find(of, id))?.status).toBe('waiting')
    await wakeWaiters(env, event(of.organizationId, ada, { data: { total: 101 } }))
    expect(way(await ended(of, id))).toEqual(['start', 'paid', 'thanks'])
  })

  test('that comes twice, or after both processes died, ends it once', async () => {
    const of = await published()
    const ada = newId('contact')
    const id = await begin(of, ada)
    await eventually(async () => ((await find(of, id))?.status === 'waiting' ? true : undefined))
    await evictDurableObject(executionOf(env, of.organizationId, id))
    await evictDurableObject(waitersOf(env, of.organizationId, ada))
    const paid = event(of.organizationId, ada)
    await Promise.all([wakeWaiters(env, paid), wakeWaiters(env, paid)])
    const execution = await ended(of, id)
    expect(way(execution)).toEqual(['start', 'paid', 'thanks'])
    await wakeWaiters(env, paid)
    expect(way((await find(of, id))!)).toEqual(['start', 'paid', 'thanks'])
  })

  test('is brought to everybody who waits for it, and only the first of several to each', async () => {
    const of = await published({ of: 'anyone' })
    const ids = await Promise.all(Array.from({ length: 45 }, () => begin(of, newId('contact'))))
    for (const id of ids) {
      await eventually(async () => ((await find(of, id))?.status === 'waiting' ? true : undefined))
    }
    const [first, second] = [1, 2].map((total) => event(of.organizationId, newId('contact'), { data: { total } }))
    await wakeWaiters(env, first!)
    await wakeWaiters(env, second!)
    const executions = await Promise.all(ids.map((id) => ended(of, id)))
    const heard = executions.map(({ steps }) => steps[1]?.output)
    expect(heard).toEqual(ids.map(() => ({ event: expect.objectContaining({ data: { total: 1 } }) })))
  })

  test('of anybody, comes through the queue like any event', async () => {
    const of = await published({ of: 'anyone' })
    const id = await begin(of, newId('contact'))
    await eventually(async () => ((await find(of, id))?.status === 'waiting' ? true : undefined))
    await runtime().emit(of.organizationId, { type: 'order.paid', data: { total: 5 } })
    expect(way(await ended(of, id))).toEqual(['start', 'paid', 'thanks'])
  })
})

test('who waits is forgotten when nobody needs it any more', async () => {
  const of = await published()
  const ada = newId('contact')
  const id = await begin(of, ada)
  await eventually(async () => ((await find(of, id))?.status === 'waiting' ? true : undefined))
  await wakeWaiters(env, event(of.organizationId, ada))
  await ended(of, id)
  const keeper = waitersOf(env, of.organizationId, ada)
  expect(await runDurableObjectAlarm(keeper)).toBe(true)
})

describe('when a wait has ended otherwise', () => {
  async function cancelled(of: Published, id: ExecutionId): Promise<void> {
    await eventually(async () => ((await find(of, id))?.status === 'waiting' ? true : undefined))
    await runtime().cancel(of.organizationId, id, 'usr_ada', '')
    await ended(of, id)
    await eventually(async () => {
      const found = await listEnded(openDatabase(env.LOGS), of.organizationId, [id])
      return found.length > 0 ? true : undefined
    })
  }

  test('who waited is forgotten with the next look, and whoever waits still is not', async () => {
    const of = await published({ of: 'anyone' })
    const [gone, here] = [await begin(of, newId('contact')), await begin(of, newId('contact'))]
    await eventually(async () => ((await find(of, here))?.status === 'waiting' ? true : undefined))
    await cancelled(of, gone)
    const keeper = waitersOf(env, of.organizationId, null)
    const waiting = () =>
      runInDurableObject(keeper, (_, { storage }) =>
        storage.sql
          .exec<{ id: string }>('SELECT execution_id AS id FROM waiters')
          .toArray()
          .map(({ id }) => id),
      )
    await eventually(async () => ((await waiting()).length === 2 ? true : undefined))
    await runDurableObjectAlarm(keeper)
    expect(await waiting()).toEqual([here])
    await evictDurableObject(keeper)
    await runtime().emit(of.organizationId, { type: 'order.paid', data: {} })
    expect(way(await ended(of, here))).toEqual(['start', 'paid', 'thanks'])
  })

  test('events that nothing may wait for any more are forgotten a day later, and known again when something does', async () => {
    const of = await published()
    const { organizationId } = of
    const waits = () => listEventWaits(env.DB, organizationId)
    const id = await begin(of, newId('contact'))
    await eventually(async () => ((await find(of, id))?.status === 'waiting' ? true : undefined))
    await eventually(async () => {
      const versions = await listVersionsUnderWay(env.LOGS, organizationId, 9)
      return versions.length > 0 ? true : undefined
    })
    const [now, hour, day] = [Date.now(), 3_600_000, 86_400_000]
    await forgetUnused(env, organizationId, now - 2 * day)
    await forgetUnused(env, organizationId, now - day / 2)
    expect(await waits()).toHaveLength(1)

    await cancelled(of, id)
    await forgetUnused(env, organizationId, now)
    await forgetUnused(env, organizationId, now + day - hour)
    expect(await waits()).toHaveLength(1)
    await forgetUnused(env, organizationId, now + day + hour)
    expect(await waits()).toEqual([])

    const ada = newId('contact')
    const again = await begin(of, ada)
    await eventually(async () => ((await waits()).length > 0 ? true : undefined))
    await eventually(async () => ((await find(of, again))?.status === 'waiting' ? true : undefined))
    const epochs = { shard: 0, epoch: newId('event') }
    await wakeWaiters(env, event(organizationId, ada), epochs)
    expect(way(await ended(of, again))).toEqual(['start', 'paid', 'thanks'])
  })

  test('an event that is noted again in the meantime stays, and so does that of a live version', async () => {
    const of = await published()
    const { organizationId } = of
    const drawn = waitsForEvents(waits())
    const day = 86_400_000
    await forgetUnused(env, organizationId, 0)
    await addEventWaits(openDatabase(env.DB), organizationId, drawn)
    await forgetUnused(env, organizationId, 2 * day)
    expect(await listEventWaits(env.DB, organizationId)).toHaveLength(1)
    await env.DB.prepare(
      `INSERT INTO workflows (id, organization_id, name, description, status, visibility, created_by, created_at, updated_at,
         revision, trigger_types, node_count, graph_hash, published_version_id, graph)
       VALUES (?, ?, 'Live', '', 'paused', 'organization', '', 0, 0, 1, '[]', 1, '', ?, '{}')`,
    )
      .bind(of.workflowId, organizationId, of.versionId)
      .run()
    await forgetUnused(env, organizationId, 4 * day)
    await forgetUnused(env, organizationId, 6 * day)
    expect(await listEventWaits(env.DB, organizationId)).toHaveLength(1)
  })
})

test('an organization’s events reach nobody of another', async () => {
  const of = await published()
  const other = await published()
  const ada = newId('contact')
  const id = await begin(of, ada)
  await eventually(async () => ((await find(of, id))?.status === 'waiting' ? true : undefined))
  await wakeWaiters(env, event(other.organizationId, ada))
  const keeper = waitersOf(env, of.organizationId, ada)
  await runInDurableObject(keeper, (object) =>
    expect(object.hear(other.organizationId, '{}')).rejects.toThrow('another organization'),
  )
  expect((await find(of, id))?.status).toBe('waiting')
})

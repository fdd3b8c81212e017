// Executions that wait their turn, on real objects: one at a time per key, whoever dies in between, and nothing lost.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { leaseMs } from '../../worker/concurrency/gate.ts'
import type { Execution } from '../../worker/contract/execution.ts'
import type { GraphSettings } from '../../worker/contract/graph.ts'
import type { ExecutionId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { askAgainAfterMs } from '../../worker/runtime/execution/next-alarm.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { gateOf } from '../../worker/runtime/gate/gate-stub.ts'
import { sweep } from '../../worker/runtime/sweep.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { executionStore } from '../../worker/store/executions.ts'
import { eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

const nap = { mode: 'duration', duration: '1 hour' }

//  start ─► nap ─► done
const napping = (settings: GraphSettings) => ({
  ...graph(
    [node('start', 'trigger.manual'), node('nap', 'flow.wait', nap), node('done', 'data.set', { fields: [] })],
    'start>nap',
    'nap>done',
  ),
  settings,
})

const byCustomer = (more: GraphSettings['concurrency'] = {}): GraphSettings => ({
  concurrency: { key: '{{ trigger.data.customer }}', ...more },
})

async function begin({ organizationId, ...published }: Published, customer = 'acme'): Promise<ExecutionId> {
  const data = { type: 'manual', data: { customer } }
  const trigger = { nodeId: 'start', kind: 'manual', data } as const
  return (await runtime().start({ organizationId, ...published, trigger })).executionId
}

const find = async ({ organizationId }: Published, id: ExecutionId) => (await runtime().findLive(organizationId, id))!
const stub = ({ organizationId }: Published, id: ExecutionId) => executionOf(env, organizationId, id)
const gate = ({ organizationId, workflowId }: Published, key: string | null = 'acme') =>
  gateOf(env, organizationId, workflowId, { gate: 'concurrency', key })

function becomes(on: Published, id: ExecutionId, status: Execution['status']): Promise<Execution> {
  return eventually(async () => {
    const execution = await find(on, id)
    return execution.status === status ? execution : undefined
  })
}

const cancel = (on: Published, id: ExecutionId) => runtime().cancel(on.organizationId, id, 'usr_ada', 'not needed')

describe('whoever sweeps', () => {
  test('looks for one that waits, and whose gate does not know of it', async () => {
    const on = await publish(napping(byCustomer()))
    const first = await begin(on)
    await becomes(on, first, 'waiting')
    const id = await begin(on)
    const stored = () => executionStore(openDatabase(env.LOGS), on, undefined).find(id)
    await eventually(async () => ((await stored())?.summary.status === 'queued' ? true : undefined))
    // Nobody is left who would tell it: its process died, its alarm was given up, and its gate has lost it.
    await eventually(async () => ((await find(on, id)).queue?.position === 1 ? true : undefined))
    await gate(on).leave(on.organizationId, `${id}/1`)
    await cancel(on, first)
    await evictDurableObject(stub(on, id))
    await runInDurableObject(stub(on, id), (_, { storage }) => storage.deleteAlarm())
    await sweep(env, Date.now() + askAgainAfterMs / 2)
    expect((await find(on, id)).status).toBe('queued')
    await sweep(env, Date.now() + askAgainAfterMs + 120_000)
    await becomes(on, id, 'waiting')
  })
})

describe('one at a time', () => {
  test('others wait in the order in which they came, and say where they stand; each goes on as the one before ends', async () => {
    const on = await publish(napping(byCustomer()))
    const first = await begin(on)
    await becomes(on, first, 'waiting')
    const others: ExecutionId[] = []
    for (let count = 0; count < 3; count++) {
      const id = await begin(on)
      others.push(id)
      await eventually(async () => ((await find(on, id)).queue?.position === count + 1 ? true : undefined))
    }
    const last = await becomes(on, others[2]!, 'queued')
    expect(last.queue).toEqual({ gate: 'concurrency', key: 'acme', position: 3, waiting: 3, running: 1, limit: 1 })
    expect([last.steps, last.triggerData]).toEqual([[], { type: 'manual', data: { customer: 'acme' } }])
    // Another key has a queue of its own.
    await becomes(on, await begin(on, 'globex'), 'waiting')

    await cancel(on, first)
    await becomes(on, others[0]!, 'waiting')
    expect((await becomes(on, others[2]!, 'queued')).queue?.position).toBe(2)

    // One that is cancelled while it waits is over at once, and its place in the queue is free.
    expect(await cancel(on, others[1]!)).toBe('accepted')
    expect((await find(on, others[1]!)).status).toBe('cancelled')
    await eventually(async () => ((await find(on, others[2]!)).queue?.position === 1 ? true : undefined))
    await cancel(on, others[0]!)
    await becomes(on, others[2]!, 'waiting')
  })

  test('a list shows what is queued, and D1 what was skipped, with the reason', async () => {
    const on = await publish(napping(byCustomer({ maxWaiting: 1 })))
    const [running, waiting] = [await begin(on), await begin(on)]
    await becomes(on, waiting, 'queued')
    const skipped = await becomes(on, await begin(on), 'skipped')
    expect(skipped.failure).toMatchObject({ code: 'concurrency.queue_full' })
    const places = await runtime().findQueuePlaces(on.organizationId, [running, waiting, skipped.id])
    expect([...places]).toEqual([[waiting, expect.objectContaining({ position: 1, waiting: 1, running: 1 })]])
    const rows = await eventually(async () => {
      const { results } = await env.LOGS.prepare('SELECT id, status FROM executions WHERE workflow_id = ?')
        .bind(on.workflowId)
        .all<{ id: string; status: string }>()
      return results.length === 3 && results.some(({ status }) => status === 'skipped') ? results : undefined
    })
    expect(new Map(rows.map(({ id, status }) => [id, status]))).toEqual(
      new Map([
        [running, 'waiting'],
        [waiting, 'queued'],
        [skipped.id, 'skipped'],
      ]),
    )
  })

  test('drop skips the second; replace cancels the first, and both say why', async () => {
    const drop = await publish(napping(byCustomer({ policy: 'drop' })))
    await becomes(drop, await begin(drop), 'waiting')
    expect((await becomes(drop, await begin(drop), 'skipped')).failure?.code).toBe('concurrency.dropped')

    const replace = await publish(napping(byCustomer({ policy: 'replace' })))
    const old = await begin(replace)
    await becomes(replace, old, 'waiting')
    const young = await begin(replace)
    await becomes(replace, young, 'waiting')
    expect((await find(replace, old)).failure?.message).toContain(`Replaced by a newer execution, ${young}`)
    expect((await find(replace, old)).status).toBe('cancelled')
  })

  test('a failed one that is tried again waits for a place', async () => {
    const failing = {
      ...graph([node('start', 'trigger.manual'), node('ask', 'http.request', { url: 'not an address' })], 'start>ask'),
      settings: byCustomer(),
    }
    const on = await publish(failing)
    const failed = await begin(on)
    await becomes(on, failed, 'failed')
    // Somebody else has the place by now.
    await gate(on).offer(
      on.organizationId,
      { gate: 'concurrency', limit: 1, policy: 'queue', maxWaiting: 5 },
      { id: `${newId('execution')}/1`, at: Date.now() },
    )
    expect(await runtime().redrive(on.organizationId, failed, 'usr_ada')).toBe('accepted')
    expect((await becomes(on, failed, 'queued')).queue).toMatchObject({ position: 1, waiting: 1, running: 1 })
  })
})

describe('whoever dies', () => {
  test('a gate whose process dies knows who stands there; an execution whose process dies asks again', async () => {
    const on = await publish(napping(byCustomer()))
    const [first, second] = [await begin(on), await begin(on)]
    await becomes(on, second, 'queued')
    await evictDurableObject(gate(on))
    await evictDurableObject(stub(on, second))
    expect((await becomes(on, second, 'queued')).queue).toMatchObject({ position: 1, running: 1 })
    await runDurableObjectAlarm(stub(on, second))
    expect((await becomes(on, second, 'queued')).queue).toMatchObject({ position: 1, waiting: 1 })
    await evictDurableObject(gate(on))
    await cancel(on, first)
    await becomes(on, second, 'waiting')
  })

  test('a word that could not be brought is brought by the alarm', async () => {
    const on = await publish(napping(byCustomer()))
    const [first, second] = [await begin(on), await begin(on)]
    await becomes(on, second, 'queued')
    await becomes(on, first, 'waiting')
    // As the gate stands when it let the second in and died before it said so.
    await runInDurableObject(gate(on), (_, { storage }) => {
      storage.sql.exec('DELETE FROM places WHERE id = ?', `${first}/1`)
      storage.sql.exec("UPDATE places SET standing = 'inside', told = 0, seen_at = 0")
    })
    await evictDurableObject(gate(on))
    await runDurableObjectAlarm(gate(on))
    await becomes(on, second, 'waiting')
  })

  test('a place whose owner is over is found free, although nobody was told', async () => {
    const on = await publish(napping(byCustomer()))
    const [ghost, second] = [newId('execution'), await begin(on)]
    await becomes(on, second, 'waiting')
    const third = await begin(on)
    await becomes(on, third, 'queued')
    await eventually(async () => ((await find(on, third)).queue?.position === 1 ? true : undefined))
    // The place belongs to one that nobody knows; the real owner's was never written down.
    await runInDurableObject(gate(on), (_, { storage }) => {
      storage.sql.exec(
        'UPDATE places SET id = ?, seen_at = ? WHERE id = ?',
        `${ghost}/1`,
        Date.now() - leaseMs,
        `${second}/1`,
      )
    })
    await evictDurableObject(gate(on))
    await runDurableObjectAlarm(gate(on))
    await becomes(on, third, 'waiting')
  })

  test('G3: one that cannot be asked keeps no place of others, however many such there are', async () => {
    const on = await publish(napping(byCustomer({ limit: 26 })))
    const inside = await Promise.all(Array.from({ length: 26 }, () => begin(on)))
    await Promise.all(inside.map((id) => becomes(on, id, 'waiting')))
    const last = await begin(on)
    await becomes(on, last, 'queued')
    await eventually(async () => ((await find(on, last)).queue?.position === 1 ? true : undefined))
    // All are over for longer than they are taken at their word; of the first twenty-five the object cannot be opened.
    await runInDurableObject(gate(on), (_, { storage }) => {
      storage.sql.exec("UPDATE places SET seen_at = 0 WHERE standing = 'inside'")
      storage.sql.exec(`UPDATE places SET id = 'broken-' || id WHERE standing = 'inside' AND seq <= 25`)
      storage.sql.exec("UPDATE places SET id = ? WHERE standing = 'inside' AND seq = 26", `${newId('execution')}/1`)
    })
    await evictDurableObject(gate(on))
    await runDurableObjectAlarm(gate(on))
    await becomes(on, last, 'waiting')
    expect(await gate(on).count(on.organizationId)).toEqual({ running: 26, waiting: 0 })
    // It would ask them for as long as other tests run.
    await runInDurableObject(gate(on), (_, { storage }) => storage.deleteAll())
    await evictDurableObject(gate(on))
  })

  test('a gate at which nobody stands keeps nothing', async () => {
    const on = await publish(napping(byCustomer()))
    const only = await begin(on)
    await becomes(on, only, 'waiting')
    await cancel(on, only)
    const isEmpty = () =>
      runInDurableObject(gate(on), (_, { storage }) => {
        const [table] = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'places'").toArray()
        return table === undefined || storage.sql.exec('SELECT 1 FROM places').toArray().length === 0
      })
    await eventually(async () => ((await isEmpty()) ? true : undefined))
    await runDurableObjectAlarm(gate(on))
    await runInDurableObject(gate(on), async (_, { storage }) => {
      expect(storage.kv.get('facts')).toBeUndefined()
      expect(await storage.getAlarm()).toBeNull()
    })
  })

  test('G4: a gate answers nobody of another organization', async () => {
    const on = await publish(napping(byCustomer()))
    await expect(
      runInDurableObject(gate(on), (object) => object.standing(newId('organization'), 'exe_a/1')),
    ).rejects.toThrow('gate of another organization')
  })
})

describe('time', () => {
  /** Lets it be later than a gate believes. */
  async function makeDue(on: Published, kind: 'debounce' | 'throttle', facts: object) {
    const object = gateOf(env, on.organizationId, on.workflowId, { gate: kind, key: null })
    await runInDurableObject(object, (_, { storage }) => {
      storage.kv.put('facts', { ...storage.kv.get<object>('facts'), ...facts })
    })
    await evictDurableObject(object)
    await runDurableObjectAlarm(object)
  }

  test('of a burst one goes on, and the others say which', async () => {
    const on = await publish(napping({ debounce: { forMs: 600_000 } }))
    const ids: ExecutionId[] = []
    for (let count = 0; count < 4; count++) {
      const id = await begin(on)
      ids.push(id)
      await eventually(async () => ((await find(on, id)).queue?.position === 1 ? true : undefined))
    }
    const [last, ...others] = ids.toReversed()
    for (const [index, id] of others.entries()) {
      const { failure } = await becomes(on, id, 'skipped')
      expect(failure).toMatchObject({ code: 'debounce.merged', details: { by: [last, ...others][index] } })
    }
    expect(Date.parse((await find(on, last!)).queue!.nextAt!)).toBeGreaterThan(Date.now() + 300_000)
    await makeDue(on, 'debounce', { dueAt: Date.now() - 1 })
    await becomes(on, last!, 'waiting')
  })

  test('one more than may start waits until it may', async () => {
    const on = await publish(napping({ throttle: { limit: 1, perMs: 600_000 }, concurrency: { limit: 5 } }))
    await becomes(on, await begin(on), 'waiting')
    const second = await begin(on)
    await eventually(async () => ((await find(on, second)).queue?.position === 1 ? true : undefined))
    expect((await find(on, second)).queue).toMatchObject({ gate: 'throttle', waiting: 1, limit: 1 })
    await makeDue(on, 'throttle', { starts: [Date.now() - 600_001] })
    await becomes(on, second, 'waiting')
  })
})

describe('whatever starts it', () => {
  const answering = (settings: GraphSettings, respond = 'finished') => ({
    ...graph(
      [
        node('hook', 'trigger.webhook', { respond }),
        node('done', 'data.transform', { expression: 'trigger.body.n * 2' }),
      ],
      'hook>done',
    ),
    settings,
  })
  const post = (on: Published, body: object) =>
    exports.default.fetch(
      new Request(`https://leat.test/hooks/${on.hookKey}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )

  test('a sender that waits for its execution waits for its turn too', async () => {
    const on = await publish(answering({ concurrency: {} }))
    const answers = await Promise.all([1, 2, 3, 4].map((n) => post(on, { n })))
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([2, 4, 6, 8])
  })

  test('a sender whose execution is skipped is told so, and not to send it again', async () => {
    const on = await publish(answering({ throttle: { limit: 1, perMs: 60_000, policy: 'drop' } }))
    expect((await post(on, { n: 1 })).status).toBe(200)
    const answer = await post(on, { n: 2 })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ data: { status: 'skipped', code: 'throttle.dropped' } })
  })

  test('events that are answered at once wait as well', async () => {
    const on = await publish({
      ...napping({ concurrency: {} }),
      nodes: [
        node('start', 'trigger.webhook', {}),
        node('nap', 'flow.wait', nap),
        node('done', 'data.set', { fields: [] }),
      ],
    })
    const sent = await Promise.all(
      [1, 2].map(
        async (n) => (await (await post(on, { n })).json<{ data: { executionId: ExecutionId } }>()).data.executionId,
      ),
    )
    const statuses = async () =>
      (await Promise.all(sent.map((id) => runtime().findLive(on.organizationId, id))))
        .map((each) => each?.status)
        .toSorted((one, other) => String(one).localeCompare(String(other)))
    await eventually(async () => ((await statuses()).join() === 'queued,waiting' ? true : undefined), 15_000)
  })

  test('one whose key cannot be computed is skipped, and says so', async () => {
    const on = await publish(answering({ concurrency: { key: '{{ trigger.body.name.first() }}' } }))
    expect(await (await post(on, { n: 1, name: 7 })).json()).toMatchObject({
      data: { code: 'concurrency.key_invalid' },
    })
  })
})

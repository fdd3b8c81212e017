import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test, vi } from 'vitest'
import type { Graph } from '../../worker/contract/graph.ts'
import type { OrganizationId } from '../../worker/contract/id.ts'
import { executionIdFor, newId } from '../../worker/lib/id.ts'
import type { Env } from '../../worker/env.ts'
import type { AcceptedTrigger } from '../../worker/runtime/inbox/accepted-trigger.ts'
import { consumeDeadLetters, triesBeforeGivingUp } from '../../worker/runtime/queues/consume-dead-letters.ts'
import { inboxTable } from '../../worker/runtime/inbox/inbox-table.ts'
import { inboxOf } from '../../worker/runtime/inbox/inbox-stub.ts'
import type { InboxRefs } from '../../worker/runtime/queues/messages.ts'
import { inboxShards } from '../../worker/runtime/names.ts'
import { redeliver } from '../../worker/runtime/operations/redeliver.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { deadLetterStore, type StoredDeadLetter } from '../../worker/store/dead-letters.ts'
import { eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

//  start ──► pause
const waiting: Graph = graph(
  [node('start', 'trigger.manual'), node('pause', 'flow.wait', { mode: 'duration', duration: '1 hour' })],
  'start>pause',
)

/** Where no execution can be given its object. */
const broken: Env = {
  ...env,
  EXECUTIONS: {
    ...env.EXECUTIONS,
    getByName: () => {
      throw new Error('no objects today')
    },
  } as unknown as Env['EXECUTIONS'],
}

/** An event that lies in an inbox and that nobody has been told of. */
async function accepted(published: Published) {
  const { organizationId, workflowId, versionId } = published
  const trigger: AcceptedTrigger = {
    organizationId,
    eventId: newId('event'),
    at: Date.now(),
    source: { kind: 'start', workflowId, versionId, nodeId: 'start', triggerKind: 'manual' },
    data: { type: 'manual', data: {} },
  }
  const acceptance = await inboxOf(env, organizationId, 0).accept(organizationId, {
    key: trigger.eventId,
    windowMs: 60_000,
    bodyHash: 'a',
    id: trigger.eventId,
    at: trigger.at,
    kind: 'trigger',
    pending: JSON.stringify(trigger),
    answer: '[]',
    direct: true,
  })
  if (acceptance.kind !== 'accepted') throw new Error('not accepted')
  const refs: InboxRefs = { organizationId, shard: 0, refs: [acceptance.number] }
  const executionId = executionIdFor({ organizationId, workflowId, nodeId: 'start', eventId: trigger.eventId })
  return { trigger, refs, executionId }
}

/** Hands a message to the consumer of dead letters; says what became of it. */
async function deliver(bindings: Env, body: unknown, attempts: number): Promise<'acked' | 'again' | 'nothing'> {
  let outcome: 'acked' | 'again' | 'nothing' = 'nothing'
  const message = {
    id: 'm',
    timestamp: new Date(),
    body,
    attempts,
    ack: () => void (outcome = 'acked'),
    retry: () => void (outcome = 'again'),
  }
  await consumeDeadLetters({ queue: 'leat-dead-letters', messages: [message] } as unknown as MessageBatch, bindings)
  return outcome
}

/** Gives a letter back; says where it lies now. */
async function keptAgain(organizationId: OrganizationId, letter: StoredDeadLetter & { from: 'inbox' }) {
  await redeliver(env, organizationId, lostLetter(letter))
  for (let shard = 0; shard < inboxShards; shard++) {
    const numbers = await runInDurableObject(inboxOf(env, organizationId, shard), (_, { storage }) =>
      inboxTable(storage.sql)
        .list()
        .map(({ number }) => number),
    )
    if (numbers.length > 0) return { organizationId, shard, refs: numbers }
  }
  throw new Error('it was given back, and lies in no inbox')
}

const lostLetter = ({ payload, summary }: StoredDeadLetter & { from: 'inbox' }) =>
  ({ kind: 'event', payload, givenUpAt: Date.parse(summary.lastAt) }) as const

const lettersOf = ({ organizationId }: Published) =>
  deadLetterStore(openDatabase(env.LOGS), { organizationId }, undefined)
const pendingOf = async ({ organizationId, shard, refs }: InboxRefs) =>
  (await inboxOf(env, organizationId, shard).take(organizationId, refs)).rows.length

describe('a message that the queue gave up on', () => {
  test('is tried once more, and done when that works', async () => {
    const published = await publish(waiting)
    const { refs, executionId } = await accepted(published)
    expect(await deliver(env, refs, 1)).toBe('acked')
    expect(await runtime().findLive(published.organizationId, executionId)).toMatchObject({ status: 'waiting' })
    expect(await pendingOf(refs)).toBe(0)
    expect((await lettersOf(published).list({ limit: 10 })).items).toEqual([])
  })

  test('waits in its inbox while it may still help to try', async () => {
    const published = await publish(waiting)
    const { refs } = await accepted(published)
    for (let attempt = 1; attempt < triesBeforeGivingUp; attempt++) {
      expect(await deliver(broken, refs, attempt)).toBe('again')
    }
    expect(await pendingOf(refs)).toBe(1)
    expect((await lettersOf(published).list({ limit: 10 })).items).toEqual([])
  })

  test('I12, R8: is one dead letter after that, with its reason, and given back it begins what it was to begin', async () => {
    const published = await publish(waiting)
    const { organizationId } = published
    const { refs, trigger, executionId } = await accepted(published)
    expect(await deliver(broken, refs, triesBeforeGivingUp)).toBe('acked')
    expect(await deliver(broken, refs, triesBeforeGivingUp)).toBe('acked')
    expect(await pendingOf(refs)).toBe(0)
    const { items } = await lettersOf(published).list({ limit: 10 })
    expect(items).toMatchObject([
      { id: trigger.eventId, kind: 'event', attempts: triesBeforeGivingUp, workflowId: published.workflowId },
    ])
    expect(items[0]!.reason).toMatchObject({
      code: 'event.not_consumed',
      message: expect.stringContaining('no objects'),
    })

    const letter = await lettersOf(published).find(trigger.eventId)
    if (letter?.from !== 'inbox') throw new Error('no letter')
    const again = lostLetter(letter)
    await Promise.all([redeliver(env, organizationId, again), redeliver(env, organizationId, again)])
    await eventually(async () => {
      const execution = await runtime().findLive(organizationId, executionId)
      return execution?.status === 'waiting' ? execution : undefined
    })
  })

  test('I12: given up again after it was given back is a letter again, and can be given back again', async () => {
    // A graph of no release: the queue's own consumer cannot begin it either.
    const published = await publish({ version: 99, nodes: [], edges: [] } as unknown as Graph)
    const { organizationId } = published
    let { refs } = await accepted(published)
    for (let round = 1; round <= 3; round++) {
      expect([round, await deliver(env, refs, triesBeforeGivingUp)]).toEqual([round, 'acked'])
      const [summary] = (await lettersOf(published).list({ limit: 10 })).items
      const letter = summary && (await lettersOf(published).find(summary.id))
      if (letter?.from !== 'inbox') throw new Error(`no letter in round ${round}`)
      refs = await keptAgain(organizationId, letter)
      expect(await lettersOf(published).remove(letter)).toBe(true)
    }
  })

  test('D1: stays in its inbox while dead letters cannot be written either', async () => {
    const published = await publish(waiting)
    const { refs } = await accepted(published)
    const prepare = () => {
      throw new Error('no database today')
    }
    const worse = { ...broken, LOGS: { prepare, batch: prepare } as unknown as D1Database }
    expect(await deliver(worse, refs, triesBeforeGivingUp + 5)).toBe('again')
    expect(await pendingOf(refs)).toBe(1)
  })

  test('D2, R13: is no dead letter while a database is away, however often it is tried, unless that lasts for a day', async () => {
    const published = await publish(waiting)
    const { refs, executionId } = await accepted(published)
    const away = () => Promise.reject(new Error('D1_ERROR: the database is not there'))
    const statement = { bind: () => statement, all: away, run: away, first: away, raw: away }
    const DB = { prepare: () => statement, batch: away } as unknown as D1Database
    // Another secret is an isolate that has read nothing yet.
    const outage: Env = { ...env, DB, LEAT_SECRET: `${env.LEAT_SECRET} of a cold isolate` }
    for (const attempt of [1, triesBeforeGivingUp, triesBeforeGivingUp + 80]) {
      expect([attempt, await deliver(outage, refs, attempt)]).toEqual([attempt, 'again'])
    }
    expect(await pendingOf(refs)).toBe(1)
    expect((await lettersOf(published).list({ limit: 10 })).items).toEqual([])

    vi.setSystemTime(Date.now() + 86_400_000)
    expect(await deliver(outage, refs, triesBeforeGivingUp)).toBe('acked')
    vi.useRealTimers()
    const { items } = await lettersOf(published).list({ limit: 10 })
    expect(items).toMatchObject([{ kind: 'event', reason: { message: expect.stringContaining('not there') } }])
    expect(await runtime().findLive(published.organizationId, executionId)).toBeUndefined()
  })

  test('R8: that is none of ours holds up nothing', async () => {
    for (const body of [null, 'x', {}, { organizationId: 'org', shard: 'a', refs: [] }]) {
      expect(await deliver(env, body, 1)).toBe('acked')
    }
  })
})

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Execution } from '../../worker/contract/execution.ts'
import type { Graph, GraphNode } from '../../worker/contract/graph.ts'
import type { ExecutionId, VersionId } from '../../worker/contract/id.ts'
import { testLimits } from '../../worker/contract/facts/workflow-test.ts'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { forkJournal } from '../../worker/engine/fork/fork-journal.ts'
import { executionIdFor, newId } from '../../worker/lib/id.ts'
import { holdMs } from '../../worker/runtime/execution/next-alarm.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { isolateOf } from '../../worker/runtime/isolate.ts'
import { eraseObjects } from '../../worker/runtime/sweep.ts'
import { playFork } from '../../worker/simulate/play-fork.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { executionStore } from '../../worker/store/executions.ts'
import { actorsOf } from '../../worker/usecases/test/actors.ts'
import { eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

//  start ─► score ─► call ─► done
const calling = (path: string, settings?: GraphNode['settings']): Graph =>
  graph(
    [
      node('start', 'trigger.manual'),
      node('score', 'data.transform', { expression: 'trigger.data.n * 2' }),
      node('call', 'http.request', { method: 'POST', url: `https://sink.example.com${path}` }, settings),
      node('done', 'data.transform', { expression: '[steps.score, steps.call.status]' }),
    ],
    'start>score',
    'score>call',
    'call>done',
  )

const waiting = (after: GraphNode) =>
  graph(
    [node('start', 'trigger.manual'), node('nap', 'flow.wait', { mode: 'duration', duration: '2 seconds' }), after],
    'start>nap',
    `nap>${after.id}`,
  )

async function begin(published: Published): Promise<ExecutionId> {
  const trigger = { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: { n: 3 } } } as const
  return (await runtime().start({ ...published, trigger })).executionId
}

function ended({ organizationId }: Published, id: ExecutionId): Promise<Execution> {
  return eventually(async () => {
    const execution = await runtime().findLive(organizationId, id)
    return execution?.finishedAt === undefined ? undefined : execution
  })
}

async function fork(published: Published, origin: ExecutionId, path: string, edits?: object): Promise<ExecutionId> {
  const { organizationId, workflowId, versionId } = published
  const version = await isolateOf(env).plans.find(organizationId, versionId)
  const entries = (await runtime().findJournal(organizationId, origin))!
  const { plan } = version!
  const eventId = newId('event')
  const executionId = executionIdFor({ organizationId, workflowId, nodeId: 'fork', eventId })
  const made = forkJournal(
    entries,
    {
      executionId: origin,
      path,
      by: 'usr_ada',
      pretend: false,
      edits,
      originPlan: plan,
      plan,
      identity: { executionId, mode: 'production' },
    },
    Date.now(),
  )
  if (made.kind !== 'forked') throw new Error(made.kind)
  const start = { organizationId, executionId, eventId, acceptedAt: Date.now(), versionId, pretend: false }
  await runtime().beginFork({ ...start, entries: made.entries })
  await runtime().beginFork({ ...start, entries: made.entries })
  return executionId
}

const keysSentTo = async (name: string): Promise<string[]> =>
  (await fetch(`https://sink.example.com/ledger/${name}`)).json<string[]>()

describe('a fork', () => {
  test('makes its calls under keys of its own, once, and is in the database as what it is', async () => {
    const name = newId('event')
    const published = await publish(calling(`/ok/${name}`))
    const origin = await begin(published)
    await ended(published, origin)
    const id = await fork(published, origin, 'call', { outputs: { score: 60 } })
    const execution = await ended(published, id)
    expect([execution.status, execution.output]).toEqual(['completed', [60, 200]])
    expect(execution).toMatchObject({ trigger: 'fork', origin: { executionId: origin, path: 'call' } })
    const keys = await keysSentTo(name)
    expect([keys.length, new Set(keys).size]).toEqual([2, 2])
    const logs = executionStore(openDatabase(env.LOGS), published, undefined)
    const stored = await eventually(async () => {
      const found = await logs.find(id)
      return found?.summary.status === 'completed' ? found : undefined
    })
    expect(stored.summary.trigger).toBe('fork')
    expect((JSON.parse(stored.journal) as JournalEntry[])[0]!.events[0]!.type).toBe('started')
  })

  test('goes on after its object was evicted, and leaves its origin alone', async () => {
    const published = await publish(waiting(node('done', 'data.set', { fields: [] })))
    const origin = await begin(published)
    const before = await runtime().findJournal(published.organizationId, origin)
    const id = await fork(published, origin, 'nap')
    await evictDurableObject(executionOf(env, published.organizationId, id))
    expect((await runtime().findLive(published.organizationId, id))?.origin?.executionId).toBe(origin)
    expect((await runtime().findJournal(published.organizationId, origin))!.slice(0, before!.length)).toEqual(before)
  })
})

describe('a pretended fork', () => {
  test('is kept as a record of what it is, and has no object that could do anything', async () => {
    const name = newId('event')
    const published = await publish(calling(`/ok/${name}`))
    const { organizationId, workflowId, versionId } = published
    const origin = await begin(published)
    await ended(published, origin)
    const { plan, graph: drawn } = (await isolateOf(env).plans.find(organizationId, versionId))!
    const entries = (await runtime().findJournal(organizationId, origin))!
    const identity = { executionId: origin, mode: 'test' }
    const wish = { executionId: origin, path: 'call', by: 'usr_ada', pretend: true, originPlan: plan, plan, identity }
    const made = forkJournal(entries, wish, Date.now())
    if (made.kind !== 'forked') throw new Error(made.kind)
    const { state, recorded } = made
    const actors = actorsOf(drawn, plan)
    const more = playFork({ plan, state, executionId: origin, recorded, actors, steps: {} }, testLimits)
    const eventId = newId('event')
    const id = executionIdFor({ organizationId, workflowId, nodeId: 'fork', eventId })
    const start = { organizationId, executionId: id, eventId, acceptedAt: Date.now(), versionId, pretend: true }
    await runtime().beginFork({ ...start, entries: [...made.entries, ...more] })
    const shown = await runtime().findLive(organizationId, id)
    expect(shown ?? { status: 'completed' }).toMatchObject({ status: 'completed' })
    const logs = executionStore(openDatabase(env.LOGS), published, undefined)
    const { summary } = await eventually(() => logs.find(id))
    expect([summary.status, summary.trigger]).toEqual(['completed', 'pretend_fork'])
    expect(await executionOf(env, organizationId, id).view(organizationId)).toBeUndefined()
    expect(await keysSentTo(name)).toHaveLength(1)
    expect(await runtime().redrive(organizationId, id, 'ada')).toBe('pretended')
    expect(await keysSentTo(name)).toHaveLength(1)
  })
})

describe('retrying with edits', () => {
  test('sends what was edited, and refuses what no step would read', async () => {
    const name = newId('event')
    const published = await publish(calling('/status/404/gone', { retry: { maxRetries: 0 } }))
    const { organizationId } = published
    const id = await begin(published)
    expect((await ended(published, id)).status).toBe('failed')
    const vain = await runtime().redrive(organizationId, id, 'ada', { outputs: { done: 1 } })
    expect(vain).toEqual({ problems: [{ path: 'outputs.done', message: 'is not read by any step that comes' }] })
    const input = { method: 'POST', url: `https://sink.example.com/ok/${name}` }
    expect(await runtime().redrive(organizationId, id, 'ada', { inputs: { call: input } })).toBe('accepted')
    const execution = await eventually(async () => {
      const found = await runtime().findLive(organizationId, id)
      return found?.status === 'completed' ? found : undefined
    })
    expect(execution.generation).toBe(2)
    expect(await keysSentTo(name)).toHaveLength(1)
  })
})

describe('retrying one that has no object any more', () => {
  /** Whether anything is left where its object was. */
  const isThere = ({ organizationId }: Published, id: ExecutionId) =>
    runInDurableObject(executionOf(env, organizationId, id), async (_, { storage }) => {
      const tables = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'journal'").toArray()
      return tables.length > 0 || (await storage.getAlarm()) !== null
    })

  async function endedAndErased(drawn: Graph): Promise<[Published, ExecutionId]> {
    const published = await publish(drawn)
    const id = await begin(published)
    await ended(published, id)
    const logs = executionStore(openDatabase(env.LOGS), published, undefined)
    await eventually(async () => ((await logs.find(id))?.summary.finishedAt === undefined ? undefined : true))
    await eraseObjects(env, Date.now() + holdMs + 1_000)
    expect(await isThere(published, id)).toBe(false)
    return [published, id]
  }

  test('leaves nothing behind where there is nothing to go on from, or what is to be edited is not there', async () => {
    const [on, id] = await endedAndErased(calling(`/ok/${newId('event')}`))
    expect(await runtime().redrive(on.organizationId, id, 'ada')).toBe('nothing_failed')
    expect(await isThere(on, id)).toBe(false)
    const [failed, other] = await endedAndErased(calling('/status/404/gone', { retry: { maxRetries: 0 } }))
    const vain = await runtime().redrive(failed.organizationId, other, 'ada', { outputs: { done: 1 } })
    expect(vain).toMatchObject({ problems: [{ path: 'outputs.done' }] })
    expect(await isThere(failed, other)).toBe(false)
  })

  test('goes on from its failed step, and is there again', async () => {
    const name = newId('event')
    const [on, id] = await endedAndErased(calling('/status/404/gone', { retry: { maxRetries: 0 } }))
    const input = { method: 'POST', url: `https://sink.example.com/ok/${name}` }
    expect(await runtime().redrive(on.organizationId, id, 'ada', { inputs: { call: input } })).toBe('accepted')
    await evictDurableObject(executionOf(env, on.organizationId, id))
    await eventually(async () => {
      const found = await runtime().findLive(on.organizationId, id)
      return found?.status === 'completed' && found.generation === 2 ? true : undefined
    })
    expect(new Set(await keysSentTo(name)).size).toBe(1)
    expect(await isThere(on, id)).toBe(true)
  })
})

describe('migrating', () => {
  async function secondVersion({ organizationId, workflowId }: Published, drawn: Graph): Promise<VersionId> {
    const id = newId('version')
    await env.DB.prepare(
      `INSERT INTO versions (id, organization_id, workflow_id, number, hash, note, published_by, published_at, name, graph)
       VALUES (?, ?, ?, 2, ?, '', ?, 0, 'Test', ?)`,
    )
      .bind(id, organizationId, workflowId, id, newId('user'), JSON.stringify(drawn))
      .run()
    return id
  }

  test('has an execution that waits go on with the other version, from its own storage too', async () => {
    const published = await publish(waiting(node('done', 'data.transform', { expression: '"old"' })))
    const { organizationId, workflowId } = published
    const id = await begin(published)
    const versionId = await secondVersion(published, waiting(node('after', 'data.transform', { expression: '"new"' })))
    const wish = { by: 'usr_ada', workflowId, versionId }
    expect(await runtime().migrate(organizationId, id, { ...wish, preview: true })).toEqual({
      kind: 'movable',
      waitsAt: ['nap'],
    })
    expect(await runtime().migrate(organizationId, id, { ...wish, preview: false })).toEqual({ kind: 'moved' })
    expect(await runtime().migrate(organizationId, id, { ...wish, preview: false })).toEqual({ kind: 'already' })
    await evictDurableObject(executionOf(env, organizationId, id))
    const moved = await runtime().findLive(organizationId, id)
    expect(moved).toMatchObject({
      versionId,
      versionNumber: 2,
      migrations: [{ by: 'usr_ada', fromNumber: 1, toNumber: 2 }],
    })
    const execution = await ended(published, id)
    expect([execution.status, execution.output]).toEqual(['completed', 'new'])
    const logs = executionStore(openDatabase(env.LOGS), published, undefined)
    const summary = await eventually(async () => {
      const found = (await logs.find(id))?.summary
      return found?.status === 'completed' ? found : undefined
    })
    expect([summary.versionId, summary.versionNumber]).toEqual([versionId, 2])
  })

  test('leaves one alone that does not fit, that is over, or is another workflow’s', async () => {
    const published = await publish(waiting(node('done', 'data.set', { fields: [] })))
    const { organizationId, workflowId } = published
    const id = await begin(published)
    const versionId = await secondVersion(published, graph([node('start', 'trigger.manual')]))
    const wish = { by: 'usr_ada', workflowId, versionId, preview: false }
    expect(await runtime().migrate(organizationId, id, wish)).toMatchObject({
      kind: 'misfit',
      misfits: [{ code: 'step_gone', path: 'nap' }],
    })
    const other = await publish(waiting(node('done', 'data.set', { fields: [] })), organizationId)
    expect(await runtime().migrate(organizationId, await begin(other), wish)).toEqual({ kind: 'over' })
    await runtime().cancel(organizationId, id, 'ada', '')
    expect(await runtime().migrate(organizationId, id, wish)).toEqual({ kind: 'over' })
  })
})

// Executions whose journals reach D1 in runs, on real objects, inboxes and queues.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ExecutionId, OrganizationId } from '../../worker/contract/id.ts'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { holdMs } from '../../worker/runtime/execution/next-alarm.ts'
import { runRule } from '../../worker/runtime/records/record-text.ts'
import { snapshotRule } from '../../worker/runtime/execution/snapshots.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { findAccepted } from '../../worker/runtime/inbox/find-accepted.ts'
import { inboxOf } from '../../worker/runtime/inbox/inbox-stub.ts'
import { inboxTable } from '../../worker/runtime/inbox/inbox-table.ts'
import { isolateOf } from '../../worker/runtime/isolate.ts'
import { shardOf } from '../../worker/runtime/names.ts'
import { eraseObjects } from '../../worker/runtime/sweep.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { executionStore } from '../../worker/store/executions.ts'
import { rowText } from '../../worker/store/records.ts'
import { eventually, graph, node, publish, runtime } from '../support/published.ts'

beforeEach(() => {
  isolateOf(env).runRule = { longFrom: 200, turns: 1, shortest: 0 }
  isolateOf(env).snapshotRule = { characters: 100, turns: 3, share: 100 }
})
afterEach(() => {
  isolateOf(env).runRule = runRule
  isolateOf(env).snapshotRule = snapshotRule
})

const waiting = graph(
  [
    node('start', 'trigger.manual'),
    node('pause', 'flow.wait', { mode: 'duration', duration: '1 hour' }),
    node('done', 'data.set', { fields: [] }),
  ],
  'start>pause',
  'pause>done',
)

const partsOf = async (id: ExecutionId) =>
  (
    await env.LOGS.prepare('SELECT part, text FROM journals WHERE execution_id = ? ORDER BY part')
      .bind(id)
      .all<{ part: number; text: string }>()
  ).results

async function begin() {
  const { organizationId, ...published } = await publish(waiting)
  const { executionId: id } = await runtime().start({
    ...published,
    organizationId,
    trigger: { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: {} } },
  })
  return { organizationId, id, object: () => executionOf(env, organizationId, id) }
}

/** The journal of its object, once D1 has all of it. */
function shownWhole(organizationId: OrganizationId, id: ExecutionId): Promise<JournalEntry[]> {
  return eventually(async () => {
    const kept = JSON.parse((await executionOf(env, organizationId, id).journal(organizationId))!) as JournalEntry[]
    const stored = await executionStore(openDatabase(env.LOGS), { organizationId }, undefined).find(id)
    const shown = JSON.parse(stored?.journal ?? '[]') as JournalEntry[]
    if (shown.length < kept.length) return undefined
    expect(shown).toEqual(kept)
    return kept
  })
}

/** Two turns, each shown before the next, by a process of its own. */
async function pauseAndResume({ organizationId, id, object }: Awaited<ReturnType<typeof begin>>): Promise<void> {
  for (const type of ['pause', 'resume'] as const) {
    await evictDurableObject(object())
    expect(await object().control(organizationId, { type, by: 'ada' })).toBe('accepted')
    await shownWhole(organizationId, id)
  }
}

describe('a long execution', () => {
  test('hands over what D1 does not have, and is read as one from there', async () => {
    const execution = await begin()
    const { organizationId, id } = execution
    for (let round = 0; round < 2; round++) await pauseAndResume(execution)
    const journal = await shownWhole(organizationId, id)
    expect(journal.map(({ seq }) => seq)).toEqual(journal.map((_, index) => index + 1))
    const [first, ...runs] = await partsOf(id)
    expect(first?.part).toBe(0)
    expect(runs.length).toBeGreaterThan(1)
    for (const { text } of runs) expect(JSON.parse(text)).toHaveLength(1)
  })

  test('is whole in D1 when its object is gone, and goes on from there in another generation', async () => {
    const execution = await begin()
    const { organizationId, id, object } = execution
    await pauseAndResume(execution)
    expect(await object().cancel(organizationId, 'ada', 'enough')).toBe('accepted')
    const before = await shownWhole(organizationId, id)
    await eraseObjects(env, Date.now() + 2 * holdMs)
    expect(await object().isThere(organizationId)).toBe(false)
    expect(await runtime().redrive(organizationId, id, 'ada')).toBe('accepted')
    const after = await shownWhole(organizationId, id)
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.length).toBeGreaterThan(before.length)
    expect(await object().control(organizationId, { type: 'pause', by: 'ada' })).toBe('accepted')
    expect((await shownWhole(organizationId, id)).length).toBe(after.length + 1)
  })

  test('is found whole while the last of it lies in an inbox', async () => {
    const execution = await begin()
    const { organizationId, id, object } = execution
    await pauseAndResume(execution)
    const journal = await shownWhole(organizationId, id)
    const { workflowId, versionId } = JSON.parse((await object().view(organizationId))!)
    const next: JournalEntry = { seq: journal.length + 1, at: Date.now(), events: [] }
    const record = rowText({
      organizationId,
      id,
      workflowId,
      workflowName: 'Any',
      versionId,
      versionNumber: 1,
      status: 'waiting',
      triggerKind: 'manual',
      eventId: 'evt_any' as never,
      generation: 1,
      seq: next.seq,
      acceptedAt: 1,
      finishedAt: null,
      wakeAt: null,
      objectUntil: null,
      stepCount: 1,
      failure: null,
      journal: [next],
      from: next.seq,
    })
    // Nobody brings it to D1: its inbox has not been told of it.
    await runInDurableObject(inboxOf(env, organizationId, shardOf(id)), (_, { storage }) => {
      const table = inboxTable(storage.sql)
      table.keep([{ number: table.nextNumber(), kind: 'records', executionIds: id, text: record }])
    })
    const accepted = await findAccepted(env, organizationId, id)
    expect(accepted?.entries).toEqual([...journal, next])
  })

  test.each([
    ['short', runRule],
    ['large, and of few turns', { ...runRule, longFrom: 0 }],
  ])('that is %s hands over all of it, in one part', async (_, rule) => {
    isolateOf(env).runRule = rule
    const execution = await begin()
    await pauseAndResume(execution)
    expect(await partsOf(execution.id)).toHaveLength(1)
  })
})

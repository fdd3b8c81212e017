// Executions with a snapshot, on real objects: what a wake reads of them, and what it does where a snapshot is no good.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ExecutionId } from '../../worker/contract/id.ts'
import { freeze, stateFormat } from '../../worker/engine/snapshot.ts'
import { newState } from '../../worker/engine/state.ts'
import { journalTable } from '../../worker/runtime/execution/journal-table.ts'
import { snapshotRule } from '../../worker/runtime/execution/snapshots.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { isolateOf } from '../../worker/runtime/isolate.ts'
import { graph, node, publish, runtime, type Published } from '../support/published.ts'

beforeEach(() => void (isolateOf(env).snapshotRule = { characters: 100, turns: 3, share: 100 }))
afterEach(() => void (isolateOf(env).snapshotRule = snapshotRule))

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

/** One that waits, and was paused and resumed so often: two turns each. */
async function longOne(times: number) {
  const published = await publish(waiting)
  const { organizationId } = published
  const id = await begin(published)
  const object = () => executionOf(env, organizationId, id)
  for (let round = 0; round < times; round++) {
    expect(await object().control(organizationId, { type: 'pause', by: 'ada' })).toBe('accepted')
    expect(await object().control(organizationId, { type: 'resume', by: 'ada' })).toBe('accepted')
  }
  const inStorage = <Result>(look: (sql: SqlStorage) => Result): Promise<Result> =>
    runInDurableObject(object(), (_, { storage }) => look(storage.sql))
  return { organizationId, id, object, inStorage }
}

const seqs = (sql: SqlStorage) =>
  sql
    .exec<{ seq: number }>('SELECT seq FROM journal ORDER BY seq')
    .toArray()
    .map(({ seq }) => seq)

describe('an execution with a long journal', () => {
  test('wakes from its snapshot and the turns since, and reads no others', async () => {
    const { object, organizationId, inStorage } = await longOne(4)
    const [snapshot, ...turns] = await inStorage(seqs)
    expect(snapshot).toBeLessThan(-3)
    expect(turns[0]).toBe(0)
    const last = turns.at(-1)!
    const kept = await inStorage((sql) => journalTable(sql).read()!)
    expect(kept.snapshot?.seq).toBe(-snapshot!)
    expect(kept.init.entries.map(({ seq }) => seq)).toEqual(
      Array.from({ length: last + snapshot! }, (_, index) => 1 - snapshot! + index),
    )
    // Whoever needed what the snapshot stands for would not find it any more.
    await inStorage((sql) => sql.exec('DELETE FROM journal WHERE seq > 0 AND seq <= ?', -snapshot!).toArray())
    await evictDurableObject(object())
    expect(await object().wait(organizationId, { until: 'now' })).toMatchObject({ status: 'waiting' })
    expect(await object().control(organizationId, { type: 'pause', by: 'ada' })).toBe('accepted')
    expect(await object().wait(organizationId, { until: 'now' })).toMatchObject({ status: 'paused' })
    expect((await inStorage(seqs)).at(-1)).toBe(last + 1)
  })

  test('is shown with all of its turns after a wake', async () => {
    const { object, organizationId, inStorage } = await longOne(4)
    const turns = (await inStorage(seqs)).at(-1)!
    await evictDurableObject(object())
    const journal = JSON.parse((await object().journal(organizationId))!) as { seq: number }[]
    expect(journal.map(({ seq }) => seq)).toEqual(Array.from({ length: turns }, (_, index) => index + 1))
    const execution = JSON.parse((await object().view(organizationId))!) as { status: string; steps: object[] }
    expect(execution).toMatchObject({ status: 'waiting', steps: [{ nodeId: 'start' }, { nodeId: 'pause' }] })
  })

  test.each([
    ['of another format', `${stateFormat + 1}\n{}`],
    ['that is cut off', freeze(newState()).slice(0, 40)],
    ['of another turn', freeze(newState())],
  ])('goes on by its journal where the snapshot is one %s', async (_, text) => {
    const { object, organizationId, inStorage } = await longOne(4)
    const before = await inStorage(seqs)
    await inStorage((sql) => sql.exec('UPDATE journal SET text = ? WHERE seq < 0', text).toArray())
    await evictDurableObject(object())
    expect(await object().control(organizationId, { type: 'pause', by: 'ada' })).toBe('accepted')
    expect(await object().wait(organizationId, { until: 'now' })).toMatchObject({ status: 'paused' })
    const after = await inStorage(seqs)
    expect(after.at(-1)).toBe(before.at(-1)! + 1)
    // And has one of its own again.
    expect(after[0]).toBe(-after.at(-1)!)
    expect(await inStorage((sql) => journalTable(sql).read()?.snapshot?.text.slice(0, 2))).toBe(`${stateFormat}\n`)
  })

  test('that is short, or over, writes one row for each turn and nothing else', async () => {
    isolateOf(env).snapshotRule = snapshotRule
    const { object, organizationId, inStorage } = await longOne(6)
    expect((await inStorage(seqs))[0]).toBe(0)
    isolateOf(env).snapshotRule = { characters: 1, turns: 1, share: 100 }
    expect(await object().cancel(organizationId, 'ada', 'enough')).toBe('accepted')
    expect((await inStorage(seqs))[0]).toBe(0)
  })
})

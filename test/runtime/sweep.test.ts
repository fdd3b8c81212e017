// What the sweeper does with many, some of which cannot be helped.

import { env } from 'cloudflare:workers'
import { beforeEach, expect, test } from 'vitest'
import type { Env } from '../../worker/env.ts'
import { newId } from '../../worker/lib/id.ts'
import { eraseObjects } from '../../worker/runtime/sweep.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { listErasable, listOverdue } from '../../worker/store/executions.ts'
import { toRow, writeRecords, type ExecutionRecord } from '../../worker/store/records.ts'

const organizationId = newId('organization')
const logs = openDatabase(env.LOGS)
const now = Date.now()

beforeEach(async () => {
  await env.LOGS.prepare('DELETE FROM executions').run()
})

/** Executions of one organization, the oldest first. */
async function write(count: number, what: Pick<ExecutionRecord, 'status' | 'finishedAt'>, at: object) {
  const records = Array.from({ length: count }, (_, index) => ({
    organizationId,
    id: newId('execution'),
    workflowId: newId('workflow'),
    workflowName: 'Any',
    versionId: newId('version'),
    versionNumber: 1,
    triggerKind: 'manual' as const,
    eventId: newId('event'),
    generation: 1,
    seq: 1,
    acceptedAt: 1,
    wakeAt: null,
    objectUntil: null,
    stepCount: 0,
    failure: null,
    journal: [],
    ...what,
    ...Object.fromEntries(Object.entries(at).map(([name, from]) => [name, from + index])),
  }))
  await writeRecords(env.LOGS, records.map(toRow))
  return records.map(({ id }) => id)
}

/** An environment in which the objects of these cannot be erased: they say so, or cannot be reached. */
function withStuck(stuck: readonly string[], asked: string[]): Env {
  const getByName = (name: string) => ({
    erase: async () => {
      const index = stuck.findIndex((id) => name.includes(id))
      asked.push(name)
      if (index % 30 === 1) throw new Error('object not reached')
      return index < 0
    },
  })
  return { LOGS: env.LOGS, EXECUTIONS: { getByName } } as unknown as Env
}

const left = async (at: number) => (await listErasable(logs, at, 1_000)).map(({ id }) => id)

test('objects that cannot be erased stand before nobody else, and are asked again ten minutes later', async () => {
  const ids = await write(200, { status: 'completed', finishedAt: now }, { objectUntil: now - 1_000 })
  const stuck = ids.slice(0, 60)
  const asked: string[] = []
  await eraseObjects(withStuck(stuck, asked), now)
  expect(asked).toHaveLength(200)
  expect(await left(now)).toEqual([])
  await eraseObjects(withStuck(stuck, asked), now + 60_000)
  expect(asked).toHaveLength(200)
  expect((await left(now + 600_000)).sort()).toEqual(stuck.toSorted())
  await eraseObjects(withStuck([], asked), now + 600_000)
  expect(await left(now + 9_000_000)).toEqual([])
})

test('of many that are overdue everybody is poked before long, the longest overdue first', async () => {
  const ids = await write(12, { status: 'waiting', finishedAt: null }, { wakeAt: now - 1_000 })
  expect((await listOverdue(logs, now, 13)).map(({ id }) => id)).toEqual(ids)
  const poked = new Set<string>()
  // Each of the nine others is left out of a draw in two cases of three: of all of these once in a hundred million.
  for (let minute = 0; minute < 50; minute++) {
    const some = (await listOverdue(logs, now, 6)).map(({ id }) => id)
    expect(some.slice(0, 3)).toEqual(ids.slice(0, 3))
    expect(new Set(some).size).toBe(6)
    for (const id of some) poked.add(id)
  }
  expect(poked.size).toBe(12)
})

// Executions that wait at a gate, as whoever sweeps finds them: a few at a time, whatever else there is.

import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { ExecutionStatus } from '../../worker/contract/execution.ts'
import { newId } from '../../worker/lib/id.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { executionStore, listOverdue, listQueued, listWakingSoon, putOffQueued } from '../../worker/store/executions.ts'
import { toRow, writeRecords } from '../../worker/store/records.ts'

const organizationId = newId('organization')
const logs = openDatabase(env.LOGS)

async function write(status: ExecutionStatus, wakeAt: number) {
  const id = newId('execution')
  const record = {
    organizationId,
    id,
    workflowId: newId('workflow'),
    workflowName: 'Any',
    versionId: newId('version'),
    versionNumber: 1,
    status,
    triggerKind: 'manual' as const,
    eventId: newId('event'),
    generation: 1,
    seq: 1,
    acceptedAt: 1,
    finishedAt: null,
    wakeAt,
    objectUntil: null,
    stepCount: 0,
    failure: null,
    journal: [],
  }
  await writeRecords(env.LOGS, [toRow(record)])
  return { organizationId, id }
}

test('those not looked at for longest come first, and again when it is their turn; nobody else waits behind them', async () => {
  const [late, early, soon] = [await write('queued', 300), await write('queued', 100), await write('queued', 2_000)]
  const waiting = await write('waiting', 400)
  expect(await listOverdue(logs, 1_000, 1)).toEqual([waiting])
  expect(await listWakingSoon(logs, organizationId, 1_000, 1)).toEqual([waiting.id])
  expect(await listQueued(logs, 1_000, 1)).toEqual([early])
  await putOffQueued(logs, [early], 1_600)
  expect(await listQueued(logs, 1_000, 9)).toEqual([late])
  expect(await listQueued(logs, 3_000, 9)).toEqual([late, early, soon])
  // One that has gone on meanwhile is not touched, nor what people are told of one that has not.
  await putOffQueued(logs, [waiting], 9_000)
  expect(await listOverdue(logs, 1_000, 1)).toEqual([waiting])
  const found = await executionStore(logs, { organizationId }, undefined).find(early.id)
  expect(found?.summary.wakeAt).toBeUndefined()
})

test('each list has an index of its own, so that a long queue costs neither', async () => {
  const plan = async (where: string) => {
    const text = `EXPLAIN QUERY PLAN SELECT id FROM executions WHERE ${where} AND wake_at > 0 AND wake_at < 9 ORDER BY wake_at`
    const { results } = await env.LOGS.prepare(text).all<{ detail: string }>()
    return results.map(({ detail }) => detail).join()
  }
  expect(await plan(`status = 'queued'`)).toContain('executions_queued')
  expect(await plan(`finished_at IS NULL AND status <> 'queued'`)).toContain('executions_live')
})

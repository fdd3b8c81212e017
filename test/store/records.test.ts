import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { OrganizationId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { executionStore } from '../../worker/store/executions.ts'
import {
  joinRows,
  parseRow,
  parseRows,
  rowText,
  toRow,
  writeRecords,
  type ExecutionRecord,
} from '../../worker/store/records.ts'

const organizationId: OrganizationId = newId('organization')

function record(over: Partial<ExecutionRecord> = {}): ExecutionRecord {
  return {
    organizationId,
    id: newId('execution'),
    workflowId: newId('workflow'),
    workflowName: 'Any',
    versionId: newId('version'),
    versionNumber: 1,
    status: 'completed',
    triggerKind: 'manual',
    eventId: newId('event'),
    generation: 1,
    seq: 1,
    acceptedAt: 1,
    finishedAt: 2,
    wakeAt: null,
    objectUntil: null,
    stepCount: 1,
    failure: null,
    journal: [{ seq: 1 }],
    ...over,
  }
}

const write = (...records: ExecutionRecord[]) => writeRecords(env.LOGS, records.map(toRow))
const find = (id: ExecutionRecord['id']) =>
  executionStore(openDatabase(env.LOGS), { organizationId }, undefined).find(id)

test('a record that comes twice, or late, changes nothing', async () => {
  const first = record({ status: 'waiting', finishedAt: null, wakeAt: 9 })
  const second = { ...first, seq: 2, status: 'completed' as const, finishedAt: 3, journal: [{ seq: 1 }, { seq: 2 }] }
  await write(second)
  await write(first, second)
  const found = await find(first.id)
  expect([found?.summary.status, found?.journal]).toEqual(['completed', '[{"seq":1},{"seq":2}]'])
})

test('of two records that come together the newer one stays, with its journal, whichever comes first', async () => {
  const first = record({ status: 'waiting', finishedAt: null, wakeAt: 9 })
  const second = { ...first, seq: 2, status: 'completed' as const, finishedAt: 3, journal: [{ seq: 1 }, { seq: 2 }] }
  await write(second, first)
  const found = await find(first.id)
  expect([found?.summary.status, found?.journal]).toEqual(['completed', '[{"seq":1},{"seq":2}]'])
})

test('a new generation replaces the one that failed, though it counts fewer turns', async () => {
  const failure = { kind: 'terminal' as const, code: 'no', message: 'No.' }
  const failed = record({ status: 'failed', seq: 9, failure })
  await write(failed)
  expect((await find(failed.id))?.summary.failure).toEqual(failure)
  await write({ ...failed, status: 'running', generation: 2, seq: 3, failure: null })
  const found = await find(failed.id)
  expect([found?.summary.status, found?.summary.generation, found?.summary.failure]).toEqual(['running', 2, undefined])
})

test('a journal larger than a value of the database is kept whole', async () => {
  const text = 'ü'.repeat(1_500_000)
  const large = record({ journal: [{ text }] })
  await write(large)
  const found = await find(large.id)
  expect(JSON.parse(found?.journal ?? '')).toEqual([{ text }])
})

test.each([0, 1])('no character is cut in two where a journal is cut, begins it %i later', async (pad) => {
  const text = 'a'.repeat(pad) + '😀'.repeat(700_000)
  const large = record({ journal: [text] })
  await write(large)
  expect((await find(large.id))?.journal === JSON.stringify([text])).toBe(true)
})

test('many lists are written in few statements, and each record is found', async () => {
  const records = Array.from({ length: 300 }, (_, index) => record({ journal: [{ index, pad: 'x'.repeat(5_000) }] }))
  await writeRecords(env.LOGS, records.map(toRow))
  for (const { id, journal } of [records[0]!, records[150]!, records[299]!]) {
    expect(JSON.parse((await find(id))?.journal ?? '')).toEqual(journal)
  }
})

test('a record is read from text as it was, alone and among others, and as earlier releases wrote it', () => {
  const one = record({ journal: [{ seq: 1, say: 'a line\nand "another"\u2028' }] })
  const other = record({ journal: [] })
  expect(parseRow(rowText(one))).toEqual(toRow(one))
  expect(parseRows(joinRows([rowText(one), rowText(other)]))).toEqual([toRow(one), toRow(other)])
  expect(parseRow(JSON.stringify(toRow(one)))).toEqual(toRow(one))
  expect(parseRows(JSON.stringify([toRow(one), toRow(other)]))).toEqual([toRow(one), toRow(other)])
})

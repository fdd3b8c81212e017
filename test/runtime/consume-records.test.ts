import { env } from 'cloudflare:workers'
import { expect, test, vi } from 'vitest'
import type { OrganizationId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import type { Env } from '../../worker/env.ts'
import { consumeRecords } from '../../worker/runtime/queues/consume-records.ts'
import type { RecordsMessage } from '../../worker/runtime/queues/messages.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { executionStore } from '../../worker/store/executions.ts'
import { joinRows, rowText, type ExecutionRecord } from '../../worker/store/records.ts'

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
    journal: [],
    ...over,
  }
}

function message(records: string) {
  const body: RecordsMessage = { v: 2, organizationId, shard: 0, refs: [999_999], records }
  return {
    id: newId('event'),
    timestamp: new Date(),
    attempts: 1,
    body,
    ack: vi.fn<() => void>(),
    retry: vi.fn<() => void>(),
  }
}

const batchOf = (messages: ReturnType<typeof message>[]) =>
  ({ queue: 'leat-records', messages }) as unknown as MessageBatch<RecordsMessage>

const find = (id: ExecutionRecord['id']) =>
  executionStore(openDatabase(env.LOGS), { organizationId }, undefined).find(id)

test('R8: a record that D1 never takes, or that is none, holds up no other', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const [first, last] = [record(), record()]
  const poison = record({ workflowName: null as never })
  const messages = [first, poison, last].map((one) => message(joinRows([rowText(one)])))
  const garbage = message('[not json')
  await consumeRecords(batchOf([...messages, garbage]), env)
  expect((await find(first.id))?.summary.status).toBe('completed')
  expect((await find(last.id))?.summary.status).toBe('completed')
  expect(messages.map(({ ack }) => ack.mock.calls.length)).toEqual([1, 0, 1])
  expect([...messages, garbage].map(({ retry }) => retry.mock.calls.length)).toEqual([0, 1, 0, 1])
})

test('while D1 is away nothing is tried one by one', async () => {
  const batch = vi.fn(() => Promise.reject(new Error('D1_ERROR: Network connection lost.')))
  const away = { ...env, LOGS: { prepare: (sql: string) => env.LOGS.prepare(sql), batch } } as unknown as Env
  const messages = [record(), record()].map((one) => message(joinRows([rowText(one)])))
  await expect(consumeRecords(batchOf(messages), away)).rejects.toThrow('Network connection lost')
  expect(batch).toHaveBeenCalledTimes(1)
  expect(messages.flatMap(({ ack, retry }) => [ack, retry]).every(({ mock }) => mock.calls.length === 0)).toBe(true)
})

test('of large records no more are held in memory at a time than it has room for', async () => {
  const batches: number[] = []
  const batch = (statements: D1PreparedStatement[]) => {
    batches.push(statements.length)
    return env.LOGS.batch(statements)
  }
  const counting = { ...env, LOGS: { prepare: (sql: string) => env.LOGS.prepare(sql), batch } } as unknown as Env
  const [first, second, third] = [record({ journal: ['x'.repeat(9_000_000)] }), record(), record()]
  const messages = [first, second, third].map((one) => message(joinRows([rowText(one)])))
  messages[1]!.body.records += ' '.repeat(9_000_000)
  await consumeRecords(batchOf(messages), counting)
  expect(batches).toHaveLength(2)
  expect(messages.map(({ ack }) => ack.mock.calls.length)).toEqual([1, 1, 1])
  expect((await find(third.id))?.summary.status).toBe('completed')
})

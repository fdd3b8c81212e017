// consume-records
//
// Brings what executions became to D1, in bulk, and tells whoever keeps them that they are there now.

import type { Env } from '../env.ts'
import { writeRecords, type ExecutionRecord } from '../store/records.ts'
import { executionOf } from './executions.ts'
import { inboxOf } from './inboxes.ts'
import type { PendingRef, RecordsMessage } from './messages.ts'

export async function consumeRecords(batch: MessageBatch<RecordsMessage>, env: Env): Promise<void> {
  const bodies = batch.messages.map(({ body }) => body)
  const records = (await Promise.all(bodies.map((body) => recordsOf(env, body)))).flat()
  await writeRecords(env.LOGS, records)
  await confirm(env, bodies)
  batch.ackAll()
}

/** The records of a message; none when what it speaks of is confirmed already. */
async function recordsOf(env: Env, { from, records }: RecordsMessage): Promise<ExecutionRecord[]> {
  if (records !== undefined) return JSON.parse(records) as ExecutionRecord[]
  if (from.kind === 'execution') {
    const text = await executionOf(env, from.organizationId, from.executionId).record(from.organizationId)
    return text === undefined ? [] : [JSON.parse(text) as ExecutionRecord]
  }
  const { events } = await inboxOf(env, from.organizationId, from.shard).take(from.organizationId, from.refs)
  return events.flatMap(({ kind, pending }) => (kind === 'records' ? (JSON.parse(pending) as ExecutionRecord[]) : []))
}

/** One call per inbox and per execution. One that fails asks again by itself: it was not told, so it sends again. */
async function confirm(env: Env, bodies: readonly RecordsMessage[]): Promise<void> {
  const calls: Promise<void>[] = []
  const byInbox = new Map<string, { from: RecordsMessage['from'] & { kind: 'inbox' }; refs: PendingRef[] }>()
  for (const { from } of bodies) {
    if (from.kind === 'execution') {
      const { organizationId, executionId, generation, seq } = from
      calls.push(executionOf(env, organizationId, executionId).confirm(organizationId, generation, seq))
      continue
    }
    const name = `${from.organizationId}:${from.shard}`
    const group = byInbox.get(name) ?? { from, refs: [] }
    group.refs.push(...from.refs)
    byInbox.set(name, group)
  }
  for (const { from, refs } of byInbox.values()) {
    calls.push(inboxOf(env, from.organizationId, from.shard).confirm(from.organizationId, refs))
  }
  for (const result of await Promise.allSettled(calls)) {
    if (result.status === 'rejected') console.error({ message: 'record not confirmed', error: String(result.reason) })
  }
}

// consume-records
//
// Brings what executions became to D1, in bulk, and tells the inboxes that keep it that it is there now.

import type { Env } from '../env.ts'
import { parseRow, parseRows, writeRecords, type RecordRow } from '../store/records.ts'
import { confirmAll } from './confirm-all.ts'
import { inboxOf } from './inboxes.ts'
import type { RecordsMessage } from './messages.ts'

export async function consumeRecords(batch: MessageBatch<RecordsMessage>, env: Env): Promise<void> {
  const bodies = batch.messages.map(({ body }) => body)
  const rows = await Promise.all(bodies.map((body) => rowsOf(env, body)))
  await writeRecords(env.LOGS, rows.flat())
  await confirmAll(env, bodies)
  batch.ackAll()
}

/** The records of a message; none when what it speaks of is confirmed already. */
async function rowsOf(env: Env, { organizationId, shard, refs, records }: RecordsMessage): Promise<RecordRow[]> {
  if (records !== undefined) return parseRows(records)
  const { rows } = await inboxOf(env, organizationId, shard).take(organizationId, refs)
  return rows.flatMap(({ kind, text }) => (kind === 'records' ? [parseRow(text)] : []))
}

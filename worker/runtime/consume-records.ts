// consume-records
//
// Brings what executions became to D1, in bulk, and tells the inboxes that keep it that it is there now.
//
//   R1. A record that D1 never takes holds up no other: where a batch is refused, each message goes by itself.
//   R2. While D1 can not be reached nothing is tried one by one: the queue brings the batch again.

import type { Env } from '../env.ts'
import { isOutage } from '../lib/is-outage.ts'
import { parseRow, parseRows, writeRecords, type RecordRow } from '../store/records.ts'
import { confirmAll } from './confirm-all.ts'
import { inboxOf } from './inboxes.ts'
import type { RecordsMessage } from './messages.ts'

export async function consumeRecords({ messages }: MessageBatch<RecordsMessage>, env: Env): Promise<void> {
  try {
    await consume(messages, env)
  } catch (error) {
    if (messages.length === 1 || isOutage(error)) throw error
    for (const message of messages) await consumeAlone(message, env)
  }
}

async function consume(messages: readonly Message<RecordsMessage>[], env: Env): Promise<void> {
  const bodies = messages.map(({ body }) => body)
  const rows = await Promise.all(bodies.map((body) => rowsOf(env, body)))
  await writeRecords(env.LOGS, rows.flat())
  await confirmAll(env, bodies)
  for (const message of messages) message.ack()
}

async function consumeAlone(message: Message<RecordsMessage>, env: Env): Promise<void> {
  try {
    await consume([message], env)
  } catch (error) {
    const { organizationId } = message.body
    console.error({ message: 'record not written', organizationId, id: message.id, error: String(error) })
    message.retry()
  }
}

/** The records of a message; none when what it speaks of is confirmed already. */
async function rowsOf(env: Env, { organizationId, shard, refs, records }: RecordsMessage): Promise<RecordRow[]> {
  if (records !== undefined) return parseRows(records)
  const { rows } = await inboxOf(env, organizationId, shard).take(organizationId, refs)
  return rows.flatMap(({ kind, text }) => (kind === 'records' ? [parseRow(text)] : []))
}

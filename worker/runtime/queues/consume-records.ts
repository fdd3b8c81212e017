// consume-records
//
// Brings what executions became to D1, in bulk, and tells the inboxes that keep it that it is there now.
//
//   R1. A record that D1 never takes holds up no other: where a batch is refused, each message goes by itself.
//   R2. While D1 cannot be reached nothing is tried one by one: the queue brings the batch again.

import type { Env } from '../../env.ts'
import { isOutage } from '../../lib/is-outage.ts'
import { parseRow, parseRows, writeRecords, type RecordRow } from '../../store/records.ts'
import { confirmAll } from './confirm-all.ts'
import { mostKeptCharacters } from '../records/hand-over-record.ts'
import type { RecordsMessage } from './messages.ts'
import { takeInLots } from './take-in-lots.ts'

/** Characters of records that are in memory, and on their way to D1, at a time. */
const mostAtOnce = 16_000_000

export async function consumeRecords({ messages }: MessageBatch<RecordsMessage>, env: Env): Promise<void> {
  for (const some of inLots(messages)) {
    try {
      await consume(some, env)
    } catch (error) {
      if (messages.length === 1 || isOutage(error)) throw error
      for (const message of some) await consumeAlone(message, env)
    }
  }
}

/** As many messages at a time as memory should hold of their records, at least one. */
function inLots(messages: readonly Message<RecordsMessage>[]): Message<RecordsMessage>[][] {
  const lots: Message<RecordsMessage>[][] = []
  let room = 0
  for (const message of messages) {
    const { records, refs } = message.body
    const characters = records?.length ?? refs.length * mostKeptCharacters
    if (lots.length === 0 || characters > room) {
      lots.push([])
      room = mostAtOnce
    }
    lots.at(-1)!.push(message)
    room -= characters
  }
  return lots
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
  const all: RecordRow[] = []
  for await (const { rows } of takeInLots(env, { organizationId, shard, refs })) {
    for (const { kind, text } of rows) if (kind === 'records') all.push(parseRow(text))
  }
  return all
}

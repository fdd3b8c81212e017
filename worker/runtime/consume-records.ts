// consume-records
//
// Brings what executions became to D1, in bulk, and tells the inboxes that keep it that it is there now.

import type { OrganizationId } from '../contract/id.ts'
import type { Env } from '../env.ts'
import { writeRecords } from '../store/records.ts'
import { inboxOf } from './inboxes.ts'
import type { InboxRefs, RecordsMessage } from './messages.ts'

export async function consumeRecords(batch: MessageBatch<RecordsMessage>, env: Env): Promise<void> {
  const bodies = batch.messages.map(({ body }) => body)
  const lists = (await Promise.all(bodies.map((body) => listsOf(env, body)))).flat()
  await writeRecords(env.LOGS, lists)
  await confirm(env, bodies)
  batch.ackAll()
}

/** The records of a message as JSON texts of lists; none when what it speaks of is confirmed already. */
async function listsOf(env: Env, { organizationId, shard, refs, records }: RecordsMessage): Promise<string[]> {
  if (records !== undefined) return [records]
  const { events } = await inboxOf(env, organizationId, shard).take(organizationId, refs)
  return events.flatMap(({ kind, pending }) => (kind === 'records' ? [pending] : []))
}

/** One call per inbox. One that was not reached sends again by itself, because nobody told it. */
async function confirm(env: Env, bodies: readonly InboxRefs[]): Promise<void> {
  const groups = Map.groupBy(bodies, ({ organizationId, shard }) => `${organizationId}:${shard}`)
  const calls = [...groups.values()].map((group) => {
    const { organizationId, shard } = group[0] as { organizationId: OrganizationId; shard: number }
    const refs = group.flatMap((body) => body.refs)
    return inboxOf(env, organizationId, shard).confirm(organizationId, refs)
  })
  for (const result of await Promise.allSettled(calls)) {
    if (result.status === 'rejected') console.error({ message: 'records not confirmed', error: String(result.reason) })
  }
}

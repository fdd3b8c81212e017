import type { EventId, OrganizationId } from '../contract/id.ts'

/**
 * Where an accepted event lies until it is done. Names a row of one inbox; `id` tells the event from another one that
 * later came under the same key.
 */
export interface InboxRef {
  organizationId: OrganizationId
  shard: number
  day: number
  key: string
  id: EventId
}

/**
 * "There is an event to consume." A reason to look, never the data to act on: the consumer takes what still lies in
 * the inbox, so a message that comes twice, late or after the fact does no harm.
 */
export interface TriggerMessage {
  v: 1
  ref: InboxRef
}

/**
 * "There is a record to project." `from` is asked for the record when the message comes, unless it was small enough to
 * be carried along, as JSON text of `ExecutionRecord`s; and is told when the record is visible in D1.
 */
export interface RecordsMessage {
  v: 1
  from: { kind: 'inbox'; ref: InboxRef } | { kind: 'execution'; name: string; generation: number; seq: number }
  records?: string
}

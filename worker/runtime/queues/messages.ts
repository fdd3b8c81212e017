import type { OrganizationId } from '../../contract/id.ts'

/** Entries of one inbox, by their numbers: no number is ever given twice. */
export interface InboxRefs {
  organizationId: OrganizationId
  shard: number
  refs: number[]
}

/**
 * "There are events to consume." A reason to look, never the data to act on: the consumer takes what still lies in the
 * inbox, so a message that comes twice, late or after the fact does no harm.
 */
export interface TriggerMessage extends InboxRefs {
  v: 2
}

/**
 * "There are records to project." The inbox is told when they are visible in D1. `records` are the records as text
 * where they are small enough to be carried along; otherwise the inbox is asked for them.
 */
export interface RecordsMessage extends InboxRefs {
  v: 2
  records?: string
}

/** Events per message: enough to make queue operations cheap, few enough that one retry repeats little. */
export const maxRefsPerMessage = 100

/** Characters of records a message carries; a message holds 128 KB, and a character may take three bytes. */
export const maxCarried = 36_000

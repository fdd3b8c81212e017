// hand-over-record
//
// Gives the record of an execution to an inbox, which brings it to D1. One that an inbox cannot keep goes to D1 itself.

import type { ExecutionId, OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import type { ExecutionHeader } from '../execution/execution-header.ts'
import { inboxOf } from '../inbox/inbox-stub.ts'
import { shardOf } from '../names.ts'
import { writeAtOnce } from './project-records.ts'

/** Characters of a record that an inbox keeps: a row holds 2 MB, and a character may take three bytes. */
export const mostKeptCharacters = 500_000

export interface HandOver {
  organizationId: OrganizationId
  executionId: ExecutionId
  /** By `rowText`. */
  record: string
  /** Where the event lies that this record ends. */
  inbox?: ExecutionHeader['inbox']
}

/**
 * Resolves when the record is durable in an inbox or visible in D1, and the event that it ends needs nothing more.
 * Rejects when neither could be had; doing it again is safe.
 */
export async function handOverRecord(
  env: Env,
  { organizationId, executionId, record, inbox }: HandOver,
): Promise<void> {
  const keeper = inboxOf(env, organizationId, inbox?.shard ?? shardOf(executionId))
  if (record.length <= mostKeptCharacters) return keeper.deposit(organizationId, record, inbox?.ends)
  await writeAtOnce(env, [record])
  if (inbox !== undefined) await keeper.confirm(organizationId, [inbox.ends])
}

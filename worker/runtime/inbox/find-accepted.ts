import type { ExecutionId, OrganizationId } from '../../contract/id.ts'
import type { Json } from '../../contract/json.ts'
import type { JournalEntry } from '../../engine/event.ts'
import type { Env } from '../../env.ts'
import { executionIdFor } from '../../lib/id.ts'
import { openDatabase } from '../../store/database.ts'
import { executionStore } from '../../store/executions.ts'
import { parseRow, runOf } from '../../store/records.ts'
import type { ExecutionFacts } from '../../usecases/executions/execution-view.ts'
import type { AcceptedTrigger } from './accepted-trigger.ts'
import { startsOf } from '../routes/starts-of.ts'
import type { PendingRow } from './inbox-table.ts'
import { forEachInbox } from './inbox-stub.ts'
import { isolateOf } from '../isolate.ts'

export interface AcceptedExecution {
  facts: ExecutionFacts
  /** Empty while it waits to be consumed. */
  entries: JournalEntry[]
  triggerData: Json
}

/**
 * An execution that was accepted and is in neither an object nor D1 yet: waiting to be consumed, or finished with its
 * record on the way. Undefined when no inbox knows it.
 */
export async function findAccepted(
  env: Env,
  organizationId: OrganizationId,
  id: ExecutionId,
): Promise<AcceptedExecution | undefined> {
  const found = await forEachInbox(env, organizationId, (inbox) => inbox.findByExecution(organizationId, id))
  const row = found.find((candidate) => candidate !== undefined)
  if (row === undefined) return undefined
  return row.kind === 'records' ? fromRecord(env, row, id) : fromTrigger(env, row, id)
}

async function fromRecord(env: Env, { text }: PendingRow, id: ExecutionId): Promise<AcceptedExecution | undefined> {
  const [columns, journal] = parseRow(text)
  const [organizationId, executionId, , , versionId, , , , eventId, , , acceptedAt] = columns
  const contactId = columns[17] ?? undefined
  if (executionId !== id) return undefined
  const from = runOf(columns)
  const before = from === undefined ? [] : await entriesBefore(env, organizationId, id, from)
  const version = await isolateOf(env).plans.find(organizationId, versionId)
  if (version === undefined) return undefined
  const facts = { ...version, executionId: id, eventId, acceptedAt, ...(contactId !== undefined && { contactId }) }
  return { facts, entries: [...before, ...(JSON.parse(journal) as JournalEntry[])], triggerData: null }
}

/** The turns before a run, which D1 has. */
async function entriesBefore(
  env: Env,
  organizationId: OrganizationId,
  id: ExecutionId,
  from: number,
): Promise<JournalEntry[]> {
  const stored = await executionStore(openDatabase(env.LOGS), { organizationId }, undefined).find(id)
  return (JSON.parse(stored?.journal ?? '[]') as JournalEntry[]).filter(({ seq }) => seq < from)
}

async function fromTrigger(env: Env, { text }: PendingRow, id: ExecutionId): Promise<AcceptedExecution | undefined> {
  const trigger = JSON.parse(text) as AcceptedTrigger
  const { organizationId, eventId, at, contactId } = trigger
  for (const { workflowId, versionId, nodeId } of await startsOf(env, trigger)) {
    if (executionIdFor({ organizationId, workflowId, nodeId, eventId }) !== id) continue
    const version = await isolateOf(env).plans.find(organizationId, versionId)
    if (version === undefined) return undefined
    const facts = {
      ...version,
      executionId: id,
      eventId,
      acceptedAt: at,
      ...(contactId !== undefined && { contactId }),
    }
    return { facts, entries: trigger.played?.entries ?? [], triggerData: trigger.data }
  }
  return undefined
}

import type { ExecutionId, OrganizationId } from '../../contract/id.ts'
import type { JournalEntry } from '../../engine/event.ts'
import type { Env } from '../../env.ts'
import { idTime } from '../../lib/id.ts'
import { openDatabase } from '../../store/database.ts'
import { executionStore } from '../../store/executions.ts'
import type { ExecutionInit } from '../execution/journal-table.ts'
import { isolateOf } from '../isolate.ts'
import { pinnedTo } from './pinned-to.ts'

/** An execution as D1 has it, in the form its object begins with; undefined where D1 has none, or not its version. */
export async function findStored(
  env: Env,
  organizationId: OrganizationId,
  id: ExecutionId,
): Promise<ExecutionInit | undefined> {
  const stored = await executionStore(openDatabase(env.LOGS), { organizationId }, undefined).find(id)
  if (stored === undefined) return undefined
  const version = await isolateOf(env).plans.find(organizationId, stored.summary.versionId)
  if (version === undefined) return undefined
  return {
    header: {
      ...pinnedTo(version),
      executionId: id,
      eventId: stored.summary.eventId,
      acceptedAt: idTime(id),
      ...(stored.summary.contactId !== undefined && { contactId: stored.summary.contactId }),
    },
    entries: JSON.parse(stored.journal) as JournalEntry[],
  }
}

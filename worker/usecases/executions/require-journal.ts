import type { ContactId, EventId, ExecutionId, VersionId, WorkflowId } from '../../contract/id.ts'
import type { JournalEntry } from '../../engine/event.ts'
import type { Context } from '../context.ts'
import { requireExecution } from './require-execution.ts'

/** The journal of an execution that the caller may see, and what it is pinned to. Throws `execution.not_found`. */
export async function requireJournal(
  context: Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime'>,
  id: ExecutionId,
): Promise<{
  workflowId: WorkflowId
  versionId: VersionId
  eventId: EventId
  contactId?: ContactId | undefined
  entries: JournalEntry[]
}> {
  const found = await requireExecution(context, id)
  if ('stored' in found) {
    const { workflowId, versionId, eventId, contactId } = found.stored.summary
    return { workflowId, versionId, eventId, contactId, entries: JSON.parse(found.stored.journal) as JournalEntry[] }
  }
  const { workflowId, versionId, eventId, contactId } = found.live
  const entries = (await context.runtime.findJournal(context.scope.organizationId, id)) ?? []
  return { workflowId, versionId, eventId, contactId, entries }
}

import type { JournalEntry } from '../../engine/event.ts'
import { statusOf, type ExecutionState } from '../../engine/state.ts'
import type { ExecutionRecord } from '../../store/records.ts'
import type { ExecutionHeader } from '../execution-header.ts'
import { holdMs } from './next-alarm.ts'

/**
 * What D1 is to know of an execution as it stands. `object` is that of one that has an object, with when it wants to go
 * on by itself, in epoch ms.
 */
export function toRecord(
  header: ExecutionHeader,
  entries: readonly JournalEntry[],
  state: ExecutionState,
  object: { wakeAt: number | null } | null,
): ExecutionRecord {
  return {
    organizationId: header.organizationId,
    id: header.executionId,
    workflowId: header.workflow.id,
    workflowName: header.workflow.name,
    versionId: header.version.id,
    versionNumber: header.version.number,
    status: statusOf(state),
    triggerKind: triggerOf(state),
    eventId: header.eventId,
    generation: state.generation,
    seq: state.seq,
    acceptedAt: header.acceptedAt,
    finishedAt: state.finished?.at ?? null,
    wakeAt: state.finished === null ? (object?.wakeAt ?? null) : null,
    objectUntil: object === null || state.finished === null ? null : state.finished.at + holdMs,
    stepCount: state.stepCount,
    failure: state.finished?.failure ?? null,
    contactId: header.contactId,
    journal: entries,
  }
}

function triggerOf({ origin, trigger }: ExecutionState): ExecutionRecord['triggerKind'] {
  if (origin === null) return trigger?.kind ?? 'manual'
  return origin.pretend ? 'pretend_fork' : 'fork'
}

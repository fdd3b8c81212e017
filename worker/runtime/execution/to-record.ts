import type { JournalEntry } from '../../engine/event.ts'
import { statusOf, type ExecutionState } from '../../engine/state.ts'
import type { ExecutionRecord } from '../../store/records.ts'
import type { ExecutionHeader } from '../execution-header.ts'

/** What D1 is to know of an execution as it stands. `wakeAt` is when its object will look again, in epoch ms. */
export function toRecord(
  header: ExecutionHeader,
  entries: readonly JournalEntry[],
  state: ExecutionState,
  wakeAt: number | null,
): ExecutionRecord {
  return {
    organizationId: header.organizationId,
    id: header.executionId,
    workflowId: header.workflow.id,
    workflowName: header.workflow.name,
    versionId: header.version.id,
    versionNumber: header.version.number,
    status: statusOf(state),
    triggerKind: state.trigger?.kind ?? 'manual',
    eventId: header.eventId,
    generation: state.generation,
    seq: state.seq,
    acceptedAt: header.acceptedAt,
    finishedAt: state.finished?.at ?? null,
    wakeAt: state.finished === null ? wakeAt : null,
    stepCount: state.stepCount,
    failure: state.finished?.failure ?? null,
    journal: entries,
  }
}

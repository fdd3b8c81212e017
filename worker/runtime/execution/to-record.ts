import type { Outstanding } from '../../engine/effect.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { statusOf, type ExecutionState } from '../../engine/state.ts'
import type { ExecutionRecord } from '../../store/records.ts'
import type { ExecutionHeader } from '../execution-header.ts'
import { holdMs, lookAfterMs } from './next-alarm.ts'

/**
 * What D1 is to know of an execution as it stands. `object` is what one calls for that has an object: whoever sweeps looks
 * for it when nothing has come of that in time.
 */
export function toRecord(
  header: ExecutionHeader,
  entries: readonly JournalEntry[],
  state: ExecutionState,
  object: Pick<Outstanding, 'wakeAt' | 'children'> | null,
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
    wakeAt: object === null || state.finished !== null ? null : wakeAtOf(object, state.at),
    objectUntil: object === null || state.finished === null ? null : state.finished.at + holdMs,
    stepCount: state.stepCount,
    failure: state.finished?.failure ?? null,
    contactId: header.contactId,
    journal: entries,
  }
}

/** A child that is not there yet is started by a look, and nobody but the alarm has that in mind. */
function wakeAtOf({ wakeAt, children }: Pick<Outstanding, 'wakeAt' | 'children'>, now: number): number | null {
  const isBusy = children.some(({ want }) => want !== 'watch')
  return isBusy ? Math.min(wakeAt ?? Infinity, now + lookAfterMs) : wakeAt
}

function triggerOf({ origin, trigger }: ExecutionState): ExecutionRecord['triggerKind'] {
  if (origin === null) return trigger?.kind ?? 'manual'
  return origin.pretend ? 'pretend_fork' : 'fork'
}

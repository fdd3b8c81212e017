import type { Outstanding } from '../../engine/effect.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { statusOf, type ExecutionState } from '../../engine/state.ts'
import type { ExecutionRecord } from '../../store/records.ts'
import type { ExecutionHeader } from '../execution/execution-header.ts'
import { askAgainAfterMs, holdMs, lookAfterMs } from '../execution/next-alarm.ts'

/**
 * What D1 is to know of an execution as it stands. `object` is what one calls for that has an object: whoever sweeps looks
 * for it when nothing has come of that in time.
 */
export function toRecord(
  header: ExecutionHeader,
  entries: readonly JournalEntry[],
  state: ExecutionState,
  object: Pick<Outstanding, 'wakeAt' | 'children' | 'gate'> | null,
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
    objectUntil: object === null || state.finished === null ? null : state.finished.at + heldFor(object),
    stepCount: state.stepCount,
    failure: state.finished?.failure ?? null,
    contactId: header.contactId,
    journal: entries,
  }
}

/**
 * A child that is not there yet is started by a look, and nobody but the alarm has that in mind; likewise who has not
 * asked its gate, or not heard the answer.
 */
function wakeAtOf({ wakeAt, children, gate }: Pick<Outstanding, 'wakeAt' | 'children' | 'gate'>, now: number) {
  if (gate !== undefined) return now + askAgainAfterMs
  const isBusy = children.some(({ want }) => want !== 'watch')
  return isBusy ? Math.min(wakeAt ?? Infinity, now + lookAfterMs) : wakeAt
}

/** One that has still to cancel what it called is looked for soon: whoever would erase it has it do that. */
function heldFor({ children }: Pick<Outstanding, 'children'>): number {
  return children.length > 0 ? lookAfterMs : holdMs
}

function triggerOf({ origin, trigger }: ExecutionState): ExecutionRecord['triggerKind'] {
  if (origin === null) return trigger?.kind ?? 'manual'
  return origin.pretend ? 'pretend_fork' : 'fork'
}

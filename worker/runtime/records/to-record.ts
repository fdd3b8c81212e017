import type { Outstanding } from '../../engine/effect.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { statusOf, type ExecutionState } from '../../engine/state.ts'
import type { ExecutionRecord } from '../../store/records.ts'
import type { ExecutionHeader } from '../execution/execution-header.ts'
import { askAgainAfterMs, holdMs, lookAfterMs } from '../execution/next-alarm.ts'

/**
 * The record of an execution as it stands, for D1. `object` is what is outstanding where the execution has an object: the
 * sweeper looks for it when nothing has come of that in time.
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
 * Until when the execution should have moved. Children to be started or cancelled, and a gate to be asked, have only the
 * object's alarm behind them: should that be lost, the sweeper is to look soon.
 */
function wakeAtOf({ wakeAt, children, gate }: Pick<Outstanding, 'wakeAt' | 'children' | 'gate'>, now: number) {
  if (gate !== undefined) return now + askAgainAfterMs
  const isBusy = children.some(({ want }) => want !== 'watch')
  return isBusy ? Math.min(wakeAt ?? Infinity, now + lookAfterMs) : wakeAt
}

/** How long the object is kept. While it has children to cancel the sweeper comes soon, which makes it do so. */
function heldFor({ children }: Pick<Outstanding, 'children'>): number {
  return children.length > 0 ? lookAfterMs : holdMs
}

function triggerOf({ origin, trigger }: ExecutionState): ExecutionRecord['triggerKind'] {
  if (origin === null) return trigger?.kind ?? 'manual'
  return origin.pretend ? 'pretend_fork' : 'fork'
}

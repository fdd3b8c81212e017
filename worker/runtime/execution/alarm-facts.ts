import type { LiveExecution } from './live-execution.ts'
import { askAgainAfterMs, type AlarmFacts } from './next-alarm.ts'

/** What an execution as it stands says about when its object wants to be woken, beside what the object knows of itself. */
export function alarmFacts(
  { state, outstanding }: LiveExecution,
  { now, backed, recorded }: Pick<AlarmFacts, 'now' | 'backed' | 'recorded'>,
): AlarmFacts {
  return {
    now,
    wakeAt: outstanding.gate === undefined ? outstanding.wakeAt : now + askAgainAfterMs,
    busy:
      outstanding.invocations.length > 0 ||
      outstanding.children.some(({ want }) => want !== 'watch') ||
      outstanding.recalls !== undefined,
    finishedAt: state.finished?.at ?? null,
    backed,
    recorded,
  }
}

import { isAtRest, misfitsOf } from '../../engine/migrate/misfits.ts'
import type { MigrationAnswer } from '../../usecases/ports.ts'
import type { ReadyVersion } from '../plans.ts'
import { LiveExecution } from './live-execution.ts'

/** Whether an execution can go on with another version as it stands, and why not. */
export function judgeMigration({ header, state, plan }: LiveExecution, to: ReadyVersion): MigrationAnswer {
  if (state.finished !== null) return { kind: 'over' }
  if (header.version.id === to.version.id) return { kind: 'already' }
  const waitsAt = [...Object.keys(state.open), ...state.ready.map(({ path }) => path)]
  if (!isAtRest(state)) return { kind: 'busy', waitsAt }
  const misfits = misfitsOf(state, plan, to.plan)
  return misfits.length > 0 ? { kind: 'misfit', waitsAt, misfits } : { kind: 'movable', waitsAt }
}

/** The same execution, by the other version's graph, plan and calendars. */
export function migratedTo(live: LiveExecution, to: ReadyVersion): LiveExecution {
  const { journal, state, begunWith, lastSnapshot } = live
  const { calendars: _, ...rest } = live.header
  const { workflow, version, graph, calendars, plan } = to
  const moved = { ...rest, workflow, version, graph, ...(calendars !== undefined && { calendars }) }
  return new LiveExecution({ header: moved, plan, journal, state, begunWith, lastSnapshot })
}

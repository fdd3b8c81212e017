import { fold } from '../../engine/fold.ts'
import type { Plan } from '../../engine/plan.ts'
import type { Env } from '../../env.ts'
import type { ExecutionHeader } from './execution-header.ts'
import { isolateOf } from '../isolate.ts'
import { lastOf, type ExecutionInit, type JournalTable, type KeptExecution } from './journal-table.ts'
import { LiveExecution } from './live-execution.ts'
import { LiveJournal } from './live-journal.ts'
import { readSnapshot } from './snapshots.ts'

/** An execution as it is stored: from its snapshot on, where there is one that can be read. */
export function wakeLive(env: Env, table: JournalTable, { init, snapshot, begunWith }: KeptExecution): LiveExecution {
  if (snapshot === undefined) return folded(env, init, begunWith)
  const state = readSnapshot(snapshot, init.header)
  if (state === undefined) {
    const live = folded(env, table.readWhole() ?? init, begunWith)
    // Another one is due, however long ago that was written.
    live.snapshotAskedAt = 0
    return live
  }
  const { seq, size } = state
  const { header, plan } = compiled(env, init.header)
  const journal = new LiveJournal(init.entries, seq, () => table.readWhole()?.entries ?? [])
  const lastSnapshot = { seq, size, length: snapshot.text.length }
  return new LiveExecution({ header, plan, journal, state: fold(init.entries, state), begunWith, lastSnapshot })
}

/** An execution as it is given to an object to go on with. */
export function foldLive(env: Env, init: ExecutionInit): LiveExecution {
  return folded(env, init, lastOf(init.entries))
}

function folded(env: Env, { header: stored, entries }: ExecutionInit, begunWith: number): LiveExecution {
  const { header, plan } = compiled(env, stored)
  return new LiveExecution({ header, plan, journal: new LiveJournal(entries), state: fold(entries), begunWith })
}

function compiled(env: Env, header: ExecutionHeader): { header: ExecutionHeader; plan: Plan } {
  const { graph, plan } = isolateOf(env).plans.compile({
    organizationId: header.organizationId,
    workflow: header.workflow,
    version: header.version,
    graph: header.graph,
    ...(header.calendars !== undefined && { calendars: header.calendars }),
  })
  // The isolate's graph, not a copy per execution: a large one weighs more than all the rest.
  return { header: { ...header, graph }, plan }
}

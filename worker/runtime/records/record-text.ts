// record-text
//
// The record of an execution as text: with the whole journal, or for a long one with a run, the turns that D1 lacks.
//
//   R1. A run begins no later than with the first turn that D1 lacks. That is asked of D1 and not concluded from earlier
//       hand-overs, which may lie in an inbox, come late, twice, or after the next one. What D1 has only grows, so a run
//       leaves no gap whenever it arrives, and no order has to be kept.
//   R2. Where D1 cannot be asked the whole journal is sent, which is always right.
//   R3. The turns with which the object was begun may have been played elsewhere too, and recorded as they were played there.
//       A run begins after a turn that was played here.

import type { JournalEntry } from '../../engine/event.ts'
import type { Env } from '../../env.ts'
import { openDatabase } from '../../store/database.ts'
import { findRecorded, type Recorded } from '../../store/journals.ts'
import { rowText, type ExecutionRecord } from '../../store/records.ts'
import type { LiveExecution } from '../execution/live-execution.ts'
import { toRecord } from './to-record.ts'

/** When a journal is handed over in runs. */
export interface RunRule {
  /**
   * A journal of this many characters, and of this many turns in its object, is long. Any other is handed over whole each
   * time, without a query: a large one that is soon over too.
   */
  longFrom: number
  turns: number
  /** A run of fewer characters is sent again with the turns that came since, so that D1 does not hold many small ones. */
  shortest: number
}

export const runRule: RunRule = { longFrom: 64_000, turns: 5, shortest: 8_000 }

/** The record as of now, as text; a promise where D1 has to be asked first. Never rejects. */
export function recordText(env: Env, live: LiveExecution, rule: RunRule): string | Promise<string> {
  const { header, state, outstanding } = live
  // Without its journal, and now: while D1 is asked, the execution may go on, or be forgotten in the middle of a turn.
  const record = toRecord(header, [], state, outstanding)
  const isLong = state.size >= rule.longFrom && state.seq - live.begunWith >= rule.turns
  return isLong ? inRuns(env, live, record, rule) : whole(live, record)
}

function whole(live: LiveExecution, record: ExecutionRecord): string {
  return rowText({ ...record, journal: upTo(live.journal.after(0), record) })
}

async function inRuns(env: Env, live: LiveExecution, record: ExecutionRecord, rule: RunRule): Promise<string> {
  const { organizationId, id } = record
  const known = await findRecorded(openDatabase(env.LOGS), organizationId, id).catch((error: unknown) => {
    console.error({ message: 'record not looked up', execution: id, error: String(error) })
    return undefined
  })
  if (known === undefined || known.seq <= live.begunWith) return whole(live, record)
  // At least the last turn, though D1 may have it: it changes nothing there, and those who wait for the record get one.
  return lastRun(live, record, known, rule) ?? run(live, record, Math.min(known.seq + 1, record.seq))
}

/** The last run that D1 has, with what came since; undefined where that is long enough already. */
function lastRun(
  live: LiveExecution,
  record: ExecutionRecord,
  { lastRun: from }: Recorded,
  rule: RunRule,
): string | undefined {
  if (from === 0 || !live.journal.isAtHand(from)) return undefined
  const text = run(live, record, from)
  return text.length <= rule.shortest ? text : undefined
}

function run(live: LiveExecution, record: ExecutionRecord, from: number): string {
  return rowText({ ...record, journal: upTo(live.journal.after(from - 1), record), from })
}

function upTo(entries: readonly JournalEntry[], { seq }: ExecutionRecord): readonly JournalEntry[] {
  return entries.at(-1)?.seq === seq ? entries : entries.filter((entry) => entry.seq <= seq)
}

// record-text
//
// What is handed over of an execution: its record with the whole journal, or of a long one with what D1 does not have.
//
//   R1. A run begins with the turn after those that D1 has, or before. What D1 has is asked of D1, not concluded from what
//       was handed over before: that may lie in an inbox, come late, twice, or after what is handed over next. What D1 has
//       only grows, so a run leaves no gap whenever it comes, and nobody has to keep an order.
//   R2. Whoever cannot ask sends the whole journal, which is always right.
//   R3. What the object was begun with may have been played elsewhere too, and recorded as it was played there. A run
//       comes after a turn that was played here.

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
   * Of so many characters, and of so many turns in its object, it is long. One that is not is handed over whole, every
   * time, and costs no question: neither does a large one that is soon over.
   */
  longFrom: number
  turns: number
  /** A run of fewer characters is sent again with what came since, so that a journal does not lie in crumbs. */
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
  // Of what D1 has already, the last turn: it changes nothing there, and whoever waits for the record has it.
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

// snapshots
//
// When the state of an execution is stored beside its journal, so that a wake folds only the turns that came since.
//
//   P1. A snapshot is never longer than the journal has grown since the one before: all snapshots together write no more than
//       the journal does, and a state that holds most of its journal anyway is not stored twice.
//   P2. A snapshot is written together with its turn, and never ahead of it. Where one cannot be written or read, the whole
//       journal is folded: that costs time and nothing else.
//   P3. Executions with few turns, and finished ones, have none: the hot path writes one row for each turn.

import type { ExecutionState } from '../../engine/state.ts'
import { freeze, thaw } from '../../engine/snapshot.ts'
import type { ExecutionHeader } from './execution-header.ts'
import type { JournalTable, KeptExecution } from './journal-table.ts'
import type { LiveExecution } from './live-execution.ts'

/** When a snapshot is worth its row. */
export interface SnapshotRule {
  /** Characters by which the journal has grown, and turns, since the one before: so many at least. */
  characters: number
  turns: number
  /** How many characters it may have for each by which the journal has grown (P1). */
  share: number
}

/** A wake reads and folds so many characters in half a millisecond on the development machine. */
export const snapshotRule: SnapshotRule = { characters: 64_000, turns: 5, share: 1 }

/** The snapshot that is there: as of which turn, what the journal held then, and its own length. All 0 where there is none. */
export interface LastSnapshot {
  readonly seq: number
  readonly size: number
  readonly length: number
}

/** Keeps the state as of the turn that has just been stored, where that is worth it. Never throws. */
export function keepSnapshot(journal: JournalTable, live: LiveExecution, rule: SnapshotRule): void {
  const { state, lastSnapshot: last, snapshotAskedAt: asked } = live
  live.snapshotAskedAt = state.size
  if (state.finished !== null || !isDue(state, last, asked, rule)) return
  try {
    const text = freeze(state)
    if (text.length > (state.size - last.size) * rule.share) return
    journal.keepSnapshot(state.seq, text)
    live.lastSnapshot = { seq: state.seq, size: state.size, length: text.length }
  } catch (error) {
    console.error({ message: 'snapshot not kept', execution: live.header.executionId, error: String(error) })
  }
}

/**
 * Whether it is worth finding out how long one would be: when the journal has grown by as much as the last one has, then
 * by twice as much, four times and so on. A state that grows with its journal is not made text at every turn for nothing.
 */
function isDue({ size, seq }: ExecutionState, last: LastSnapshot, asked: number, rule: SnapshotRule): boolean {
  if (seq - last.seq < rule.turns) return false
  const least = Math.max(rule.characters, last.length / rule.share)
  const levelAt = (then: number) => Math.floor(Math.log2(Math.max(then - last.size, 1) / least))
  return levelAt(size) >= 0 && levelAt(size) > levelAt(asked)
}

/** The state of a snapshot; undefined where that cannot be read (P2). */
export function readSnapshot(
  { seq, text }: NonNullable<KeptExecution['snapshot']>,
  { executionId }: ExecutionHeader,
): ExecutionState | undefined {
  try {
    const state = thaw(text)
    if (state === undefined || state.seq === seq) return state
    throw new Error(`it is of turn ${state.seq}, and not ${seq}`)
  } catch (error) {
    console.error({ message: 'snapshot not read', execution: executionId, error: String(error) })
    return undefined
  }
}

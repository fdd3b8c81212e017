import type { JournalEntry } from './event.ts'
import { evolve } from './evolve.ts'
import { sizeOf } from './size.ts'
import { newState, type ExecutionState } from './state.ts'

/**
 * The state that a journal gives: from the beginning, or on from a snapshot (`thaw` it first). Entries that the
 * snapshot already holds are passed over, so any tail that reaches back far enough will do. The state is the caller's.
 */
export function fold(entries: Iterable<JournalEntry>, state: ExecutionState = newState()): ExecutionState {
  for (const { seq, at, events } of entries) {
    if (seq <= state.seq) continue
    for (const event of events) {
      state.size += sizeOf(event)
      evolve(state, event)
    }
    state.seq = seq
    state.at = at
  }
  return state
}

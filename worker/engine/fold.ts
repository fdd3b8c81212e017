import type { JournalEntry } from './event.ts'
import { evolve } from './evolve.ts'
import { sizeOf } from './size.ts'
import { newState, type ExecutionState } from './state.ts'

/**
 * The state that a journal gives: from its beginning, or on from a snapshot (`snapshot.ts`), whose entries are passed over.
 * It is the caller's. An entry that comes twice counts once.
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

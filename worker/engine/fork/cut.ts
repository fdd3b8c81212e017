// cut
//
// A journal up to the moment before a step began: what its fork begins with. The cut may go through a turn.
//
// A step that was begun more than once (a redrive) is cut before the last time: what was kept then is kept.

import type { ExecutionEvent, JournalEntry, StepPath } from '../event.ts'
import { evolve } from '../evolve.ts'
import { newState, type ExecutionState } from '../state.ts'

export interface Cut {
  /** The entries before; the last may be the beginning of one. */
  before: JournalEntry[]
  /** All that happened from there on. */
  after: ExecutionEvent[]
  /** When it began, in epoch ms; of one that has not, when the journal ends. */
  at: number
}

/** Null when no step (or iteration, as `each[3]`) at this path was ever called for. */
export function cutBefore(entries: readonly JournalEntry[], path: StepPath): Cut | null {
  const state = newState()
  let found: { entry: number; event: number } | null = null
  entries.forEach(({ seq, at, events }, entry) => {
    events.forEach((event, index) => {
      const wasReady = isReady(state, path)
      evolve(state, event)
      if ((wasReady && !isReady(state, path)) || beginsIteration(event, path)) found = { entry, event: index }
    })
    state.seq = seq
    state.at = at
  })
  if (isReady(state, path)) found = { entry: entries.length, event: 0 }
  return found === null ? null : cutAt(entries, found)
}

function cutAt(entries: readonly JournalEntry[], { entry, event }: { entry: number; event: number }): Cut {
  const through = entries[entry]
  const before = entries.slice(0, entry)
  if (through === undefined) return { before, after: [], at: entries.at(-1)?.at ?? 0 }
  if (event > 0) before.push({ ...through, events: through.events.slice(0, event) })
  const rest = entries.slice(entry + 1).flatMap(({ events }) => events)
  return { before, after: [...through.events.slice(event), ...rest], at: through.at }
}

function isReady({ ready }: ExecutionState, path: StepPath): boolean {
  return ready.some((token) => token.path === path)
}

function beginsIteration(event: ExecutionEvent, path: StepPath): boolean {
  if (event.type !== 'iterationStarted' && event.type !== 'iterationSkipped') return false
  return `${event.path}[${event.index}]` === path
}

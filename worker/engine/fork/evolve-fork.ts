import type { ExecutionEvent, StepPath } from '../event.ts'
import { isOwner } from '../holding.ts'
import type { ExecutionState } from '../state.ts'
import { tokenOf } from '../tokens.ts'

/**
 * Folds what makes a fork of an execution: the origin's parent, and the children it gave up, are not the fork's. What was
 * under way is laid aside, for `next` to take it up; where effects are pretended it simply goes on.
 */
export function evolveFork(state: ExecutionState, event: ExecutionEvent & { type: 'forked' }): void {
  const { at, by, from, pretend = false } = event
  state.origin = { ...from, at, by, pretend }
  if (event.chance !== undefined) state.chance = event.chance
  state.parent = null
  state.abandoned = Object.create(null) as ExecutionState['abandoned']
  state.paused = null
  state.ended = null
  state.ready = state.ready.map((token) => (token.path === from.path ? { ...token, dueAt: null } : token))
  state.aftermath = null
  if (pretend) return
  // What its origin did is its origin's to undo.
  state.undoable = []
  layAside(state, event.next)
}

function layAside(state: ExecutionState, paths: readonly StepPath[]): void {
  for (const path of paths) {
    const step = state.open[path]
    if (step === undefined || isOwner(step)) continue
    delete state.open[path]
    state.unfinished[path] = tokenOf(path, step)
  }
  state.inFlight = 0
  state.activeSince = null
}

import { callEnds } from '../active-time.ts'
import { isCalling, type Calling, type ExecutionState } from '../state.ts'
import type { ControlEvent } from './control.ts'

/** Folds what people did. */
export function evolveControl(state: ExecutionState, event: ControlEvent): void {
  switch (event.type) {
    case 'paused':
      state.paused = { at: event.at, by: event.by }
      return
    case 'resumed': {
      const pausedMs = event.at - (state.paused?.at ?? event.at)
      state.paused = null
      for (const path in state.open) {
        const step = state.open[path]!
        // Calls that ended meanwhile had to wait for a decision: that is none of the time they may take.
        if (step.status === 'faulted' || step.status === 'ambiguous') {
          state.open[path] = { ...step, countedFrom: step.countedFrom + pausedMs }
        }
      }
      return
    }
    case 'retryRequested': {
      const step = state.open[event.path]
      if (step === undefined || !isCalling(step)) return
      const { node, frame, from, attempt, retries, losses, input, keepAs }: Calling = step
      // What is in flight is given up.
      const isUnsure = step.status === 'running' || step.unsure === true
      const call = { node, frame, from, countedFrom: event.at, attempt, retries, losses, input }
      state.open[event.path] = {
        ...call,
        ...(keepAs !== undefined && { keepAs }),
        ...(isUnsure && { unsure: true }),
        status: 'retrying',
        dueAt: event.at,
      }
      if (step.status === 'running') callEnds(state, event.at)
      return
    }
    default:
      // Not `unreachable`: a journal may hold events of another release.
      event satisfies never
  }
}

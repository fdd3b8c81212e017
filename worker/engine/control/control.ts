// control: what people do to an execution that is under way
//
//   C1. Every input names the person it comes from, and the journal keeps that.
//   C2. Paused, nothing new begins. What is in flight ends and is kept, timers keep their instants, and what falls due
//       meanwhile is looked at when it goes on. What ends an execution (a cancellation, say) ends a paused one too.
//   C3. A step that is skipped, or jumped away from, ends as one that was passed through: what came in goes on.

import type { StepPath } from '../event.ts'
import type { ExecutionState } from '../state.ts'

/** What is asked for. Asked of a step that is not there any more it changes nothing. */
export type ControlInput =
  | { type: 'pause'; by: string }
  | { type: 'resume'; by: string }
  /** Passes through the step at a path: one that is open, or that is about to begin. */
  | { type: 'skipStep'; by: string; path: StepPath }
  /** Makes the call of a step now: one that waits for its retry, or one in flight, which is given up. */
  | { type: 'retryStep'; by: string; path: StepPath }
  /** Goes on at another node instead of the step at a path. */
  | { type: 'jump'; by: string; path: StepPath; to: string }

/** What was done. Skips and jumps are completions that say so (`because`). */
export type ControlEvent =
  | { type: 'paused'; at: number; by: string }
  | { type: 'resumed'; at: number; by: string }
  /** Its retry is due now. Not counted among the retries of its policy. */
  | { type: 'retryRequested'; at: number; by: string; path: StepPath }

/** Whether nothing may begin. */
export function isPaused({ paused, cancelling, ended, failure }: ExecutionState): boolean {
  return paused !== null && cancelling === null && ended === null && failure === null
}

// aftermath: what is done after an execution came to its end, and before it is finished
//
//   failed, timed out, cancelled ──► undo c ──► undo b ──► undo a ──► error handler ──► finished, as it ended
//
//   A1. How it ended is decided first and does not change: a handler that works does not make a failure a success. Only a
//       cancelled execution that could not be undone is a failed one, because somebody has to look after it.
//   A2. Steps that completed and can be undone are undone one after the other, the last first, each once. One that cannot
//       be undone is noted, and the rest goes on.
//   A3. The error handler runs once in a generation, when all that can be undone has been: for failures and what ran out
//       of time, not for what was cancelled. Its own failure is noted and has no handler.
//   A4. Each part begins with one token in a frame of its own, and has budgets of its own. Its steps are steps like any
//       other: tried again, awaited, under keys of their own. None of them is taken up by a redrive.
//   A5. What has been undone cannot be gone on with: such an execution is not redriven but started anew.

import type { Failure } from '../../contract/failure.ts'
import type { Json } from '../../contract/json.ts'
import type { LoopScope } from '../behaviour.ts'
import type { FinalStatus, StepPath } from '../event.ts'

/** The way out of a step that leads to what undoes it. */
export const undoPort = 'undo'

/** The node of an error handler that is another workflow: no node of a graph is called like it. */
export const handlerNode = '$failure'

/** How long the steps of a cancelled execution may be undone. */
export const cleanupMs = 60_000

/** A step that completed and can be undone. */
export interface Undoable {
  readonly path: StepPath
  readonly node: string
  /** What only this step saw: its own output, and those of the iterations and branches it lay in. By node. */
  readonly seen: Readonly<Record<string, Json>>
  /** The iterations it lay in. */
  readonly around?: { readonly loop: LoopScope; readonly loops: Readonly<Record<string, LoopScope>> }
}

/** A step that was not undone, and why. */
export interface Stuck {
  readonly path: StepPath
  readonly node: string
  readonly failure: Failure
}

export interface Aftermath {
  /** How it is finished when this is over. */
  readonly verdict: { readonly status: FinalStatus; readonly output: Json; readonly failure?: Failure }
  /** The step that failed; null when none did. */
  readonly failedAt: StepPath | null
  readonly at: number
  /** When whatever is left is given up; null: never. */
  readonly until: number | null
  /** Steps to be undone, the next one last. */
  readonly left: Undoable[]
  /** The entry of the error handler, as long as it has not begun. */
  handler: string | null
  /** What goes on now. */
  part: { readonly kind: 'undo'; readonly of: Undoable } | { readonly kind: 'handler' } | null
  undone: number
  readonly stuck: Stuck[]
  /** Regions that were over when it ended: a redrive goes on with them. */
  readonly over: number[]
}

/** What happens in it. Steps in between are events like any other. */
export type AftermathEvent =
  | {
      type: 'aftermathStarted'
      at: number
      status: FinalStatus
      /** Absent when it is that of the step which completed last. */
      output?: Json
      failure?: Failure
      /** The entry of the error handler, where it is to run. */
      handler?: string
      /** Whether what can be undone is. */
      undoes: boolean
      until?: number
    }
  /** `path`: the step that is undone; `next`: the steps that do it. */
  | { type: 'undoStarted'; at: number; path: StepPath; node: string; next: StepPath[] }
  | { type: 'undoEnded'; at: number; path: StepPath; node: string; failure?: Failure }
  | { type: 'handlerStarted'; at: number; node: string; next: StepPath[] }
  /** What it gave is the output of its step which completed last. */
  | { type: 'handlerEnded'; at: number; node: string; failure?: Failure }

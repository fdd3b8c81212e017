// What is undone of a call that was cut off: nobody knows whether it happened, and its node says that it is undone then too.

import type { Failure } from '../../contract/failure.ts'
import type { Json } from '../../contract/json.ts'
import type { StepPath } from '../event.ts'
import { errorOutput } from '../failure.ts'
import { isAmbiguous } from '../retry.ts'
import { isCalling } from '../state.ts'
import type { Turn } from '../turn.ts'

/** For the event by which a step fails or is cancelled: what undoing it reads as its output, where it is to be undone. */
export function undoIfUnsure(turn: Turn, path: StepPath, failure: Failure): { undo?: { output: Json } } {
  if (!isUnsure(turn, path, failure)) return {}
  const step = turn.state.open[path]
  return { undo: { output: errorOutput(failure, step !== undefined && isCalling(step) ? step.attempt : 0) } }
}

/** Whether a call of the step may have happened, and that is a reason to undo it. */
export function isUnsure({ state, plan }: Turn, path: StepPath, failure?: Failure): boolean {
  const step = state.open[path]
  if (step === undefined || !isCalling(step) || state.aftermath !== null) return false
  if (plan.nodes.get(step.node)?.undoesUnknown !== true) return false
  return step.status === 'running' || step.unsure === true || (failure !== undefined && isAmbiguous(failure))
}

import type { Json } from '../../contract/json.ts'
import type { Scope } from '../behaviour.ts'
import { viewOf } from '../frames.ts'
import { emptyRecord, type ExecutionState } from '../state.ts'
import type { Turn } from '../turn.ts'
import { handlerInput } from './handler-input.ts'

/** Outputs as a token of the aftermath sees them: the undoing of a step sees what that step saw. */
export function outputsInAftermath(state: ExecutionState, frame: number): Readonly<Record<string, Json>> {
  const view = viewOf(state, frame)
  const part = state.aftermath?.part ?? null
  return part?.kind === 'undo' ? Object.assign(emptyRecord<Json>(), view, part.of.seen) : view
}

/** What a token of the aftermath can read in addition: the iterations around the undone step, or the failure that is handled. */
export function scopeInAftermath(
  turn: Pick<Turn, 'plan' | 'state' | 'identity'>,
): Pick<Scope, 'loop' | 'loops' | 'failed'> {
  const part = turn.state.aftermath?.part ?? null
  if (part === null) return {}
  return part.kind === 'undo' ? { ...part.of.around } : { failed: handlerInput(turn) }
}

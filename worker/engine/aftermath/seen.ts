import type { Json } from '../../contract/json.ts'
import type { Scope } from '../behaviour.ts'
import { viewOf } from '../frames.ts'
import { emptyRecord, type ExecutionState } from '../state.ts'
import type { Turn } from '../turn.ts'
import { toldToHandler } from './told.ts'

/** Outputs as a token sees them: what undoes a step sees what that one saw. */
export function seenFrom(state: ExecutionState, frame: number): Readonly<Record<string, Json>> {
  const view = viewOf(state, frame)
  const part = state.aftermath?.part ?? null
  return part?.kind === 'undo' ? Object.assign(emptyRecord<Json>(), view, part.of.seen) : view
}

/** What can be read besides: the iterations of the step that is undone, or the failure that is handled. */
export function besides(turn: Pick<Turn, 'plan' | 'state' | 'identity'>): Pick<Scope, 'loop' | 'loops' | 'failed'> {
  const part = turn.state.aftermath?.part ?? null
  if (part === null) return {}
  return part.kind === 'undo' ? { ...part.of.around } : { failed: toldToHandler(turn) }
}

import { callEnds } from './active-time.ts'
import { abandonChild } from './children.ts'
import type { StepPath } from './event.ts'
import { isOwner, release } from './holding.ts'
import type { ExecutionState, Token } from './state.ts'
import { takeReady, tokenOf } from './tokens.ts'

/** Takes a step out of what is ready or open, and gives the token that goes on. */
export function leave(state: ExecutionState, path: StepPath, at: number): Token {
  const step = state.open[path]
  if (step === undefined) return takeReady(state, path)
  delete state.open[path]
  if (step.status === 'running') callEnds(state, at)
  else if (step.status === 'delegating') abandonChild(state, path, step)
  return isOwner(step) ? release(state, path, step) : tokenOf(path, step)
}

// tokens: how they come and go

import type { StepPath } from './event.ts'
import { fork, releaseFrame } from './frames.ts'
import { spotOf } from './path.ts'
import { visitsAt } from './places.ts'
import { isCalling, type ExecutionState, type Holding, type OpenStep, type Token } from './state.ts'

/** Takes a token out of what is ready. */
export function takeReady(state: ExecutionState, path: StepPath): Token {
  const index = state.ready[0]?.path === path ? 0 : state.ready.findIndex((token) => token.path === path)
  if (index < 0) return { path, frame: 0, from: null, attempt: 0, dueAt: null }
  const token = state.ready[index]!
  if (index === 0) state.ready.shift()
  else state.ready.splice(index, 1)
  state.stepCount += 1
  return token
}

/** A token goes on: it becomes one for each of these steps, or ends where there is none. */
export function goOn(
  state: ExecutionState,
  { node, next }: { node: string | null; next: StepPath[] },
  frame: number,
): void {
  if (next.length === 0) releaseFrame(state, frame)
  else if (next.length === 1) arrive(state, next[0]!, frame, node)
  else fork(state, frame, next.length).forEach((branch, index) => arrive(state, next[index]!, branch, node))
}

/** A token comes to a step, which counts as a visit and is ready to begin. */
export function arrive(state: ExecutionState, path: StepPath, frame: number, from: string | null): void {
  const spot = spotOf(path)
  const visits = visitsAt(state, spot)
  visits[spot] = (visits[spot] ?? 0) + 1
  state.ready.push({ path, frame, from, attempt: 0, dueAt: null })
}

/** A token of a step that has not been attempted. */
export function newToken(path: StepPath, { frame, from }: Pick<Token, 'frame' | 'from'>): Token {
  return { path, frame, from, attempt: 0, dueAt: null }
}

/** Where a step goes on that is taken up again: its attempts and its instant are kept. */
export function tokenOf(path: StepPath, step: Exclude<OpenStep, Holding>): Token {
  const token = newToken(path, step)
  if (isCalling(step)) return { ...token, attempt: step.attempt }
  return step.status === 'waiting' ? { ...token, dueAt: step.dueAt } : token
}

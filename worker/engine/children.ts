// children: the fold of steps that wait for an execution of another workflow
//
//   called ──► started ──► ended          a child that its step left before it had ended is abandoned:
//      └──────────┴──► abandoned ──► released   it is cancelled, and the parent remembers that until it is done.
//
// Its key has the generation in it: a redrive calls a child of its own.

import type { ChildOrder } from './effect.ts'
import type { ExecutionEvent, StepPath } from './event.ts'
import type { Delegating, ExecutionState, OpenStep } from './state.ts'
import { takeReady } from './tokens.ts'

type Event<Type extends ExecutionEvent['type']> = ExecutionEvent & { type: Type }

/** Folds `childCalled`: the step is open, and its child is to be started under the key that it gets here. */
export function callChild(state: ExecutionState, event: Event<'childCalled'>): void {
  const { path, node, at, child: call, waits, timeoutMs = null } = event
  const { frame, from } = takeReady(state, path)
  const key = `${state.generation}/${path}`
  const dueAt = timeoutMs === null ? null : at + timeoutMs
  const step = { node, frame, from, key, at, call, waits, timeoutMs, dueAt, executionId: null, hasEnded: false }
  state.open[path] = { status: 'delegating', ...step }
}

/** Folds `childStarted`: the child is known by its id from now on. */
export function startChild(state: ExecutionState, { path, executionId }: Event<'childStarted'>): void {
  const step = state.open[path]
  if (step?.status === 'delegating') step.executionId = executionId
}

/** Folds `childEnded`: the child is over, its step not yet. */
export function endChild(state: ExecutionState, { path, executionId }: Event<'childEnded'>): void {
  const step = state.open[path]
  if (step?.status !== 'delegating') return
  step.executionId = executionId
  step.hasEnded = true
}

/** The step is left: a child that still goes on and that it waited for is nobody's any more. */
export function abandonChild(state: ExecutionState, path: StepPath, step: OpenStep): void {
  if (step.status !== 'delegating' || !step.waits || step.hasEnded) return
  const { key, at, call } = step
  state.abandoned[key] = { key, at, call, path }
}

/** The open step that an order is about, with its path. */
export function delegatingAt(state: ExecutionState, key: string): { path: StepPath; step: Delegating } | undefined {
  const path = key.slice(key.indexOf('/') + 1)
  const step = state.open[path]
  return step?.status === 'delegating' && step.key === key ? { path, step } : undefined
}

/** How many executions are above a child of this one. */
export function depthBelow({ parent }: Pick<ExecutionState, 'parent'>): number {
  return (parent?.depth ?? 0) + 1
}

/** What the shell is to do about the child of an open step: start it, or watch for its end. */
export function orderOf(state: ExecutionState, path: StepPath, { key, at, call, executionId }: Delegating): ChildOrder {
  return { key, path, at, call, depth: depthBelow(state), want: executionId === null ? 'start' : 'watch' }
}

/** Children to be cancelled. */
export function cancelsOf(state: ExecutionState): ChildOrder[] {
  const orders: ChildOrder[] = []
  for (const name in state.abandoned) {
    const { key, path, at, call } = state.abandoned[name]!
    orders.push({ key, path, at, call, depth: depthBelow(state), want: 'cancel' })
  }
  return orders
}

// holding: the fold of steps in which others go on, or that wait for others
//
// Their tokens stay where they are until it is over; a redrive opens them as they stood.

import type { Json } from '../contract/json.ts'
import { unreachable } from '../lib/unreachable.ts'
import type { ExecutionEvent, StepPath } from './event.ts'
import { absorb, groupOf, meet, releaseFrame } from './frames.ts'
import { closeIteration, closeRegion, openIteration, openRegion } from './regions.ts'
import {
  emptyRecord,
  isEmpty,
  type Branching,
  type ExecutionState,
  type Holding,
  type OpenStep,
  type Token,
} from './state.ts'
import { goOn, newToken, takeReady } from './tokens.ts'

type Event<Type extends ExecutionEvent['type']> = ExecutionEvent & { type: Type }

/** A step begins its branches. */
export function startBranches(state: ExecutionState, event: Event<'branchesStarted'>): void {
  const { path, node, at, branches, timeoutMs = null } = event
  const { frame, from } = takeReady(state, path)
  const live: Branching['live'] = emptyRecord()
  const dueAt = timeoutMs === null ? null : at + timeoutMs
  state.open[path] = { status: 'branching', node, frame, from, live, results: [], timeoutMs, dueAt }
  for (const { branch, next } of branches) {
    live[branch] = openRegion(state, frame, path, branch)
    goOn(state, { node, next }, live[branch])
  }
}

/** Takes in what came of a branch. */
export function endBranch(state: ExecutionState, event: Event<'branchEnded'>): void {
  const { path, branch, failure } = event
  const step = state.open[path]
  const frame = step?.status === 'branching' ? step.live[branch] : undefined
  if (step?.status !== 'branching' || frame === undefined) return
  const region = state.regions[frame]
  const { output = region?.lastOutput ?? null } = event
  // A step that failed in it has been counted; it may also have run out of time.
  if (failure !== undefined && region?.failure === null) state.handledFailures += 1
  closeRegion(state, frame)
  delete step.live[branch]
  if (failure === undefined) step.results.push({ branch, frame, output })
  else {
    step.results.push({ branch, failure })
    releaseFrame(state, frame)
  }
}

/** A branch comes to a merge. */
export function branchArrives(state: ExecutionState, event: Event<'branchArrived'>): void {
  const { path, node, into, origin } = event
  const token = takeReady(state, path)
  if (into === path) {
    const { frame, from } = token
    const group = groupOf(state, frame, origin, node)
    state.open[path] = { status: 'merging', node, frame, from, group, arrivals: [token] }
    return
  }
  // One step, however many branches it joins.
  state.stepCount -= 1
  const step = into === null ? undefined : state.open[into]
  if (step?.status === 'merging') step.arrivals.push(token)
  else releaseFrame(state, token.frame)
}

/** A step begins to go round. */
export function startLoop(state: ExecutionState, event: Event<'loopStarted'>): void {
  const { path, node, range, atOnce, stopped = null } = event
  const { frame, from } = takeReady(state, path)
  const counts = { next: 0, skipped: 0, done: 0, last: null, stopped }
  state.open[path] = {
    status: 'looping',
    node,
    frame,
    from,
    range,
    atOnce,
    live: {},
    results: {},
    failures: [],
    ...counts,
  }
}

/** Folds `iterationStarted`: the iteration has a region of its own, and its first steps are ready there. */
export function startIteration(state: ExecutionState, { path, index, next }: Event<'iterationStarted'>): void {
  const step = state.open[path]
  if (step?.status !== 'looping') return
  step.next = index + 1
  step.live[index] = openIteration(state, step.frame, path, index)
  goOn(state, { node: step.node, next }, step.live[index])
}

/** An iteration that does not take place. */
export function skipIteration(state: ExecutionState, { path, index }: Event<'iterationSkipped'>): void {
  const step = state.open[path]
  if (step?.status !== 'looping') return
  step.next = index + 1
  step.skipped += 1
}

/** Keeps what came of an iteration, and forgets everything else about it. */
export function endIteration(state: ExecutionState, event: Event<'iterationEnded'>): void {
  const { path, index, failure, keep = true, stopped } = event
  const step = state.open[path]
  const frame = step?.status === 'looping' ? step.live[index] : undefined
  if (step?.status !== 'looping' || frame === undefined) return
  const { output = state.regions[frame]?.lastOutput ?? null } = event
  closeIteration(state, frame)
  delete step.live[index]
  step.done += 1
  if (stopped !== undefined) step.stopped = stopped
  if (failure !== undefined) step.failures.push({ index, failure })
  else {
    step.last = output
    if (keep) step.results[index] = output
  }
}

/** What the iterations of a loop gave, in their order. */
export function resultsOf(step: OpenStep | undefined): Json[] {
  return step?.status === 'looping' ? Object.values(step.results) : []
}

/** Such a step ends: gives the token that goes on. */
export function release(state: ExecutionState, path: StepPath, step: Holding): Token {
  switch (step.status) {
    case 'merging': {
      const ways = step.arrivals.map(({ frame }) => frame)
      return { ...step.arrivals[0]!, frame: meet(state, ways, step.group, step.node) }
    }
    case 'branching': {
      for (const branch in step.live) {
        closeRegion(state, step.live[branch]!)
        releaseFrame(state, step.live[branch]!)
      }
      // What the branches saw becomes what their owner sees.
      const ways = step.results.flatMap((result) => ('frame' in result ? [result.frame] : []))
      absorb(state, ways, step.frame)
      return newToken(path, step)
    }
    case 'looping':
      for (const index in step.live) closeIteration(state, step.live[index]!)
      return newToken(path, step)
    default:
      return unreachable(step)
  }
}

/** Whether a step is one that a redrive opens as it stood. With branches that are over there is nothing to go on from. */
export function isHolding(step: OpenStep): step is Holding {
  return step.status === 'merging' || step.status === 'looping' || (step.status === 'branching' && !isEmpty(step.live))
}

/** Whether others go on in a step, or join in it. */
export function isOwner(step: OpenStep): step is Holding {
  return step.status === 'merging' || step.status === 'branching' || step.status === 'looping'
}

/** What an earlier generation left of a step's time is not what the next one has. */
export function restarted(step: Holding, at: number): Holding {
  if (step.status !== 'branching' || step.timeoutMs === null) return step
  return { ...step, dueAt: at + step.timeoutMs }
}

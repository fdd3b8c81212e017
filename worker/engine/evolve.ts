// evolve
//
// Folds one event into the state, in place (S1). Needs no plan, no clock and no policy: the journal holds every
// decision. It never judges: an event that does not fit the state changes nothing it would have to invent.

import { callBegins, callEnds } from './active-time.ts'
import type { ExecutionEvent, StepPath } from './event.ts'
import { absorb, fork, groupOf, keepOutput, meet, openFrame, releaseFrame } from './frames.ts'
import { spotOf } from './path.ts'
import { closeRegion, failRegion, keepForRegion, openRegion } from './regions.ts'
import {
  emptyRecord,
  isCalling,
  isEmpty,
  type Branching,
  type Calling,
  type ExecutionState,
  type Holding,
  type OpenStep,
  type Token,
} from './state.ts'

export function evolve(state: ExecutionState, event: ExecutionEvent): void {
  switch (event.type) {
    case 'started': {
      state.startedAt = event.at
      state.generationAt = event.at
      state.trigger = event.trigger
      state.vars = Object.assign(emptyRecord(), event.vars)
      arrive(state, event.trigger.nodeId, openFrame(state, null), null)
      return
    }
    case 'stepCompleted': {
      const { frame } = leave(state, event.path, event.at)
      const { path, node, output = state.trigger?.data ?? null } = event
      keepOutput(state, { frame, node, path, output })
      state.lastOutput = output
      if (state.frameCount > 1) keepForRegion(state, frame, output)
      // A new map: outputs may hold the old one, and what has been recorded does not change.
      if (event.vars !== undefined) state.vars = Object.assign(emptyRecord(), state.vars, event.vars)
      // The first answer is the one the sender got.
      if (event.response !== undefined) state.response ??= event.response
      if (event.end !== undefined) state.ended = event.end
      goOn(state, event, frame)
      return
    }
    case 'attemptStarted': {
      startAttempt(state, event)
      return
    }
    case 'attemptFailed': {
      const step = state.open[event.path]
      if (step?.status !== 'running') return
      state.open[event.path] = { ...callOf(step), status: 'faulted', failure: event.failure }
      callEnds(state, event.at)
      return
    }
    case 'attemptLost': {
      const step = state.open[event.path]
      if (step?.status !== 'running') return
      const countedFrom = step.countedFrom + Math.max(0, event.at - step.leaseUntil)
      state.open[event.path] = { ...callOf(step), countedFrom, losses: step.losses + 1, status: 'ambiguous' }
      callEnds(state, event.at)
      return
    }
    case 'retryScheduled': {
      const step = state.open[event.path]
      if (step === undefined || !isCalling(step)) return
      state.open[event.path] = { ...callOf(step), retries: step.retries + 1, status: 'retrying', dueAt: event.dueAt }
      return
    }
    case 'waitStarted': {
      const { frame, from } = leave(state, event.path, event.at)
      const { node, dueAt } = event
      state.open[event.path] = { status: 'waiting', node, frame, from, dueAt }
      return
    }
    case 'branchesStarted': {
      startBranches(state, event)
      return
    }
    case 'branchEnded': {
      endBranch(state, event)
      return
    }
    case 'tokensDropped': {
      for (const path of event.paths) {
        releaseFrame(state, takeReady(state, path).frame)
        state.stepCount -= 1
      }
      return
    }
    case 'branchArrived': {
      branchArrives(state, event)
      return
    }
    case 'stepFailed': {
      if (event.handled === 'stop') {
        state.failure = event.failure
        putAside(state, event)
        return
      }
      const token = leave(state, event.path, event.at)
      state.handledFailures += 1
      if (event.handled === 'above') {
        failRegion(state, token.frame, event.failure)
        return
      }
      keepOutput(state, { frame: token.frame, node: event.node, path: event.path, output: event.output ?? null })
      goOn(state, event, token.frame)
      return
    }
    case 'stepCancelled': {
      if (event.dropped === true) releaseFrame(state, leave(state, event.path, event.at).frame)
      else putAside(state, event)
      return
    }
    case 'cancelRequested': {
      state.cancelling = { by: event.by, reason: event.reason }
      return
    }
    case 'finished': {
      const { at, status, output = state.lastOutput, failure } = event
      state.finished = { at, status, output, ...(failure !== undefined && { failure }) }
      if (state.ended === null) for (const token of state.ready) state.unfinished[token.path] = token
      state.ready = []
      return
    }
    case 'redriven': {
      redrive(state, event)
      return
    }
    default:
      // Not `unreachable`: a journal may hold events that an older or newer release wrote, and must still fold.
      event satisfies never
  }
}

function startAttempt(state: ExecutionState, event: ExecutionEvent & { type: 'attemptStarted' }): void {
  const { path, node, at, attempt, leaseUntil } = event
  const before = state.open[path]
  if (before === undefined || !isCalling(before)) {
    const { frame, from } = leave(state, path, at)
    const input = event.input ?? {}
    const step = { node, frame, from, countedFrom: at, attempt, retries: 0, losses: 0, input, leaseUntil }
    state.open[path] = { ...step, status: 'running' }
  } else {
    const late = before.status === 'retrying' ? at - before.dueAt : 0
    const countedFrom = before.countedFrom + late
    state.open[path] = { ...callOf(before), countedFrom, attempt, status: 'running', leaseUntil }
  }
  callBegins(state, at, leaseUntil)
}

/** Takes a step out of what is ready or open, and gives the token that goes on. */
function leave(state: ExecutionState, path: StepPath, at: number): Token {
  const step = state.open[path]
  if (step === undefined) return takeReady(state, path)
  delete state.open[path]
  if (step.status === 'running') callEnds(state, at)
  switch (step.status) {
    case 'merging': {
      const ways = step.arrivals.map(({ frame }) => frame)
      return { ...step.arrivals[0]!, frame: meet(state, ways, step.group, step.node) }
    }
    case 'branching':
      takeIn(state, step)
      return newToken(path, step)
    default:
      return tokenOf(path, step)
  }
}

/** Ends a step in such a way that a redrive can take it up again. */
function putAside(state: ExecutionState, { path, at }: { path: StepPath; at: number }): void {
  const step = state.open[path]
  if (step !== undefined && isHolding(step)) {
    delete state.open[path]
    if (state.ended === null) state.unfinished[path] = step
    return
  }
  const token = leave(state, path, at)
  if (state.ended === null) state.unfinished[path] = token
}

/** Steps whose frames and regions others lie in; and with branches that are over there is nothing left to go on from. */
function isHolding(step: OpenStep): step is Holding {
  return step.status === 'merging' || (step.status === 'branching' && !isEmpty(step.live))
}

function startBranches(state: ExecutionState, event: ExecutionEvent & { type: 'branchesStarted' }): void {
  const { path, node, at, branches, timeoutMs = null } = event
  const { frame, from } = takeReady(state, path)
  const live: Branching['live'] = emptyRecord()
  const dueAt = timeoutMs === null ? null : at + timeoutMs
  state.open[path] = { status: 'branching', node, frame, from, live, results: [], timeoutMs, dueAt }
  for (const { branch, next } of branches) {
    live[branch] = openRegion(state, frame, path, branch)
    // What came to their owner comes to them.
    goOn(state, { node: from, next }, live[branch])
  }
}

function endBranch(state: ExecutionState, event: ExecutionEvent & { type: 'branchEnded' }): void {
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

/** What the branches saw becomes what their owner sees. */
function takeIn(state: ExecutionState, { frame, live, results }: Branching): void {
  for (const branch in live) {
    closeRegion(state, live[branch]!)
    releaseFrame(state, live[branch]!)
  }
  const ways = results.flatMap((result) => ('frame' in result ? [result.frame] : []))
  absorb(state, ways, frame)
}

function branchArrives(state: ExecutionState, event: ExecutionEvent & { type: 'branchArrived' }): void {
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

function takeReady(state: ExecutionState, path: StepPath): Token {
  const index = state.ready[0]?.path === path ? 0 : state.ready.findIndex((token) => token.path === path)
  if (index < 0) return { path, frame: 0, from: null, attempt: 0, dueAt: null }
  const token = state.ready[index]!
  if (index === 0) state.ready.shift()
  else state.ready.splice(index, 1)
  state.stepCount += 1
  return token
}

function goOn(state: ExecutionState, { node, next }: { node: string | null; next: StepPath[] }, frame: number): void {
  if (next.length === 0) releaseFrame(state, frame)
  else if (next.length === 1) arrive(state, next[0]!, frame, node)
  else fork(state, frame, next.length).forEach((branch, index) => arrive(state, next[index]!, branch, node))
}

function arrive(state: ExecutionState, path: StepPath, frame: number, from: string | null): void {
  const spot = spotOf(path)
  state.visits[spot] = (state.visits[spot] ?? 0) + 1
  state.ready.push({ path, frame, from, attempt: 0, dueAt: null })
}

function redrive(state: ExecutionState, event: ExecutionEvent & { type: 'redriven' }): void {
  state.generation = event.generation
  state.generationAt = event.at
  for (const path of event.reopened ?? []) {
    const step = state.unfinished[path]
    if (step !== undefined && 'status' in step) state.open[path] = restarted(step, event.at)
  }
  state.ready = event.next.flatMap((path) => {
    const token = state.unfinished[path]
    return token === undefined || 'status' in token ? [] : [token]
  })
  state.unfinished = emptyRecord()
  state.stepsBefore = state.stepCount
  state.activeMs = 0
  state.failure = null
  state.cancelling = null
  state.finished = null
}

/** What an earlier generation left of a step's time is not what the next one has. */
function restarted(step: Holding, at: number): Holding {
  if (step.status === 'merging' || step.timeoutMs === null) return step
  return { ...step, dueAt: at + step.timeoutMs }
}

function newToken(path: StepPath, { frame, from }: Pick<Token, 'frame' | 'from'>): Token {
  return { path, frame, from, attempt: 0, dueAt: null }
}

function tokenOf(path: StepPath, step: Exclude<OpenStep, Holding>): Token {
  return step.status === 'waiting'
    ? { ...newToken(path, step), dueAt: step.dueAt }
    : { ...newToken(path, step), attempt: step.attempt }
}

/** What every status of a calling step has. */
function callOf(step: Calling) {
  const { node, frame, from, countedFrom, attempt, retries, losses, input } = step
  return { node, frame, from, countedFrom, attempt, retries, losses, input }
}

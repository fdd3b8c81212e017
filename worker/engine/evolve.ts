// evolve
//
// Folds one event into the state, in place (S1). Needs no plan, no clock and no policy: the journal holds every
// decision. It never judges: an event that does not fit the state changes nothing it would have to invent.

import { callBegins, callEnds } from './active-time.ts'
import type { ExecutionEvent, StepPath } from './event.ts'
import { fork, groupOf, keepOutput, meet, openFrame, releaseFrame } from './frames.ts'
import { spotOf } from './path.ts'
import { emptyRecord, type Calling, type ExecutionState, type OpenStep, type Token } from './state.ts'

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
      if (step === undefined || step.status === 'waiting' || step.status === 'merging') return
      state.open[event.path] = { ...callOf(step), retries: step.retries + 1, status: 'retrying', dueAt: event.dueAt }
      return
    }
    case 'waitStarted': {
      const { frame, from } = leave(state, event.path, event.at)
      const { node, dueAt } = event
      state.open[event.path] = { status: 'waiting', node, frame, from, dueAt }
      return
    }
    case 'branchArrived': {
      branchArrives(state, event)
      return
    }
    case 'stepCompleted': {
      const { frame } = leave(state, event.path, event.at)
      const { path, node, output = state.trigger?.data ?? null } = event
      keepOutput(state, { frame, node, path, output })
      state.lastOutput = output
      // A new map: outputs may hold the old one, and what has been recorded does not change.
      if (event.vars !== undefined) state.vars = Object.assign(emptyRecord(), state.vars, event.vars)
      // The first answer is the one the sender got.
      if (event.response !== undefined) state.response ??= event.response
      if (event.end !== undefined) state.ended = event.end
      goOn(state, event, frame)
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
      keepOutput(state, { frame: token.frame, node: event.node, path: event.path, output: event.output ?? null })
      goOn(state, event, token.frame)
      return
    }
    case 'stepCancelled': {
      putAside(state, event)
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
  if (before === undefined || before.status === 'waiting' || before.status === 'merging') {
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
  if (step.status !== 'merging') return tokenOf(path, step)
  const ways = step.arrivals.map(({ frame }) => frame)
  return { ...step.arrivals[0]!, frame: meet(state, ways, step.group, step.node) }
}

/** Ends a step in such a way that a redrive can take it up again. */
function putAside(state: ExecutionState, { path, at }: { path: StepPath; at: number }): void {
  const step = state.open[path]
  if (step?.status !== 'merging') {
    const token = leave(state, path, at)
    if (state.ended === null) state.unfinished[path] = token
    return
  }
  delete state.open[path]
  if (state.ended === null) state.held[path] = step
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

function goOn(state: ExecutionState, { node, next }: { node: string; next: StepPath[] }, frame: number): void {
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
  state.ready = event.next.flatMap((path) => state.unfinished[path] ?? [])
  state.unfinished = emptyRecord()
  for (const path of event.reopened ?? []) if (state.held[path] !== undefined) state.open[path] = state.held[path]
  state.held = emptyRecord()
  state.stepsBefore = state.stepCount
  state.activeMs = 0
  state.failure = null
  state.cancelling = null
  state.finished = null
}

function tokenOf(path: StepPath, step: Exclude<OpenStep, { status: 'merging' }>): Token {
  const { frame, from } = step
  return step.status === 'waiting'
    ? { path, frame, from, attempt: 0, dueAt: step.dueAt }
    : { path, frame, from, attempt: step.attempt, dueAt: null }
}

/** What every status of a calling step has. */
function callOf(step: Calling) {
  const { node, frame, from, countedFrom, attempt, retries, losses, input } = step
  return { node, frame, from, countedFrom, attempt, retries, losses, input }
}

// evolve
//
// Folds one event into the state, in place (S1). Needs no plan, no clock and no policy: the journal holds every
// decision. It never judges: an event that does not fit the state changes nothing it would have to invent.

import { callBegins, callEnds } from './active-time.ts'
import type { ExecutionEvent, StepPath } from './event.ts'
import { fork, keepOutput, openFrame, releaseFrame } from './frames.ts'
import { spotOf } from './path.ts'
import { emptyRecord, type ExecutionState, type OpenStep, type Token } from './state.ts'

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
      if (step === undefined || step.status === 'waiting') return
      state.open[event.path] = { ...callOf(step), retries: step.retries + 1, status: 'retrying', dueAt: event.dueAt }
      return
    }
    case 'waitStarted': {
      const { frame, from } = leave(state, event.path, event.at)
      const { node, dueAt } = event
      state.open[event.path] = { status: 'waiting', node, frame, from, dueAt }
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
      const token = leave(state, event.path, event.at)
      if (event.handled === 'stop') {
        state.failure = event.failure
        state.unfinished[event.path] = token
        return
      }
      state.handledFailures += 1
      keepOutput(state, { frame: token.frame, node: event.node, path: event.path, output: event.output ?? null })
      goOn(state, event, token.frame)
      return
    }
    case 'stepCancelled': {
      const token = leave(state, event.path, event.at)
      if (state.ended === null) state.unfinished[event.path] = token
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
  if (before === undefined || before.status === 'waiting') {
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

/** Takes a step out of what is ready or open, and gives the token it was. */
function leave(state: ExecutionState, path: StepPath, at: number): Token {
  const step = state.open[path]
  if (step !== undefined) {
    delete state.open[path]
    if (step.status === 'running') callEnds(state, at)
    return tokenOf(path, step)
  }
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
  state.stepsBefore = state.stepCount
  state.activeMs = 0
  state.failure = null
  state.cancelling = null
  state.finished = null
}

function tokenOf(path: StepPath, step: OpenStep): Token {
  const { frame, from } = step
  return step.status === 'waiting'
    ? { path, frame, from, attempt: 0, dueAt: step.dueAt }
    : { path, frame, from, attempt: step.attempt, dueAt: null }
}

/** What every status of a calling step has. */
function callOf(step: Exclude<OpenStep, { status: 'waiting' }>) {
  const { node, frame, from, countedFrom, attempt, retries, losses, input } = step
  return { node, frame, from, countedFrom, attempt, retries, losses, input }
}

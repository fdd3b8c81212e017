// Folds what becomes of a step's calls, and of the look-up that may come before them.

import { callBegins, callEnds, callGoesOn } from './active-time.ts'
import type { ExecutionEvent } from './event.ts'
import { leave } from './leave.ts'
import { isAmbiguous } from './retry.ts'
import { isCalling, type Calling, type ExecutionState } from './state.ts'
import { takeReady } from './tokens.ts'

type CallEvent = ExecutionEvent & {
  type:
    | 'attemptStarted'
    | 'resultSought'
    | 'resultMissed'
    | 'attemptFailed'
    | 'attemptLost'
    | 'leaseRenewed'
    | 'retryScheduled'
    | 'attemptDeferred'
    | 'attemptReleased'
}

/** `evolve` for the events of calls: attempts, retries, results that are sought, calls that are held back. */
export function evolveCall(state: ExecutionState, event: CallEvent): void {
  switch (event.type) {
    case 'attemptStarted': {
      startAttempt(state, event)
      return
    }
    case 'resultSought': {
      const { path, node, key, at: since, input } = event
      const { frame, from } = takeReady(state, path)
      state.open[path] = { status: 'recalling', node, frame, from, key, since, input, missed: false }
      return
    }
    case 'resultMissed': {
      const step = state.open[event.path]
      if (step?.status === 'recalling') step.missed = true
      return
    }
    case 'attemptFailed': {
      const step = state.open[event.path]
      if (step?.status !== 'running') return
      const call = isAmbiguous(event.failure) ? ({ ...callOf(step), unsure: true } as const) : callOf(step)
      state.open[event.path] = { ...call, status: 'faulted', failure: event.failure }
      callEnds(state, event.at)
      return
    }
    case 'attemptLost': {
      const step = state.open[event.path]
      if (step?.status !== 'running') return
      const countedFrom = countedFromAfterLease(step, event.at)
      state.open[event.path] = {
        ...callOf(step),
        countedFrom,
        losses: step.losses + 1,
        unsure: true,
        status: 'ambiguous',
      }
      callEnds(state, event.at)
      return
    }
    case 'leaseRenewed': {
      const step = state.open[event.path]
      if (step?.status !== 'running') return
      const { at, leaseUntil } = event
      const countedFrom = countedFromAfterLease(step, at)
      state.open[event.path] = { ...step, countedFrom, leaseUntil }
      callGoesOn(state, at, leaseUntil)
      return
    }
    case 'retryScheduled': {
      const step = state.open[event.path]
      if (step === undefined || !isCalling(step)) return
      state.open[event.path] = { ...callOf(step), retries: step.retries + 1, status: 'retrying', dueAt: event.dueAt }
      return
    }
    case 'attemptDeferred': {
      const step = state.open[event.path]
      if (step?.status !== 'running') return
      const { at, dueAt, free, holder } = event
      const countedFrom = step.countedFrom + (free === true ? dueAt - at : 0)
      const held = { ...callOf(step), countedFrom, status: 'retrying', dueAt } as const
      state.open[event.path] = holder === undefined ? held : { ...held, holder }
      callEnds(state, at)
      return
    }
    case 'attemptReleased': {
      const step = state.open[event.path]
      if (step?.status !== 'retrying') return
      state.open[event.path] = { ...callOf(step), status: 'retrying', dueAt: event.at }
      return
    }
    default:
      // Not `unreachable`: a journal may hold events of another release.
      event satisfies never
  }
}

function startAttempt(state: ExecutionState, event: ExecutionEvent & { type: 'attemptStarted' }): void {
  const { path, node, at, attempt, leaseUntil } = event
  const before = state.open[path]
  if (before === undefined || !isCalling(before)) {
    const sought = before?.status === 'recalling' ? before : undefined
    const { frame, from } = leave(state, path, at)
    const input = event.input ?? sought?.input ?? {}
    const step = { node, frame, from, countedFrom: at, attempt, retries: 0, losses: 0, input, leaseUntil }
    state.open[path] = { ...step, status: 'running', ...(sought !== undefined && { keepAs: sought.key }) }
  } else {
    const late = before.status === 'retrying' ? at - before.dueAt : 0
    const countedFrom = before.countedFrom + late
    state.open[path] = { ...callOf(before), countedFrom, attempt, status: 'running', leaseUntil }
  }
  callBegins(state, at, leaseUntil)
}

/** From when on a step's time counts where what lies between its lease and `at` was nobody's. */
function countedFromAfterLease({ countedFrom, leaseUntil }: Calling & { leaseUntil: number }, at: number): number {
  return countedFrom + Math.max(0, at - leaseUntil)
}

/** What every status of a calling step has. */
function callOf(step: Calling) {
  const { node, frame, from, countedFrom, attempt, retries, losses, input, keepAs, unsure } = step
  const call = { node, frame, from, countedFrom, attempt, retries, losses, input }
  if (keepAs === undefined && unsure === undefined) return call
  return { ...call, ...(keepAs !== undefined && { keepAs }), ...(unsure !== undefined && { unsure }) }
}

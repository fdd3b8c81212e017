// evolve
//
// Folds one event into the state, in place (S1). Needs no plan, no clock and no policy: the journal holds every
// decision. It never judges: an event that does not fit the state changes nothing it would have to invent.

import { callBegins, callEnds } from './active-time.ts'
import type { Aftermath } from './aftermath/aftermath.ts'
import { evolveAftermath, undoableOf } from './aftermath/evolve-aftermath.ts'
import { abandonChild, callChild, endChild, startChild } from './children.ts'
import { withResults } from './collected.ts'
import { evolveControl } from './control/evolve-control.ts'
import { applyEdits } from './fork/edits.ts'
import { evolveFork } from './fork/evolve-fork.ts'
import type { Json } from '../contract/json.ts'
import type { ExecutionEvent, StepPath } from './event.ts'
import { keepOutput, openFrame, releaseFrame } from './frames.ts'
import {
  branchArrives,
  endBranch,
  endIteration,
  isHolding,
  isOwner,
  release,
  restarted,
  resultsOf,
  skipIteration,
  startBranches,
  startIteration,
  startLoop,
} from './holding.ts'
import { countJump, placeOf } from './places.ts'
import { passGate, waitAt } from './gates.ts'
import { failRegion, keepForRegion } from './regions.ts'
import { isAmbiguous } from './retry.ts'
import { emptyRecord, isCalling, type Calling, type ExecutionState, type Token, type Waiting } from './state.ts'
import { arrive, goOn, takeReady, tokenOf } from './tokens.ts'

export function evolve(state: ExecutionState, event: ExecutionEvent): void {
  switch (event.type) {
    case 'started': {
      state.startedAt = event.at
      state.generationAt = event.at
      state.trigger = event.trigger
      state.vars = Object.assign(emptyRecord(), event.vars)
      if (event.organizationVars !== undefined) {
        state.organization = { vars: Object.assign(emptyRecord(), event.organizationVars) }
      }
      if (event.parent !== undefined) state.parent = event.parent
      if (event.cause !== undefined) state.cause = event.cause
      if (event.sender !== undefined) state.sender = event.sender
      if (event.gates !== undefined) waitAt(state, event.gates)
      arrive(state, event.trigger.nodeId, openFrame(state, null), null)
      return
    }
    case 'gatePassed': {
      passGate(state, event)
      return
    }
    case 'contactRead': {
      state.contact = event.contact
      state.awaitsContact = false
      return
    }
    case 'contactAwaited': {
      state.awaitsContact = true
      return
    }
    case 'stepCompleted': {
      const { path, node, output: given = state.trigger?.data ?? null, collected } = event
      const output = collected === undefined ? given : withResults(given, collected, resultsOf(state.open[path]))
      const { frame } = leave(state, path, event.at)
      keepOutput(state, { frame, node, path, output })
      state.lastOutput = output
      if (state.frameCount > 1) keepForRegion(state, frame, path, output)
      // A new map: outputs may hold the old one, and what has been recorded does not change.
      if (event.vars !== undefined) state.vars = Object.assign(emptyRecord(), state.vars, event.vars)
      // The first answer is the one the sender got.
      if (event.response !== undefined) state.response ??= event.response
      if (event.end !== undefined) state.ended = event.end
      if (event.undo === true) state.undoable.push(undoableOf(state, event, output, frame))
      if (event.jumpedTo !== undefined) countJump(state, path, event.jumpedTo)
      goOn(state, event, frame)
      return
    }
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
      const countedFrom = step.countedFrom + Math.max(0, event.at - step.leaseUntil)
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
    case 'waitStarted': {
      const { frame, from } = leave(state, event.path, event.at)
      const { node, dueAt, topic, everyMs, approval, at } = event
      const step: Waiting = { status: 'waiting', node, frame, from, dueAt }
      const check = everyMs === undefined ? {} : { check: { everyMs, at: at + everyMs } }
      if (approval !== undefined) {
        const asking = { request: approval, votes: [], reminded: 0, escalated: false }
        state.open[event.path] = { ...step, asking }
      } else state.open[event.path] = topic === undefined ? step : { ...step, topic, ...check }
      return
    }
    case 'waitChecked': {
      const step = state.open[event.path]
      if (step?.status !== 'waiting' || step.check === undefined) return
      const { everyMs } = step.check
      state.open[event.path] = { ...step, check: { everyMs, at: event.at + everyMs } }
      return
    }
    case 'approvalVoted': {
      const step = state.open[event.path]
      if (step?.status !== 'waiting' || step.asking === undefined) return
      const vote = { ...event.vote, at: event.at }
      state.open[event.path] = { ...step, asking: { ...step.asking, votes: [...step.asking.votes, vote] } }
      return
    }
    case 'approvalNudged': {
      const step = state.open[event.path]
      if (step?.status !== 'waiting' || step.asking === undefined) return
      const { asking } = step
      const nudged = event.nudge === 'reminder' ? { reminded: asking.reminded + 1 } : { escalated: true }
      state.open[event.path] = { ...step, asking: { ...asking, ...nudged } }
      return
    }
    case 'childCalled': {
      callChild(state, event)
      return
    }
    case 'childStarted': {
      startChild(state, event)
      return
    }
    case 'childEnded': {
      endChild(state, event)
      return
    }
    case 'childReleased': {
      delete state.abandoned[event.key]
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
    case 'loopStarted': {
      startLoop(state, event)
      return
    }
    case 'iterationStarted': {
      startIteration(state, event)
      return
    }
    case 'iterationSkipped': {
      skipIteration(state, event)
      return
    }
    case 'iterationEnded': {
      endIteration(state, event)
      return
    }
    case 'stepFailed': {
      noteUnsure(state, event)
      if (event.handled === 'stop') {
        state.failure = event.failure
        state.failedAt = event.path
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
      noteUnsure(state, event)
      if (event.dropped === true) releaseFrame(state, leave(state, event.path, event.at).frame)
      else putAside(state, event)
      return
    }
    case 'paused':
    case 'resumed':
    case 'retryRequested': {
      evolveControl(state, event)
      return
    }
    case 'cancelRequested': {
      state.cancelling = { by: event.by, reason: event.reason }
      return
    }
    case 'aftermathStarted':
    case 'undoStarted':
    case 'undoEnded':
    case 'handlerStarted':
    case 'handlerEnded': {
      evolveAftermath(state, event)
      return
    }
    case 'redirected': {
      beginAnew(state, event.next)
      return
    }
    case 'finished': {
      const { at, status, output = state.lastOutput, failure } = event
      state.finished = { at, status, output, ...(failure !== undefined && { failure }) }
      if (state.ended === null) for (const token of state.ready) state.unfinished[token.path] = token
      state.ready = []
      state.paused = null
      if (state.aftermath !== null) endAftermath(state, state.aftermath)
      return
    }
    case 'redriven': {
      redrive(state, event)
      return
    }
    case 'forked': {
      evolveFork(state, event)
      redrive(state, event)
      return
    }
    case 'migrated': {
      addVariables(state, event.vars)
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

/** What may have happened is undone as what did. */
function noteUnsure(state: ExecutionState, event: ExecutionEvent & { type: 'stepFailed' | 'stepCancelled' }): void {
  if (event.undo === undefined) return
  const { frame } = state.open[event.path] ?? { frame: 0 }
  state.undoable.push(undoableOf(state, event, event.undo.output, frame))
}

/** One token in one frame that sees the latest outputs, without those of iterations. */
function beginAnew(state: ExecutionState, next: StepPath): void {
  for (const node in state.latest) {
    if (placeOf(state.latest[node]!) === '') continue
    delete state.latest[node]
    delete state.outputs[node]
  }
  state.open = emptyRecord()
  state.ready = []
  state.unfinished = emptyRecord()
  state.superseded = emptyRecord()
  state.shared = {}
  state.regions = {}
  state.places = {}
  state.placeCount = 0
  state.over = []
  state.frames = {}
  state.frameCount = 0
  const frame = openFrame(state, null)
  Object.assign(state.frames[frame]!.paths, state.latest)
  arrive(state, next, frame, null)
}

/** Takes a step out of what is ready or open, and gives the token that goes on. */
function leave(state: ExecutionState, path: StepPath, at: number): Token {
  const step = state.open[path]
  if (step === undefined) return takeReady(state, path)
  delete state.open[path]
  if (step.status === 'running') callEnds(state, at)
  else if (step.status === 'delegating') abandonChild(state, path, step)
  return isOwner(step) ? release(state, path, step) : tokenOf(path, step)
}

/** What went on before it is what a redrive goes on with. */
function endAftermath(state: ExecutionState, { over }: Aftermath): void {
  state.over = over
  state.aftermath = null
  state.cancelling = null
}

/** Ends a step in such a way that a redrive can take it up again, unless it is part of an aftermath. */
function putAside(state: ExecutionState, { path, at }: { path: StepPath; at: number }): void {
  if (state.aftermath !== null) return releaseFrame(state, leave(state, path, at).frame)
  const step = state.open[path]
  if (step !== undefined && isHolding(step)) {
    delete state.open[path]
    if (state.ended === null) state.unfinished[path] = step
    return
  }
  const token = leave(state, path, at)
  if (state.ended === null) state.unfinished[path] = token
}

/** Takes up what was left. */
function redrive(state: ExecutionState, event: ExecutionEvent & { type: 'redriven' | 'forked' }): void {
  state.generation = event.generation
  state.generationAt = event.at
  if (event.cause !== undefined) state.cause = event.cause
  if (event.gates !== undefined) waitAt(state, event.gates)
  else state.sharedPlaces = []
  for (const path of event.reopened ?? []) {
    const step = state.unfinished[path]
    if (step !== undefined && 'status' in step) state.open[path] = restarted(step, event.at)
  }
  for (const path of event.next) {
    const token = state.unfinished[path]
    if (token !== undefined && !('status' in token)) state.ready.push(token)
  }
  state.unfinished = emptyRecord()
  state.stepsBefore = state.stepCount
  state.activeMs = 0
  state.failure = null
  state.failedAt = null
  state.cancelling = null
  state.finished = null
  if (event.type === 'forked') addVariables(state, event.vars)
  if (event.edits !== undefined) applyEdits(state, event.edits)
}

/** Those that another version has and the execution had not. */
function addVariables(state: ExecutionState, vars: Record<string, Json> | undefined): void {
  if (vars !== undefined) state.vars = Object.assign(emptyRecord(), vars, state.vars)
}

/** What every status of a calling step has. */
function callOf(step: Calling) {
  const { node, frame, from, countedFrom, attempt, retries, losses, input, keepAs, unsure } = step
  const call = { node, frame, from, countedFrom, attempt, retries, losses, input }
  if (keepAs === undefined && unsure === undefined) return call
  return { ...call, ...(keepAs !== undefined && { keepAs }), ...(unsure !== undefined && { unsure }) }
}

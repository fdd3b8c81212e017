// evolve
//
// Folds one event into the state, in place (S1 of state.ts). Needs no plan, no clock and no policy: the journal holds
// every decision. It never judges: an event that does not fit the state changes nothing it would have to invent.

import type { Aftermath } from './aftermath/aftermath.ts'
import { evolveAftermath, undoableOf } from './aftermath/evolve-aftermath.ts'
import { withAppended } from './appended.ts'
import { callChild, endChild, startChild } from './children.ts'
import { withResults } from './loop-results.ts'
import { evolveControl } from './control/evolve-control.ts'
import { applyEdits } from './fork/edits.ts'
import { evolveCall } from './evolve-call.ts'
import { evolveFork } from './fork/evolve-fork.ts'
import type { Json } from '../contract/json.ts'
import type { ExecutionEvent, StepPath } from './event.ts'
import { keepOutput, openFrame, releaseFrame } from './frames.ts'
import {
  branchArrives,
  endBranch,
  endIteration,
  isHolding,
  restarted,
  resultsOf,
  skipIteration,
  startBranches,
  startIteration,
  startLoop,
} from './holding.ts'
import { leave } from './leave.ts'
import { countJump, placeOf } from './places.ts'
import { passGate, passNone, waitAt } from './gates.ts'
import { failRegion, keepForRegion } from './regions.ts'
import { emptyRecord, type ExecutionState, type Waiting } from './state.ts'
import { arrive, goOn, takeReady } from './tokens.ts'

/**
 * Changes the state by one event of its journal, in place. The same events give the same state, in every release. Never
 * throws: what an event names and the state does not have stays as it is.
 */
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
      if (event.appended !== undefined) {
        const { name } = event.appended
        const list = withAppended(state.vars[name], event.appended)
        state.vars = Object.assign(emptyRecord(), state.vars, { [name]: list })
      }
      // The first answer is the one the sender got.
      if (event.response !== undefined) state.response ??= event.response
      if (event.end !== undefined) state.ended = event.end
      if (event.undo === true) state.undoable.push(undoableOf(state, event, output, frame))
      if (event.jumpedTo !== undefined) countJump(state, path, event.jumpedTo)
      goOn(state, event, frame)
      return
    }
    case 'attemptStarted':
    case 'resultSought':
    case 'resultMissed':
    case 'attemptFailed':
    case 'attemptLost':
    case 'leaseRenewed':
    case 'retryScheduled':
    case 'attemptDeferred':
    case 'attemptReleased': {
      evolveCall(state, event)
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
  else passNone(state)
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

// decide
//
// The heart of the engine: which events follow from the state at a given time. It decides and does nothing; the shell
// commits the events, then performs what `outstanding` says the state calls for.
//
//   D1. Pure and synchronous. No clock, randomness, I/O or await: `turn.at` is an argument.
//   D2. Effects follow from state, never from the act of deciding. After a crash the shell folds the journal, asks
//       again and gets the same ones: recovery is not a special case.
//   D3. An effect may therefore be asked for more than once. Its key is the same each time, and performing it twice
//       must be harmless.
//   D4. A turn is bounded. What is left over is decided in the next one, which `outstanding` asks for at once.

import { activeTime } from './active-time.ts'
import { cleanupMs } from './aftermath/aftermath.ts'
import { isPaused } from './control/control.ts'
import type { StepPath } from './event.ts'
import { activeTimedOut, cleanupTimedOut, executionTooLarge, tooManySteps, tooOld } from './failure.ts'
import { finish, finishIfOver } from './finish.ts'
import { gateOf } from './gates.ts'
import { lacksContact, noteLack } from './live-contact.ts'
import { nodeOf } from './path.ts'
import type { PlanNode } from './plan.ts'
import { hasRoom, isTooLarge, maxExecutionSize } from './size.ts'
import { isEmpty, type ExecutionState, type OpenStep } from './state.ts'
import { beginStep, canBegin } from './steps/begin.ts'
import { beginRetry, settleCall } from './steps/call.ts'
import { settleChild } from './steps/child.ts'
import { failMissing } from './steps/close.ts'
import { endIteration, goRound } from './steps/loop.ts'
import { settleMerge } from './steps/merge.ts'
import { endBranch, settleParallel } from './steps/parallel.ts'
import { settleRecall } from './steps/recall.ts'
import { settleWait } from './steps/wait.ts'
import { isEnding, seeContact, type Turn } from './turn.ts'

/** An execution may be this old in one generation, waits and all. */
export const maxAgeMs = 365 * 86_400_000

/**
 * Adds to the turn every event that follows from its state at `turn.at`: calls that are due, waits that are over, steps that
 * can go on, the end of the execution. Adds nothing to an execution that has finished, has not started, is paused, or is
 * queued at a gate. Call it once per turn, after what was received. Never throws for what a workflow does: that is a failure
 * in the journal.
 */
export function decide(turn: Turn): void {
  const { state } = turn
  if (state.finished !== null) return
  if (state.startedAt === null && state.cancelling === null) return
  do {
    if (isPaused(state) || gateOf(state) !== undefined) return
    if (lacksContact(turn)) return noteLack(turn)
    if (state.awaitsContact) seeContact(turn)
    playOn(turn)
  } while (state.finished === null && finishIfOver(turn))
}

function playOn(turn: Turn): void {
  const { state } = turn
  settleRegions(turn)
  if (!isEnding(state)) settleOpenSteps(turn)
  if (!isEnding(state)) checkBudgets(turn)
  if (isPaused(state)) return
  // In this order a call that was lost keeps its place among those in flight.
  if (!isEnding(state)) beginDueCalls(turn)
  if (!isEnding(state)) goAsFarAsPossible(turn)
}

function settleOpenSteps(turn: Turn): void {
  const { state } = turn
  for (const path in state.open) {
    settleStep(turn, path)
    settleRegions(turn)
    if (isEnding(state)) return
  }
}

/** Tells the owners of what is over, in the order in which it ended. */
function settleRegions(turn: Turn): void {
  const { state, plan } = turn
  // A plan that does not belong to the journal could leave one unsettled.
  for (let before = -1; state.over.length > 0 && !isEnding(state) && turn.events.length > before;) {
    before = turn.events.length
    const id = state.over[0]!
    const path = state.regions[id]!.owner
    const node = plan.nodes.get(state.open[path]?.node ?? '')
    if (node === undefined) failMissing(turn, path, nodeOf(path))
    else if (node.behaviour.kind === 'loop') endIteration(turn, path, id, node, node.behaviour)
    else endBranch(turn, path, id, node)
  }
}

/** Until nothing more follows: one decision (this call is lost) can make the next one possible. */
function settleStep(turn: Turn, path: StepPath): void {
  const { open } = turn.state
  let step = open[path]
  for (let before: OpenStep | null = null; step !== undefined && step !== before; step = open[path]) {
    before = step
    const node = turn.plan.nodes.get(step.node)
    if (node === undefined) failMissing(turn, path, step.node)
    else if (step.status === 'waiting') settleWait(turn, path, step, node)
    else if (step.status === 'branching') settleParallel(turn, path, step, node)
    else if (step.status === 'looping') settleLoop(turn, path, node)
    else if (step.status === 'delegating') settleChild(turn, path, step)
    else if (step.status !== 'merging' && step.status !== 'recalling') settleCall(turn, path, step, node)
  }
}

function checkBudgets(turn: Turn): void {
  const { state, plan, at } = turn
  // What is over is over: a budget forbids going on, not having finished.
  if (state.ready.length === 0 && isEmpty(state.open)) return
  const { until = null } = state.aftermath ?? {}
  if (until !== null && until <= at) {
    finish(turn, 'timed_out', { failure: cleanupTimedOut(cleanupMs) })
  } else if (activeTime(state, at) >= plan.activeTimeoutMs) {
    finish(turn, 'timed_out', { output: null, failure: activeTimedOut(plan.activeTimeoutMs) })
  } else if (at - bornAt(state) >= maxAgeMs) {
    finish(turn, 'timed_out', { output: null, failure: tooOld(maxAgeMs) })
  } else if (isTooLarge(state)) {
    finish(turn, 'failed', { output: null, failure: executionTooLarge(maxExecutionSize) })
  }
}

/** From when on an execution's age is counted: what is done after its end has a time of its own. */
export function bornAt({ aftermath, generationAt }: ExecutionState): number {
  return aftermath?.at ?? generationAt
}

/** Retries whose time has come, and what was looked up in vain. */
function beginDueCalls(turn: Turn): void {
  const { open } = turn.state
  for (const path in open) {
    const step = open[path]!
    const node = turn.plan.nodes.get(step.node)
    if (step.status === 'retrying' && node !== undefined) beginRetry(turn, path, step, node)
    else if (step.status === 'recalling' && node !== undefined) settleRecall(turn, path, step, node)
  }
}

/** Begins what is ready, and what becomes ready by it. Merges are looked at last, when no more can come at once. */
function goAsFarAsPossible(turn: Turn): void {
  const { state } = turn
  do beginReadySteps(turn)
  while (!isEnding(state) && settleMerges(turn))
}

function beginReadySteps(turn: Turn): void {
  const { state, plan } = turn
  let held = 0
  while (held < state.ready.length && hasRoom(turn)) {
    const token = state.ready[held]!
    if (!canBegin(turn, token)) {
      held += 1
      continue
    }
    if (state.stepCount - state.stepsBefore >= plan.maxSteps)
      return finish(turn, 'failed', { output: null, failure: tooManySteps(plan.maxSteps) })
    turn.begun += 1
    beginStep(turn, token)
    if (state.over.length > 0) settleRegions(turn)
    if (isEnding(state)) return
  }
}

function settleLoop(turn: Turn, path: StepPath, node: PlanNode): void {
  if (node.behaviour.kind === 'loop') goRound(turn, path, node, node.behaviour)
}

/** Whether a merge went on. */
function settleMerges(turn: Turn): boolean {
  const { events, plan, state } = turn
  const before = events.length
  for (const path in state.open) {
    const step = state.open[path]!
    const node = plan.nodes.get(step.node)
    if (step.status !== 'merging' || node === undefined) continue
    settleMerge(turn, path, step, node)
    if (events.length === before) continue
    settleRegions(turn)
    return true
  }
  return false
}

// trace
//
// A journal as far as it matters to how far an execution has come: which steps have begun and ended, when, and what holds
// those that are open. A fold, one event at a time, so that an execution can be looked at as it stood after each turn.
//
//   T1. Only what lies in no loop is kept step by step. Of a loop it is counted how often it went round and how many steps
//       that took: ten thousand iterations are one visit.
//   T2. What undoes an execution or handles its failure is no part of its way, and not counted.

import type { ExecutionEvent, StepPath } from '../engine/event.ts'
import { totalOf } from '../engine/loop-range.ts'
import { nodeOf } from '../engine/path.ts'
import { beginInside, endInside, endRound, loopOf, newRounds, restartRounds, type Rounds } from './rounds.ts'

/** What holds an open step: it goes on then; not before then; by then at the latest, and sooner if this comes. */
export type Hold =
  | { kind: 'until'; at: number }
  | { kind: 'notBefore'; at: number }
  | { kind: 'atMost'; at: number; comes: 'approval' | 'event' | 'child' }

/** A step that lies in no loop. Times are epoch ms. */
export interface Visit {
  readonly path: StepPath
  readonly node: string
  readonly startedAt: number
  endedAt: number | null
  /** It was cancelled: others decided when it ended. */
  wasCut: boolean
  hold: Hold | null
  /** Others go on beside each other in it. */
  isOwner: boolean
  rounds: Rounds | null
}

export interface Trace {
  /** In the order they began. */
  readonly visits: Map<StepPath, Visit>
  /** How often each node was visited. */
  readonly counts: Map<string, number>
  readonly open: Set<Visit>
  begun: number
  done: number
  /** The step that ended last. */
  last: Visit | null
  /** Changes with each visit that begins or ends. */
  revision: number
  trigger: string | null
  startedAt: number | null
  finishedAt: number | null
  /** It has to pass gates before anything begins. */
  gates: number
  paused: boolean
  /** It came to its end in another way than it should, and that is dealt with. */
  ending: boolean
  /** How often it went on after an end, or as another execution. */
  restarts: number
}

/** An execution that has not begun. */
export function newTrace(): Trace {
  return {
    visits: new Map(),
    counts: new Map(),
    open: new Set(),
    begun: 0,
    done: 0,
    last: null,
    revision: 0,
    trigger: null,
    startedAt: null,
    finishedAt: null,
    gates: 0,
    paused: false,
    ending: false,
    restarts: 0,
  }
}

/** Takes in what happened next. Events of unknown types are passed over. */
export function follow(trace: Trace, event: ExecutionEvent): void {
  switch (event.type) {
    case 'started':
      trace.trigger = event.trigger.nodeId
      trace.startedAt = event.at
      trace.gates = event.gates?.length ?? 0
      return
    case 'gatePassed':
      trace.gates = Math.max(0, trace.gates - 1)
      if (trace.restarts === 0) trace.startedAt = event.at
      return
    case 'paused':
    case 'resumed':
      trace.paused = event.type === 'paused'
      return
    case 'aftermathStarted':
      trace.ending = true
      return
    case 'finished':
      trace.finishedAt = event.at
      trace.paused = false
      return
    case 'redriven':
    case 'forked':
      restart(trace, event)
      return
    default:
      if (!trace.ending) followStep(trace, event)
  }
}

function followStep(trace: Trace, event: ExecutionEvent): void {
  switch (event.type) {
    case 'attemptStarted':
    case 'resultSought':
    case 'branchesStarted': {
      const visit = begin(trace, event.path, event.at)
      if (visit === null) return
      visit.hold = null
      visit.isOwner = event.type === 'branchesStarted'
      return
    }
    case 'branchArrived':
      // One step, however many branches it joins.
      if (event.into === event.path) begin(trace, event.path, event.at)
      return
    case 'waitStarted': {
      const { dueAt, topic, approval } = event
      const visit = begin(trace, event.path, event.at)
      if (visit === null) return
      if (approval !== undefined) visit.hold = { kind: 'atMost', at: dueAt, comes: 'approval' }
      else if (topic !== undefined) visit.hold = { kind: 'atMost', at: dueAt, comes: 'event' }
      else visit.hold = { kind: 'until', at: dueAt }
      return
    }
    case 'childCalled': {
      const visit = begin(trace, event.path, event.at)
      if (visit === null) return
      const { timeoutMs } = event
      visit.hold = timeoutMs === undefined ? null : { kind: 'atMost', at: event.at + timeoutMs, comes: 'child' }
      return
    }
    case 'retryScheduled':
    case 'attemptDeferred': {
      const visit = trace.visits.get(event.path)
      if (visit !== undefined) visit.hold = { kind: 'notBefore', at: event.dueAt }
      return
    }
    case 'attemptReleased':
    case 'retryRequested': {
      const visit = trace.visits.get(event.path)
      if (visit !== undefined) visit.hold = null
      return
    }
    case 'loopStarted': {
      const visit = begin(trace, event.path, event.at)
      if (visit !== null) visit.rounds = newRounds(totalOf(event.range), event.at)
      return
    }
    case 'iterationSkipped':
    case 'iterationEnded': {
      const rounds = trace.visits.get(event.path)?.rounds
      if (rounds !== undefined && rounds !== null) endRound(rounds, event.index, event.at)
      return
    }
    case 'stepCompleted':
    case 'stepFailed':
    case 'stepCancelled':
      end(trace, event)
      return
    default:
  }
}

/** The step at a path, begun now unless it is open already. Null: it lies in a loop, and is counted there. */
function begin(trace: Trace, path: StepPath, at: number): Visit | null {
  const loop = loopOf(path)
  if (loop !== null) {
    inside(trace, loop, (rounds) => beginInside(rounds, path))
    return null
  }
  const known = trace.visits.get(path)
  if (known !== undefined && known.endedAt === null) return known
  if (known !== undefined) forget(trace, known)
  const visit: Visit = {
    path,
    node: nodeOf(path),
    startedAt: at,
    endedAt: null,
    wasCut: false,
    hold: null,
    isOwner: false,
    rounds: null,
  }
  trace.visits.set(path, visit)
  trace.counts.set(visit.node, (trace.counts.get(visit.node) ?? 0) + 1)
  trace.open.add(visit)
  trace.begun += 1
  trace.revision += 1
  return visit
}

function end(
  trace: Trace,
  { type, path, at }: ExecutionEvent & { type: 'stepCompleted' | 'stepFailed' | 'stepCancelled' },
): void {
  const loop = loopOf(path)
  if (loop !== null) return inside(trace, loop, (rounds) => endInside(rounds, path, type === 'stepCompleted'))
  const visit = begin(trace, path, at)
  if (visit === null) return
  visit.endedAt = at
  visit.wasCut = type === 'stepCancelled'
  visit.hold = null
  trace.open.delete(visit)
  trace.last = visit
  trace.done += 1
  trace.revision += 1
}

/** Changes what is counted of a loop, and of the whole with it. */
function inside(trace: Trace, loop: StepPath, change: (rounds: Rounds) => void): void {
  const rounds = trace.visits.get(loop)?.rounds
  if (rounds === undefined || rounds === null) return
  const { begun, done } = rounds
  change(rounds)
  trace.begun += rounds.begun - begun
  trace.done += rounds.done - done
}

/** What was open goes on where it is said to, or is given up; what is done anew has not been done. */
function restart(trace: Trace, event: ExecutionEvent & { type: 'redriven' | 'forked' }): void {
  const { next, reopened = [] } = event
  trace.restarts += 1
  trace.finishedAt = null
  trace.paused = false
  trace.ending = false
  trace.gates = event.gates?.length ?? 0
  trace.last = null
  trace.revision += 1
  for (const path of reopened) reopen(trace, path)
  for (const path of next) {
    const visit = trace.visits.get(path)
    if (visit !== undefined) forget(trace, visit)
  }
  for (const visit of trace.open) if (!reopened.includes(visit.path)) forget(trace, visit)
  for (const { path } of trace.visits.values()) {
    const anew = [...next, ...reopened].filter((each) => loopOf(each) === path)
    inside(trace, path, (rounds) => restartRounds(rounds, anew))
  }
}

function reopen(trace: Trace, path: StepPath): void {
  const visit = trace.visits.get(path)
  if (visit === undefined || visit.endedAt === null) return
  visit.endedAt = null
  trace.open.add(visit)
  trace.done -= 1
}

function forget(trace: Trace, visit: Visit): void {
  const { path, node, rounds, endedAt } = visit
  trace.visits.delete(path)
  trace.open.delete(visit)
  trace.counts.set(node, (trace.counts.get(node) ?? 1) - 1)
  trace.begun -= 1 + (rounds?.begun ?? 0)
  trace.done -= (endedAt === null ? 0 : 1) + (rounds?.done ?? 0)
  trace.revision += 1
}

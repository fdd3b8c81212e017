import type { Json } from '../../contract/json.ts'
import type { ExecutionEvent, StepPath } from '../event.ts'
import { isSuperseded, openFrame, viewOf } from '../frames.ts'
import { iterationsAround } from '../loop-scope.ts'
import { placeOf } from '../places.ts'
import { regionOf } from '../regions.ts'
import { emptyRecord, type ExecutionState } from '../state.ts'
import { goOn } from '../tokens.ts'
import type { Aftermath, AftermathEvent, Undoable } from './aftermath.ts'

/** Folds what happens after an execution came to its end. */
export function evolveAftermath(state: ExecutionState, event: AftermathEvent): void {
  const { aftermath } = state
  if (event.type === 'aftermathStarted') return begin(state, event)
  if (aftermath === null) return
  switch (event.type) {
    case 'undoStarted': {
      const of = aftermath.left.pop()
      if (of === undefined) return
      aftermath.part = { kind: 'undo', of }
      beginPart(state, event.node, event.next)
      return
    }
    case 'undoEnded': {
      const { path, node, failure } = event
      if (aftermath.part?.kind === 'undo') endPart(state, aftermath)
      else aftermath.left.pop()
      if (failure === undefined) aftermath.undone += 1
      else aftermath.stuck.push({ path, node, failure })
      return
    }
    case 'handlerStarted':
      aftermath.handler = null
      aftermath.part = { kind: 'handler' }
      beginPart(state, null, event.next)
      return
    case 'handlerEnded':
      endPart(state, aftermath)
      return
    default:
      // Not `unreachable`: a journal may hold events of another release.
      event satisfies never
  }
}

/** All that goes on has been cancelled by now: what is left are tokens that did not begin. */
function begin(state: ExecutionState, event: AftermathEvent & { type: 'aftermathStarted' }): void {
  const { at, status, output = state.lastOutput, failure, handler = null, undoes, until = null } = event
  if (state.ended === null) for (const token of state.ready) state.unfinished[token.path] = token
  state.ready = []
  state.aftermath = {
    verdict: { status, output, ...(failure !== undefined && { failure }) },
    failedAt: state.failedAt,
    at,
    until,
    left: undoes ? eachOnce(state.undoable) : [],
    handler,
    part: null,
    undone: 0,
    stuck: [],
    over: state.over,
  }
  if (undoes) {
    // What is undone cannot be gone on with.
    state.undoable = []
    state.unfinished = emptyRecord()
  }
  state.over = []
  // Somebody who cancels does not wait for anybody.
  if (status === 'cancelled') state.paused = null
  forgive(state)
  state.cancelling = null
}

/** What may have happened, and was then done by a redrive, is undone once: as it was the last time. */
function eachOnce(undoable: readonly Undoable[]): Undoable[] {
  const last = new Map<StepPath, Undoable>()
  for (const step of undoable) {
    last.delete(step.path)
    last.set(step.path, step)
  }
  return [...last.values()]
}

function beginPart(state: ExecutionState, node: string | null, next: StepPath[]): void {
  state.activeMs = 0
  state.stepsBefore = state.stepCount
  goOn(state, { node, next }, openFrame(state, null))
}

function endPart(state: ExecutionState, aftermath: Aftermath): void {
  aftermath.part = null
  forgive(state)
}

/** What ended one part does not end the next. A cancellation does. */
function forgive(state: ExecutionState): void {
  state.failure = null
  state.ended = null
}

/** What undoing a step needs of it, when it completes in this frame or may have happened. */
export function undoableOf(
  state: ExecutionState,
  { path, node }: Pick<ExecutionEvent & { type: 'stepCompleted' }, 'path' | 'node'>,
  output: Json,
  frame: number,
): Undoable {
  const seen = emptyRecord<Json>()
  const view = viewOf(state, frame)
  // One view for all: what is to be seen then is what is to be seen now.
  if (view !== state.outputs || placeOf(path) !== '') {
    for (const id in view) {
      if (placeOf(state.latest[id] ?? '') !== '' || isSuperseded(state, frame, id)) seen[id] = view[id]!
    }
  }
  seen[node] = output
  const around = regionOf(state, frame) === null ? null : iterationsAround(state, frame)
  return around === null ? { path, node, seen } : { path, node, seen, around }
}

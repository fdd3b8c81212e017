// frames: what a token sees
//
// Expressions say `steps.score`, and two tokens may have passed `score`. Each must see the output of its own way:
//
//            ┌─► a ─┐                  `join` runs twice. The second visit's output must not reach
//   start ───┤      ├─► join ─► send   the first visit's `send`, in whatever order the steps happen.
//            └─► b ─┘
//
//   F1. A frame is one token's way since the last fan-out. At a fan-out each branch gets a frame of its own, below the
//       one that forked; so a frame has one token, or children, and after the fork it does not change any more.
//   F2. A token sees the nearest output on its own way; of a node that is not on it, the latest there is.
//   F3. Memory is bounded by what is alive: a replaced output is kept only while the frame that made it lives.
//   F4. Without a node that ran twice in different frames all views are one and the same map, and seeing costs nothing.

import type { Json } from '../contract/json.ts'
import type { StepPath } from './event.ts'
import { emptyRecord, isEmpty, type ExecutionState } from './state.ts'

export interface Frame {
  readonly parent: number | null
  /** Tokens (one or none) and frames below. */
  uses: number
  /** Which visit of a node lies on this way. */
  readonly paths: Record<string, StepPath>
}

/** A new frame with one token in it. */
export function openFrame(state: ExecutionState, parent: number | null): number {
  const id = state.nextFrame
  state.nextFrame += 1
  state.frameCount += 1
  state.frames[id] = { parent, uses: 1, paths: emptyRecord() }
  return id
}

/** A token, or a frame below, has gone. */
export function releaseFrame(state: ExecutionState, id: number): void {
  let released: number | null = id
  while (released !== null && state.frameCount > 1) {
    const frame: Frame | undefined = state.frames[released]
    if (frame === undefined) return
    frame.uses -= 1
    if (frame.uses > 0) return
    forget(state, frame)
    delete state.frames[released]
    state.frameCount -= 1
    released = frame.parent
  }
}

function forget({ superseded, latest }: ExecutionState, { paths }: Frame): void {
  for (const node in paths) {
    const path = paths[node]!
    delete superseded[path]
    if (latest[node] === path) delete latest[node]
  }
}

/** One frame per branch, all below `parent`, whose token is gone. */
export function fork(state: ExecutionState, parent: number, branches: number): number[] {
  const frame = state.frames[parent]
  if (frame !== undefined) frame.uses += branches - 1
  return Array.from({ length: branches }, () => openFrame(state, parent))
}

export function keepOutput(
  state: ExecutionState,
  { frame: id, node, path, output }: { frame: number; node: string; path: StepPath; output: Json },
): void {
  const last = state.latest[node]
  const paths = state.frames[id]?.paths
  if (last !== undefined) {
    const own = paths?.[node]
    if (last !== own && state.frameCount > 1) state.superseded[last] = state.outputs[node]!
    if (own !== undefined && own !== last) delete state.superseded[own]
  }
  if (paths !== undefined) paths[node] = path
  state.latest[node] = path
  state.outputs[node] = output
}

/** Outputs by node, as a token in this frame sees them. Only good until the next event is folded. */
export function viewOf(state: ExecutionState, id: number): Readonly<Record<string, Json>> {
  if (isEmpty(state.superseded)) return state.outputs
  const way: Frame[] = []
  for (let frame = state.frames[id]; frame !== undefined; frame = parentOf(state, frame)) way.push(frame)

  const view = Object.assign(emptyRecord<Json>(), state.outputs)
  for (const { paths } of way.reverse()) {
    for (const node in paths) {
      const path = paths[node]!
      view[node] = path in state.superseded ? state.superseded[path]! : state.outputs[node]!
    }
  }
  return view
}

function parentOf(state: ExecutionState, frame: Frame): Frame | undefined {
  return frame.parent === null ? undefined : state.frames[frame.parent]
}

// regions: what goes on inside another step
//
//   start ─► all ═╦═ a ─► fetch ─► keep        a branch of `all`, or an iteration of a loop, is a region: it begins with
//                 ╠═ b ─► score              a frame of its own, and is over when no token lives below that frame.
//                 ╚═ done ─► last            Then its owner goes on; no edge has to lead back.
//
//   R1. A region is named by its first frame, which its owner holds until it has taken in what came of it.
//   R2. The owner's token stays in the frame above. So regions lie in each other as frames do.
//   R3. A failure that nobody handled on its way ends the innermost region and is its owner's to handle. Only when no
//       owner above does, it stops the execution, and then everything stays as it is for a redrive.

import type { Json } from '../contract/json.ts'
import type { Failure } from '../contract/failure.ts'
import type { StepPath } from './event.ts'
import { eraseFrame, openFrame, releaseFrame } from './frames.ts'
import { emptyRecord, type ExecutionState } from './state.ts'

export interface Region {
  readonly owner: StepPath
  /** Which of the owner's: the branch, or the iteration. */
  readonly key: string
  /** The prefix of the paths in it, when it is a place of its own: an iteration. */
  readonly place: string | null
  /** The step that completed last in it, and its output. */
  last: StepPath | null
  lastOutput: Json
  /** What it failed with. */
  failure: Failure | null
}

/** A new region below a frame, with one token in it. */
export function openRegion(
  state: ExecutionState,
  above: number,
  owner: StepPath,
  key: string,
  place: string | null = null,
): number {
  const id = openFrame(state, above)
  const frame = state.frames[id]!
  frame.region = id
  frame.uses += 1
  state.frames[above]!.uses += 1
  state.regions[id] = { owner, key, place, last: null, lastOutput: null, failure: null }
  return id
}

/** A new iteration of a loop: a region that is a place of its own. */
export function openIteration(state: ExecutionState, above: number, owner: StepPath, index: number): number {
  const place = `${owner}[${index}].`
  state.places[place] = { visits: emptyRecord() }
  state.placeCount += 1
  return openRegion(state, above, owner, String(index), place)
}

/** Forgets an iteration: its place, its outputs, its counts. Nothing lives in it any more. */
export function closeIteration(state: ExecutionState, id: number): void {
  const place = state.regions[id]?.place
  closeRegion(state, id)
  if (place === undefined || place === null) return
  delete state.places[place]
  state.placeCount -= 1
  eraseFrame(state, id)
}

/** Makes a region's first frame a frame like any other, which its owner still holds. Nothing lives in it any more. */
export function closeRegion(state: ExecutionState, id: number): void {
  const frame = state.frames[id]
  if (frame === undefined || state.regions[id] === undefined) return
  delete state.regions[id]
  frame.region = frame.parent === null ? null : (state.frames[frame.parent]?.region ?? null)
  const index = state.over.indexOf(id)
  if (index >= 0) state.over.splice(index, 1)
}

/** A token in this frame failed, and its region with it. */
export function failRegion(state: ExecutionState, frame: number, failure: Failure): void {
  const id = regionOf(state, frame)
  const region = id === null ? undefined : state.regions[id]
  if (id !== null && region !== undefined && region.failure === null) {
    region.failure = failure
    if (!state.over.includes(id)) state.over.push(id)
  }
  releaseFrame(state, frame)
}

/** A step in this frame has completed. */
export function keepForRegion(state: ExecutionState, frame: number, path: StepPath, output: Json): void {
  const id = regionOf(state, frame)
  if (id === null) return
  const region = state.regions[id]!
  region.last = path
  region.lastOutput = output
}

/** The innermost region in which a frame lies. */
export function regionOf(state: ExecutionState, frame: number): number | null {
  return state.frames[frame]?.region ?? null
}

/** The region in which another one lies. */
export function regionAbove(state: ExecutionState, id: number): number | null {
  const above = state.frames[id]?.parent
  return above === undefined || above === null ? null : regionOf(state, above)
}

/** Whether a frame lies in a region, however deep. */
export function isIn(state: ExecutionState, frame: number, region: number): boolean {
  for (let id = regionOf(state, frame); id !== null; id = regionAbove(state, id)) if (id === region) return true
  return false
}

// frames: what a token sees
//
// Expressions say `steps.score`, and two tokens may have passed `score`. Each must see the output of its own way:
//
//            ┌─► a ─┐                  `join` runs twice. The second visit's output must not reach
//   start ───┤      ├─► join ─► send   the first visit's `send`, in whatever order the steps happen.
//            └─► b ─┘
//
//   F1. A frame is one token's way since the last fan-out. At a fan-out each branch gets a frame of its own, below the
//       one that forked; so a frame has one token, or children, and after the fork it does not change any more until
//       its branches have met again.
//   F2. A token sees the nearest output on its own way; of a node that is not on it, the latest there is.
//   F3. Memory is bounded by what is alive: a replaced output is kept only while the frame that made it lives.
//   F4. Without a node that ran twice in different frames all views are one and the same map, and seeing costs nothing.
//   F5. Branches that meet go on as one token that sees what lies on any of their ways. When nothing else lives below
//       the frame that forked, they go on in that frame itself, so a cycle of forks and merges does not grow.

import type { Json } from '../contract/json.ts'
import type { StepPath } from './event.ts'
import { nodeOf } from './path.ts'
import { placeOf } from './places.ts'
import { emptyRecord, isEmpty, type ExecutionState } from './state.ts'

export interface Frame {
  readonly parent: number | null
  /** Tokens (one or none) and frames below. The first frame of a region is held by the region's owner besides. */
  uses: number
  /** The innermost region in which it lies (`regions.ts`): its own id when it is the region's first. */
  region: number | null
  /** Which visit of a node lies on this way. */
  readonly paths: Record<string, StepPath>
  /** Merges that went on before all branches below this frame had come: by merge, the key of that group. */
  merged?: Record<string, string>
}

/** Branches of a merge that belong together: those that parted at one visit of its origin. */
export interface Group {
  readonly frame: number
  readonly key: string
}

/** A new frame with one token in it. */
export function openFrame(state: ExecutionState, parent: number | null): number {
  const id = state.nextFrame
  state.nextFrame += 1
  state.frameCount += 1
  const region = parent === null ? null : (state.frames[parent]?.region ?? null)
  state.frames[id] = { parent, uses: 1, region, paths: emptyRecord() }
  return id
}

/** A token, or a frame below, has gone. */
export function releaseFrame(state: ExecutionState, id: number): void {
  let released: number | null = id
  while (released !== null && state.frameCount > 1) {
    const frame: Frame | undefined = state.frames[released]
    if (frame === undefined) return
    frame.uses -= 1
    if (frame.region === released) return endRegion(state, released, frame)
    if (frame.uses > 0) return
    if (frame.region === null) forget(state, frame)
    // What was seen in a region stays until its owner has taken it in.
    else handOver(state, frame, state.frames[frame.region]!)
    delete state.frames[released]
    state.frameCount -= 1
    released = frame.parent
  }
}

/** Only its owner holds the region's first frame: nothing lives in it any more. A failed one has been told already. */
function endRegion(state: ExecutionState, id: number, { uses }: Frame): void {
  if (uses === 1 && !state.over.includes(id)) state.over.push(id)
}

/** Gives what was seen in one frame, which ends, to another: the latest visit of a node, or else this one. */
function handOver(state: ExecutionState, { paths }: Pick<Frame, 'paths'>, to: Frame): void {
  for (const node in paths) {
    const before = to.paths[node]
    const isLatest = before !== undefined && before === state.latest[node]
    if (isLatest) drop(state, node, paths[node]!)
    else if (before !== undefined) drop(state, node, before)
    if (!isLatest) to.paths[node] = paths[node]!
  }
}

/** Releases the first frame of a place that has come to its end, with the outputs that were made there. */
export function eraseFrame(state: ExecutionState, id: number): void {
  const frame = state.frames[id]
  if (frame === undefined) return
  for (const node in frame.paths) if (state.latest[node] === frame.paths[node]) delete state.outputs[node]
  forget(state, frame)
  delete state.frames[id]
  state.frameCount -= 1
  if (frame.parent !== null) releaseFrame(state, frame.parent)
}

function forget(state: ExecutionState, { paths }: Frame): void {
  for (const node in paths) drop(state, node, paths[node]!)
}

/** A frame no longer holds this visit. Its output is kept while another one does. */
function drop(state: ExecutionState, node: string, path: StepPath): void {
  const { superseded, latest, shared } = state
  const others = othersThatSee(state, path)
  if (others === 0) {
    delete superseded[path]
    if (latest[node] === path) delete latest[node]
  } else if (others === 1) delete shared[path]
  else shared[path] = others - 1
}

/** A path may be called like something that every object has. */
function othersThatSee({ shared }: ExecutionState, path: StepPath): number {
  return Object.hasOwn(shared, path) ? shared[path]! : 0
}

/** One frame per branch, all below `parent`, whose token is gone. */
export function fork(state: ExecutionState, parent: number, branches: number): number[] {
  const frame = state.frames[parent]
  if (frame !== undefined) frame.uses += branches - 1
  return Array.from({ length: branches }, () => openFrame(state, parent))
}

/** What a visit gave is what its frame, and those below it, see of the node from now on. */
export function keepOutput(
  state: ExecutionState,
  { frame: id, node, path, output }: { frame: number; node: string; path: StepPath; output: Json },
): void {
  const last = state.latest[node]
  const paths = state.frames[id]?.paths
  const own = paths?.[node]
  if (last !== own || state.frameCount > 1) supersede(state, node, last, own)
  if (paths !== undefined) paths[node] = path
  state.latest[node] = path
  state.outputs[node] = output
}

/** Frames that already saw the output that is being replaced keep it. `own` is the visit that this way had. */
function supersede(state: ExecutionState, node: string, last: StepPath | undefined, own: StepPath | undefined): void {
  if (last === own && (own === undefined || othersThatSee(state, own) === 0)) return
  if (last !== undefined && state.frameCount > 1) state.superseded[last] = state.outputs[node]!
  if (own !== undefined) drop(state, node, own)
}

/** Outputs by node, as a token in this frame sees them. Only good until the next event is folded. */
export function viewOf(state: ExecutionState, id: number): Readonly<Record<string, Json>> {
  const isAlone = state.placeCount === 0 || state.placeCount === placesAround(state, id)
  if (isAlone && isEmpty(state.superseded)) return state.outputs
  const way: Frame[] = []
  for (let frame = state.frames[id]; frame !== undefined; frame = parentOf(state, frame)) way.push(frame)

  const view = isAlone ? Object.assign(emptyRecord<Json>(), state.outputs) : outputsAround(state, id)
  for (const { paths } of way.reverse()) {
    for (const node in paths) {
      const path = paths[node]!
      view[node] = path in state.superseded ? state.superseded[path]! : state.outputs[node]!
    }
  }
  return view
}

/** Whether a token in this frame sees another output of a node than the latest. */
export function isSuperseded(state: ExecutionState, id: number, node: string): boolean {
  for (let frame = state.frames[id]; frame !== undefined; frame = parentOf(state, frame)) {
    const path = frame.paths[node]
    if (path !== undefined) return path in state.superseded
  }
  return false
}

/** The iteration that a frame lies in, and those around it: their places, from the inside out. */
function placesOf(state: ExecutionState, id: number): string[] {
  const places: string[] = []
  for (let region = state.frames[id]?.region ?? null; region !== null;) {
    const place = state.regions[region]?.place ?? null
    if (place !== null) places.push(place)
    const above = state.frames[region]?.parent ?? null
    region = above === null ? null : (state.frames[above]?.region ?? null)
  }
  return places
}

function placesAround(state: ExecutionState, id: number): number {
  return placesOf(state, id).length
}

/** The latest outputs, without those of other iterations. */
function outputsAround(state: ExecutionState, id: number): Record<string, Json> {
  const around = placesOf(state, id)
  const view = emptyRecord<Json>()
  for (const node in state.outputs) {
    const place = placeOf(state.latest[node] ?? '')
    if (place === '' || around.includes(place)) view[node] = state.outputs[node]!
  }
  return view
}

function parentOf(state: ExecutionState, frame: Frame): Frame | undefined {
  return frame.parent === null ? undefined : state.frames[frame.parent]
}

/** The branches of a merge with which a token in this frame belongs. `origin` is the node at which they part. */
export function groupOf(state: ExecutionState, frame: number, origin: string, merge: string): Group {
  for (let id = frame; ;) {
    const { paths, parent, region }: Frame = state.frames[id]!
    // What has passed the merge itself comes round again: that is another group than those it left behind.
    if (paths[origin] !== undefined || paths[merge] !== undefined || parent === null || region === id) {
      return { frame: id, key: `${paths[origin] ?? ''} ${paths[merge] ?? ''}` }
    }
    id = parent
  }
}

/** True when branches of both meet in one step of a merge. */
export function isSameGroup(one: Group, other: Group): boolean {
  return one.frame === other.frame && one.key === other.key
}

/** Whether the merge went on without the rest of this group. */
export function isOver(state: ExecutionState, { frame, key }: Group, merge: string): boolean {
  return state.frames[frame]?.merged?.[merge] === key
}

/**
 * Joins the ways of a group and gives the frame in which they go on (F5). Where both have visited a node, the latest
 * visit counts. What else lives below the group's frame comes too late from now on.
 */
export function meet(state: ExecutionState, ways: readonly number[], { frame: at, key }: Group, merge: string): number {
  const ground = state.frames[at]!
  if (ways[0] === at) return at
  const met = openFrame(state, at)
  ground.uses += 1
  const { paths } = state.frames[met]!
  for (const way of ways) {
    const own = waysUpTo(state, way, at)
    for (const node in own) take(state, paths, node, own[node]!)
  }
  for (const way of ways) releaseFrame(state, way)
  const held = ground.region === at ? 1 : 0
  if (ground.uses > 1 + held) {
    ground.merged ??= emptyRecord()
    ground.merged[merge] = key
    return met
  }
  handOver(state, state.frames[met]!, ground)
  delete state.frames[met]
  state.frameCount -= 1
  if (state.frameCount === 1) unify(state, ground)
  return at
}

/** Gives a frame all that was seen in these, which end here: branches of its own that nothing lives in any more. */
export function absorb(state: ExecutionState, ways: readonly number[], into: number): void {
  const ground = state.frames[into]!
  const seen: Record<string, StepPath> = emptyRecord()
  for (const way of ways) {
    const { paths } = state.frames[way]!
    for (const node in paths) take(state, seen, node, paths[node]!)
  }
  for (const way of ways) releaseFrame(state, way)
  handOver(state, { paths: seen }, ground)
  if (state.frameCount === 1) unify(state, ground)
}

/** With one frame left there is one view again: nobody sees what replaced the outputs on its way (F4). */
function unify({ superseded, latest, outputs }: ExecutionState, { paths }: Frame): void {
  for (const path in superseded) {
    const node = nodeOf(path)
    if (paths[node] !== path) continue
    outputs[node] = superseded[path]!
    latest[node] = path
    delete superseded[path]
  }
}

/** Nearest visits from a frame up to, and without, another. */
function waysUpTo(state: ExecutionState, frame: number, top: number): Record<string, StepPath> {
  const nearest = emptyRecord<StepPath>()
  for (let id = frame; id !== top;) {
    const { paths, parent }: Frame = state.frames[id]!
    for (const node in paths) nearest[node] ??= paths[node]!
    if (parent === null) return nearest
    id = parent
  }
  return nearest
}

function take(state: ExecutionState, paths: Record<string, StepPath>, node: string, path: StepPath): void {
  const known = paths[node]
  if (known === path || (known !== undefined && known === state.latest[node])) return
  if (known !== undefined) drop(state, node, known)
  paths[node] = path
  state.shared[path] = othersThatSee(state, path) + 1
}

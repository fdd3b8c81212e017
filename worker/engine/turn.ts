import type { Failure } from '../contract/failure.ts'
import type { Json } from '../contract/json.ts'
import { outputsInAftermath, scopeInAftermath } from './aftermath/aftermath-scope.ts'
import { StepFailure, type LoopBehaviour, type Scope } from './behaviour.ts'
import type { ExecutionEvent, StepPath } from './event.ts'
import { partsOf } from './contact-parts.ts'
import { evolve } from './evolve.ts'
import { nodeCrashed } from './failure.ts'
import { viewOf } from './frames.ts'
import { itemAt } from './loop-range.ts'
import { iterationsAround } from './loop-scope.ts'
import { pathOf, spotBeside } from './path.ts'
import { visitsAt } from './places.ts'
import type { Plan, PlanNode } from './plan.ts'
import { regionOf } from './regions.ts'
import { sizeOf } from './size.ts'
import type { ExecutionState, Token } from './state.ts'

/** Who the execution is, as expressions and jitter see it. Given by the host, the same in every turn. */
export interface Identity {
  readonly executionId: string
  /** `production`, or `test` where effects are pretended. */
  readonly mode: string
}

/** Who an execution is whose effects are real. */
export function inProduction(executionId: string): Identity {
  return { executionId, mode: 'production' }
}

/** Whether whoever asks for a turn is making this attempt of a step now. */
export type IsInFlight = (path: StepPath, attempt: number) => boolean

/** Of a host that makes no calls while it asks. */
export const nothingInFlight: IsInFlight = () => false

/** Attempts in flight at a time, per execution: a Worker has six connections, and one is kept free. */
export const maxInFlight = 5

/** One turn while it is being decided. Deciders read it and call `record`; nothing else changes anything. */
export interface Turn {
  readonly plan: Plan
  readonly state: ExecutionState
  readonly identity: Identity
  readonly at: number
  /** Whether the host has an attempt in flight itself. */
  readonly isInFlight: IsInFlight
  readonly events: ExecutionEvent[]
  /** The last scope that was asked for, and the region it is of. */
  scope: Scope | null
  scopeRegion: number | null
  /** Steps and iterations begun. */
  begun: number
  /** What it has recorded, as `size.ts` counts it. */
  size: number
  /** The contact as its host found it for this turn; undefined: it did not look. */
  readonly contact: Json | undefined
  /** What it sees of the contact is recorded. */
  hasSeen: boolean
}

/** Writes an event down and folds it, so that the next decision sees it. `size` where that has been counted already. */
export function record(turn: Turn, event: ExecutionEvent, size = sizeOf(event)): void {
  turn.events.push(event)
  turn.size += size
  turn.state.size += size
  evolve(turn.state, event)
}

/** Writes down what this turn sees of the contact, where that is news (`live-contact.ts`). */
export function seeContact(turn: Turn): void {
  const { plan, state, contact } = turn
  if (contact === undefined || plan.contactReads === null || turn.hasSeen) return
  turn.hasSeen = true
  const seen = partsOf(contact, plan.contactReads)
  if (!state.awaitsContact && JSON.stringify(seen) === JSON.stringify(state.contact)) return
  record(turn, { type: 'contactRead', at: turn.at, contact: seen })
}

/** What a node may read now, in its frame. Good until the next event is recorded. */
export function scopeOf(turn: Turn, frame: number): Scope {
  seeContact(turn)
  const { state, scope } = turn
  const steps = state.aftermath === null ? viewOf(state, frame) : outputsInAftermath(state, frame)
  const region = state.placeCount > 0 ? regionOf(state, frame) : null
  // What a turn sees of the contact is settled before its first scope.
  const isSame =
    state.aftermath === null &&
    scope !== null &&
    scope.steps === steps &&
    scope.vars === state.vars &&
    turn.scopeRegion === region
  if (isSame) return scope
  const { executionId: id, mode } = turn.identity
  turn.scopeRegion = region
  turn.scope = {
    trigger: state.trigger?.data ?? null,
    steps,
    vars: state.vars,
    organization: state.organization,
    execution: { id, generation: state.generation, startedAt: new Date(state.startedAt ?? 0).toISOString(), mode },
    workflow: turn.plan.workflow,
    now: turn.at,
    ...(turn.plan.contactReads !== null && { contact: state.contact }),
    ...(state.chance !== undefined && { chance: state.chance }),
  }
  if (state.aftermath !== null) turn.scope = { ...turn.scope, ...scopeInAftermath(turn) }
  if (region !== null) turn.scope = withIterations(turn.scope, iterationsAround(state, frame))
  return turn.scope
}

function withIterations(scope: Scope, around: ReturnType<typeof iterationsAround>): Scope {
  return around === null ? scope : { ...scope, ...around, loops: { ...scope.loops, ...around.loops } }
}

/** What came in to a token: the output of the step it came from; of the first in an iteration, what that is for. */
export function inputOf(turn: Turn, { frame, from }: Pick<Token, 'frame' | 'from'>): Json {
  if (from === null) return null
  const { state } = turn
  const region = state.regions[regionOf(state, frame) ?? -1]
  const owner = region === undefined ? undefined : state.open[region.owner]
  if (region === undefined || owner?.node !== from) return scopeOf(turn, frame).steps[from] ?? null
  return owner.status === 'looping' ? itemAt(owner.range, Number(region.key)) : inputOf(turn, owner)
}

/**
 * The steps that become ready when a step is left by a port. `called` counts those of one event that are not folded
 * yet, where it leaves by several.
 */
export function nextSteps(
  { state }: Turn,
  path: StepPath,
  node: PlanNode,
  port: string,
  called?: Map<string, number>,
): StepPath[] {
  const targets = node.next.get(port)
  if (targets === undefined) return []
  return targets.map((target) => {
    const spot = spotBeside(path, target)
    const visit = (visitsAt(state, spot)[spot] ?? 0) + 1
    return pathOf(spot, called === undefined ? visit : visit + countOne(called, spot))
  })
}

/** How often it was counted before. */
function countOne(counts: Map<string, number>, key: string): number {
  const before = counts.get(key) ?? 0
  counts.set(key, before + 1)
  return before
}

/** The steps with which an iteration begins: first visits in a place of their own. */
export function iterationSteps(path: StepPath, index: number, node: PlanNode, { body }: LoopBehaviour): StepPath[] {
  return (node.next.get(body) ?? []).map((target) => `${path}[${index}].${target}`)
}

/** Whatever a behaviour threw, as data. */
export function toFailure(error: unknown): Failure {
  return error instanceof StepFailure ? error.failure : nodeCrashed(error)
}

/** Something has been decided that ends the execution: nothing new begins. */
export function isEnding({ failure, ended, cancelling, finished }: ExecutionState): boolean {
  return failure !== null || ended !== null || cancelling !== null || finished !== null
}

import type { Failure } from '../contract/failure.ts'
import { StepFailure, type Scope } from './behaviour.ts'
import type { ExecutionEvent, StepPath } from './event.ts'
import { evolve } from './evolve.ts'
import { nodeCrashed } from './failure.ts'
import { viewOf } from './frames.ts'
import { pathOf, spotBeside } from './path.ts'
import type { Plan, PlanNode } from './plan.ts'
import type { ExecutionState } from './state.ts'

/** Who the execution is, as expressions and jitter see it. Given by the host, the same in every turn. */
export interface Identity {
  readonly executionId: string
  /** `production`, or `test` where effects are pretended. */
  readonly mode: string
}

/** Attempts in flight at a time, per execution: a Worker has six connections, and one is kept free. */
export const maxInFlight = 5

/** One turn while it is being decided. Deciders read it and call `record`; nothing else changes anything. */
export interface Turn {
  readonly plan: Plan
  readonly state: ExecutionState
  readonly identity: Identity
  readonly at: number
  readonly events: ExecutionEvent[]
  scope: Scope | null
}

/** Writes an event down and folds it, so that the next decision sees it. */
export function record(turn: Turn, event: ExecutionEvent): void {
  turn.events.push(event)
  evolve(turn.state, event)
}

/** What a node may read now, in its frame. Good until the next event is recorded. */
export function scopeOf(turn: Turn, frame: number): Scope {
  const { state, scope } = turn
  const steps = viewOf(state, frame)
  if (scope !== null && scope.steps === steps && scope.vars === state.vars) return scope
  const { executionId: id, mode } = turn.identity
  turn.scope = {
    trigger: state.trigger?.data ?? null,
    steps,
    vars: state.vars,
    execution: { id, generation: state.generation, startedAt: new Date(state.startedAt ?? 0).toISOString(), mode },
    workflow: turn.plan.workflow,
    now: turn.at,
  }
  return turn.scope
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
    const before = called?.get(spot) ?? 0
    called?.set(spot, before + 1)
    return pathOf(spot, (state.visits[spot] ?? 0) + before + 1)
  })
}

/** Whatever a behaviour threw, as data. */
export function toFailure(error: unknown): Failure {
  return error instanceof StepFailure ? error.failure : nodeCrashed(error)
}

/** Something has been decided that ends the execution: nothing new begins. */
export function isEnding({ failure, ended, cancelling, finished }: ExecutionState): boolean {
  return failure !== null || ended !== null || cancelling !== null || finished !== null
}

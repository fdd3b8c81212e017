// A step that calls another workflow. The order is on disk before the child is started, under a key that gives the same
// child each time; how it ended arrives as a report.

import type { ChildBehaviour, ChildEnd, Outcome } from '../behaviour.ts'
import { delegatingAt, depthBelow } from '../children.ts'
import type { ChildCall, FinalStatus, StepPath } from '../event.ts'
import { childFailed, childTimedOut, tooDeep } from '../failure.ts'
import type { PlanNode } from '../plan.ts'
import type { Delegating, Token } from '../state.ts'
import { record, scopeOf, toFailure, type Turn } from '../turn.ts'
import { completeStep, failStep } from './close.ts'

/** How deep workflows may call each other. */
export const maxDepth = 5

/** Orders a child, unless workflows call each other too deep already. */
export function beginChild(turn: Turn, { path, frame, input }: Token, node: PlanNode, behaviour: ChildBehaviour): void {
  const { waits, timeoutMs } = behaviour
  if (depthBelow(turn.state) > maxDepth) {
    const end = { executionId: null, status: 'failed', output: null, failure: tooDeep(maxDepth) } as const
    return goOn(turn, path, frame, node, behaviour, end)
  }
  let child: ChildCall
  try {
    child = behaviour.resolve(scopeOf(turn, frame))
    if (input !== undefined) child = { ...child, input }
  } catch (error) {
    return failStep(turn, node, path, toFailure(error), 1)
  }
  const event = { type: 'childCalled', at: turn.at, path, node: node.id, child, waits } as const
  record(turn, waits && timeoutMs !== null ? { ...event, timeoutMs } : event)
}

/** The child is there. Who does not wait for its end goes on. */
export function childIsThere(turn: Turn, key: string, executionId: string): void {
  const found = delegatingAt(turn.state, key)
  if (found === undefined || found.step.executionId !== null) return
  const { path, step } = found
  record(turn, { type: 'childStarted', at: turn.at, path, executionId })
  if (!step.waits) close(turn, path, step, { executionId, status: 'started', output: null })
}

/** The child is over, or could not be started (`executionId` null): the step that waits for it goes on or fails. */
export function childHasEnded(turn: Turn, key: string, end: ChildEnd & { status: FinalStatus }): void {
  const found = delegatingAt(turn.state, key)
  if (found === undefined) return
  const { path, step } = found
  const { executionId, status } = end
  record(turn, { type: 'childEnded', at: turn.at, path, executionId, status })
  close(turn, path, step, step.waits || executionId === null ? end : { executionId, status: 'started', output: null })
}

/** Goes on without a child that takes too long. */
export function settleChild(turn: Turn, path: StepPath, step: Delegating): void {
  if (step.dueAt === null || step.dueAt > turn.at) return
  const { executionId } = step
  close(turn, path, step, {
    executionId,
    status: 'timed_out',
    output: null,
    failure: childTimedOut(step.timeoutMs ?? 0),
  })
}

function close(turn: Turn, path: StepPath, step: Delegating, end: ChildEnd): void {
  const node = turn.plan.nodes.get(step.node)
  // A plan that does not belong to the journal: `decide` says so.
  if (node?.behaviour.kind === 'child') goOn(turn, path, step.frame, node, node.behaviour, end)
}

function goOn(
  turn: Turn,
  path: StepPath,
  frame: number,
  node: PlanNode,
  behaviour: ChildBehaviour,
  end: ChildEnd,
): void {
  const { status, failure } = end
  const succeeded = status === 'completed' || status === 'completed_with_errors' || status === 'started'
  if (!succeeded && behaviour.failsWithChild) return failStep(turn, node, path, childFailed(status, failure), 1)
  let outcome: Outcome
  try {
    outcome = behaviour.combine(scopeOf(turn, frame), end)
  } catch (error) {
    return failStep(turn, node, path, toFailure(error), 1)
  }
  completeStep(turn, node, path, outcome)
}

// A step with branches of its own. They end by themselves, in whatever way; the step goes on when enough of them have.

import type { Failure } from '../../contract/failure.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { Outcome, ParallelBehaviour } from '../behaviour.ts'
import type { StepPath } from '../event.ts'
import { allBranchesFailed, branchTimedOut } from '../failure.ts'
import type { PlanNode } from '../plan.ts'
import type { Branching, Token } from '../state.ts'
import { isEmpty } from '../state.ts'
import { nextSteps, record, toFailure, type Turn } from '../turn.ts'
import { completeStep, failStep } from './close.ts'
import { cutOff, isHandled } from './contain.ts'

/** Begins all branches at once, each in a region of its own. */
export function beginParallel(turn: Turn, { path }: Token, node: PlanNode, behaviour: ParallelBehaviour): void {
  const { timeoutMs } = behaviour
  // Branches may lead to the same node: each visit has its own number.
  const called = new Map<string, number>()
  const branches = behaviour.branches.map((branch) => ({ branch, next: nextSteps(turn, path, node, branch, called) }))
  record(turn, {
    type: 'branchesStarted',
    at: turn.at,
    path,
    node: node.id,
    branches,
    ...(timeoutMs !== null && { timeoutMs }),
  })
  if (branches.length === 0) goOn(turn, path, node, behaviour)
}

/** Takes in a branch that is over. */
export function endBranch(turn: Turn, path: StepPath, region: number, node: PlanNode): void {
  const { behaviour } = node
  const ended = turn.state.regions[region]
  if (behaviour.kind !== 'parallel' || ended === undefined) return
  const { key: branch, failure } = ended
  if (failure !== null) cutOff(turn, region)
  record(turn, { type: 'branchEnded', at: turn.at, path, branch, ...(failure !== null && { failure }) })
  goOn(turn, path, node, behaviour)
}

/** Cuts off what has not ended in time. */
export function settleParallel(turn: Turn, path: StepPath, step: Branching, node: PlanNode): void {
  const { behaviour } = node
  const { at } = turn
  if (behaviour.kind !== 'parallel' || step.dueAt === null || step.dueAt > at) return
  const failure = branchTimedOut(step.timeoutMs ?? 0)
  if (behaviour.stopsAtFailure) return fail(turn, path, step, node, failure)
  for (const branch in step.live) {
    cutOff(turn, step.live[branch]!)
    record(turn, { type: 'branchEnded', at, path, branch, failure })
  }
  goOn(turn, path, node, behaviour)
}

function goOn(turn: Turn, path: StepPath, node: PlanNode, behaviour: ParallelBehaviour): void {
  const step = turn.state.open[path]
  if (step?.status !== 'branching') return
  const verdict = judge(behaviour, step)
  if (verdict === 'wait') return
  if (verdict !== 'enough') return fail(turn, path, step, node, verdict)
  let outcome: Outcome
  try {
    outcome = behaviour.combine(step.results)
  } catch (error) {
    return fail(turn, path, step, node, toFailure(error))
  }
  cutOffAll(turn, step)
  completeStep(turn, node, path, outcome)
}

function judge({ waitFor, stopsAtFailure }: ParallelBehaviour, step: Branching): 'wait' | 'enough' | Failure {
  const { results } = step
  const failures = results.flatMap((result) => ('failure' in result ? [result.failure] : []))
  const [failure] = stopsAtFailure ? failures : []
  const isLast = isEmpty(step.live)
  switch (waitFor) {
    case 'all':
      return failure ?? (isLast ? 'enough' : 'wait')
    case 'any':
      return failure ?? (isLast || results.length > 0 ? 'enough' : 'wait')
    case 'first':
      if (failures.length < results.length) return 'enough'
      if (!isLast) return 'wait'
      return failure === undefined ? 'enough' : allBranchesFailed(failures)
    default:
      return unreachable(waitFor)
  }
}

/** Where nobody handles it the branches stay as they are, for a redrive. */
function fail(turn: Turn, path: StepPath, step: Branching, node: PlanNode, failure: Failure): void {
  if (isHandled(turn, node, step.frame)) cutOffAll(turn, step)
  failStep(turn, node, path, failure, 1)
}

function cutOffAll(turn: Turn, { live }: Branching): void {
  for (const branch in live) cutOff(turn, live[branch]!)
}

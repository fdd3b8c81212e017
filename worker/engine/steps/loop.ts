// A step that goes round. Iterations end by themselves, as branches do; the step goes on when it is through, when it was
// told to stop, or when one has failed.

import type { Failure } from '../../contract/failure.ts'
import type { Json } from '../../contract/json.ts'
import type { LoopBehaviour, LoopScope, Outcome, Scope } from '../behaviour.ts'
import type { ExecutionEvent, LoopRange, StepPath } from '../event.ts'
import { tooManyIterations } from '../failure.ts'
import { itemAt, totalOf } from '../loop-range.ts'
import { firstIteration, iterationOf } from '../loop-scope.ts'
import type { Plan, PlanNode } from '../plan.ts'
import { hasRoom } from '../size.ts'
import type { Looping, Token } from '../state.ts'
import { iterationSteps, record, scopeOf, toFailure, type Turn } from '../turn.ts'
import { completeStep, failStep } from './close.ts'
import { cutOff, isHandled } from './contain.ts'

/**
 * Records what the loop goes over and begins its first iterations. What is longer than its limit fails before the first,
 * where reaching the limit is a failure.
 */
export function beginLoop(turn: Turn, { path, frame }: Token, node: PlanNode, behaviour: LoopBehaviour): void {
  const { goesOn, asksFirst, failsAtLimit, atOnce } = behaviour
  let range: LoopRange | null
  let stopped: Json = null
  try {
    const scope = scopeOf(turn, frame)
    range = behaviour.range(scope)
    const answer = asksFirst ? goesOn?.(withIteration(scope, node, firstIteration)) : undefined
    if (answer?.result === false) stopped = { by: 'condition', because: answer.because }
  } catch (error) {
    return failStep(turn, node, path, toFailure(error), 1)
  }
  // What is too long is refused before anything has been done about it.
  const limit = limitOf(turn.plan, behaviour)
  if ((totalOf(range) ?? 0) > limit && failsAtLimit) return failStep(turn, node, path, tooManyIterations(limit), 1)
  const event = { type: 'loopStarted', at: turn.at, path, node: node.id, range, atOnce } as const
  record(turn, { ...event, ...(stopped !== null && { stopped }) })
  goRound(turn, path, node, behaviour)
}

/** Takes in an iteration that is over. */
export function endIteration(
  turn: Turn,
  path: StepPath,
  region: number,
  node: PlanNode,
  behaviour: LoopBehaviour,
): void {
  const { state, at } = turn
  const step = state.open[path]
  const ended = state.regions[region]
  if (step?.status !== 'looping' || ended === undefined) return
  const { failure } = ended
  if (failure !== null && behaviour.stopsAtFailure) return fail(turn, path, step, node, failure)
  let came: Came
  try {
    came = whatCameOf(turn, region, step, node, behaviour)
  } catch (error) {
    return fail(turn, path, step, node, toFailure(error))
  }
  if (failure !== null) cutOff(turn, region)
  record(turn, { type: 'iterationEnded', at, path, index: Number(ended.key), ...came })
  goRound(turn, path, node, behaviour)
}

/** Begins as many iterations as may go on now, or goes on after the last. */
export function goRound(turn: Turn, path: StepPath, node: PlanNode, behaviour: LoopBehaviour): void {
  const { state, plan, at } = turn
  const limit = limitOf(plan, behaviour)
  for (;;) {
    const step = state.open[path]
    if (step?.status !== 'looping') return
    if (isThrough(step, behaviour, limit)) {
      if (liveIn(step) === 0) goOn(turn, path, step, node, behaviour)
      return
    }
    if (liveIn(step) >= step.atOnce || !hasRoom(turn)) return
    if (step.next >= limit) return fail(turn, path, step, node, tooManyIterations(limit))

    const index = step.next
    turn.begun += 1
    let skip: { result: boolean; because: Json } | undefined
    try {
      skip = behaviour.skips?.(withIteration(scopeOf(turn, step.frame), node, iterationOf(step, index)))
    } catch (error) {
      return fail(turn, path, step, node, toFailure(error))
    }
    if (skip?.result === true) record(turn, { type: 'iterationSkipped', at, path, index, because: skip.because })
    else record(turn, { type: 'iterationStarted', at, path, index, next: iterationSteps(path, index, node, behaviour) })
  }
}

/** Whether another iteration would begin if there were a turn. */
export function isDue(plan: Plan, step: Looping, { behaviour }: PlanNode): boolean {
  if (behaviour.kind !== 'loop') return false
  return !isThrough(step, behaviour, limitOf(plan, behaviour)) && liveIn(step) < step.atOnce
}

type Came = Pick<ExecutionEvent & { type: 'iterationEnded' }, 'output' | 'of' | 'keep' | 'failure' | 'stopped'>

function whatCameOf(turn: Turn, region: number, step: Looping, node: PlanNode, behaviour: LoopBehaviour): Came {
  const { collect, keeps, breaks, goesOn } = behaviour
  const { key, last, lastOutput, failure } = turn.state.regions[region]!
  const scope = scopeOf(turn, region)
  const output = failure !== null ? step.last : collect === null ? lastOutput : collect(scope)
  const stopped = whyStopped(breaks?.(scope), () =>
    goesOn?.(withIteration(scope, node, { ...iterationOf(step, Number(key) + 1), previous: output })),
  )
  const why = stopped === null ? {} : { stopped }
  if (failure !== null) return { failure, ...why }
  return {
    ...(collect !== null && { output }),
    ...(collect === null && last !== null && { of: last }),
    ...(!keeps && { keep: false }),
    ...why,
  }
}

type Answer = { readonly result: boolean; readonly because: Json } | undefined

function whyStopped(breaks: Answer, goesOn: () => Answer): Json {
  if (breaks?.result === true) return { by: 'break', because: breaks.because }
  const answer = goesOn()
  return answer?.result === false ? { by: 'condition', because: answer.because } : null
}

function goOn(turn: Turn, path: StepPath, step: Looping, node: PlanNode, behaviour: LoopBehaviour): void {
  const { done, skipped, range, failures } = step
  const total = totalOf(range)
  // Through only because it may have no more.
  const isCut = step.stopped === null && (total === null || step.next < total)
  let outcome: Outcome
  try {
    outcome = behaviour.combine({
      done,
      skipped,
      failures: failures.map(({ index, failure }) => ({ index, failure, item: itemAt(range, index) })),
      stopped: isCut ? { by: 'limit' } : step.stopped,
    })
  } catch (error) {
    return fail(turn, path, step, node, toFailure(error))
  }
  completeStep(turn, node, path, outcome)
}

/** Where nobody handles it the iterations stay as they are, for a redrive. */
function fail(turn: Turn, path: StepPath, step: Looping, node: PlanNode, failure: Failure): void {
  if (isHandled(turn, node, step.frame)) for (const index in step.live) cutOff(turn, step.live[index]!)
  failStep(turn, node, path, failure, 1)
}

function isThrough({ stopped, range, next }: Looping, { failsAtLimit }: LoopBehaviour, limit: number): boolean {
  const total = totalOf(range)
  return stopped !== null || (total !== null && next >= total) || (next >= limit && !failsAtLimit)
}

function liveIn({ live }: Looping): number {
  let count = 0
  for (const _ in live) count += 1
  return count
}

function limitOf(plan: Plan, { maxIterations }: LoopBehaviour): number {
  return Math.min(plan.maxIterations, maxIterations)
}

function withIteration(scope: Scope, { id }: PlanNode, loop: LoopScope): Scope {
  return { ...scope, loop, loops: { ...scope.loops, [id]: loop } }
}

// misfits
//
// Why an execution cannot go on with another version. What is finished is only data and fits anywhere; what is open
// needs in the other version the same node, doing the same kind of thing, in the same place. What has not begun needs the
// node and the place.
//
//   from   wait ─► send             fits when `wait` is still a wait there, whatever comes after it;
//   to     wait ─► check ─► send    does not when it is gone, has become something else, or lies in a loop now.

import type { StepPath } from '../event.ts'
import { nodeOf } from '../path.ts'
import type { Plan, PlanNode } from '../plan.ts'
import { isEmpty, type ExecutionState, type OpenStep } from '../state.ts'
import { innerPorts, reachable } from '../control/is-beside.ts'

export interface Misfit {
  code: 'step_gone' | 'step_changed' | 'step_moved' | 'branch_gone' | 'merge_changed' | 'trigger_gone'
  /** The step that does not fit, where it is one. */
  path?: StepPath
  message: string
}

/** Empty when it fits. */
export function misfitsOf(state: ExecutionState, from: Plan, to: Plan): Misfit[] {
  const misfits: Misfit[] = []
  const trigger = state.trigger?.nodeId ?? ''
  // Where merges take their branches from is reckoned from the trigger.
  if (!to.nodes.has(trigger)) {
    misfits.push({ code: 'trigger_gone', message: 'The trigger it started at is not in that version.' })
  }
  const [before, after] = [insidesOf(from), insidesOf(to)]
  const begun = Object.keys(state.open).map((path) => ({ path, hasBegun: true }))
  const ready = state.ready.map(({ path, attempt, dueAt }) => ({ path, hasBegun: attempt > 0 || dueAt !== null }))
  for (const { path, hasBegun } of [...begun, ...ready]) {
    const node = nodeOf(path)
    const [was, is] = [from.nodes.get(node), to.nodes.get(node)]
    const misfit = is === undefined ? gone(path) : stepMisfit(path, hasBegun ? was : undefined, is, before, after)
    if (misfit !== null) misfits.push(misfit)
    const step = state.open[path]
    if (misfit === null && step !== undefined && is !== undefined)
      misfits.push(...openMisfits(path, step, is, trigger, from, to))
  }
  return misfits
}

/**
 * Whether it rests: nothing is in flight or about to be decided. One that is paused rests too, before what would begin.
 */
export function isAtRest({
  startedAt,
  finished,
  inFlight,
  ready,
  open,
  paused,
  over,
  cancelling,
  aftermath,
}: ExecutionState): boolean {
  if (
    startedAt === null ||
    finished !== null ||
    aftermath !== null ||
    cancelling !== null ||
    inFlight > 0 ||
    over.length > 0
  )
    return false
  if (paused === null && ready.length > 0) return false
  for (const path in open) {
    const { status } = open[path]!
    if (status === 'faulted' || status === 'ambiguous' || status === 'recalling') return false
  }
  return ready.length > 0 || !isEmpty(open)
}

function gone(path: StepPath): Misfit {
  return { code: 'step_gone', path, message: `Its step “${path}” is not in that version.` }
}

function stepMisfit(
  path: StepPath,
  was: PlanNode | undefined,
  is: PlanNode,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Misfit | null {
  if (was !== undefined && (was.type !== is.type || was.behaviour.kind !== is.behaviour.kind)) {
    return { code: 'step_changed', path, message: `Its step “${path}” does something else in that version.` }
  }
  if ((before.get(is.id) ?? '') !== (after.get(is.id) ?? '')) {
    return { code: 'step_moved', path, message: `Its step “${path}” lies in another loop or branch in that version.` }
  }
  return null
}

function openMisfits(path: StepPath, step: OpenStep, node: PlanNode, trigger: string, from: Plan, to: Plan): Misfit[] {
  if (step.status === 'branching' && node.behaviour.kind === 'parallel') {
    const { branches } = node.behaviour
    return Object.keys(step.live)
      .filter((branch) => !branches.includes(branch))
      .map((branch) => ({
        code: 'branch_gone',
        path,
        message: `The branch “${branch}” of “${path}” is not in that version.`,
      }))
  }
  if (step.status === 'merging') {
    const originOf = (plan: Plan) => plan.mergeSites.get(trigger)?.get(step.node)?.origin
    if (originOf(from) !== originOf(to)) {
      return [{ code: 'merge_changed', path, message: `“${path}” joins branches that part elsewhere in that version.` }]
    }
  }
  return []
}

/** What each node lies inside of: the loops and branches that lead to it, as one text. */
function insidesOf(plan: Plan): Map<string, string> {
  const insides = new Map<string, string>()
  for (const owner of plan.nodes.values()) {
    for (const port of innerPorts(owner)) {
      for (const id of reachable(plan, owner.next.get(port) ?? [])) {
        insides.set(id, `${insides.get(id) ?? ''}${owner.id}:${port} `)
      }
    }
  }
  // The order of a graph's nodes says nothing.
  for (const [id, text] of insides) insides.set(id, text.split(' ').sort().join(' '))
  return insides
}

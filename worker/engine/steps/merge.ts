// How branches join. The first to come opens the step and the others join it, until enough are there or none can come
// any more. A branch can come as long as one of its tokens lives from where a way leads here: one that ended at a filter
// or went another way does not keep the rest waiting.

import type { Arrived, Behaviour, Outcome } from '../behaviour.ts'
import type { StepPath } from '../event.ts'
import { mergeUnplaced, tooFewBranches } from '../failure.ts'
import { groupOf, isOver, isSameGroup, type Group } from '../frames.ts'
import { nodeOf } from '../path.ts'
import type { Plan, PlanNode } from '../plan.ts'
import type { ExecutionState, Merging, Token } from '../state.ts'
import { inputOf, record, toFailure, type Turn } from '../turn.ts'
import type { MergeSite } from '../merge-sites.ts'
import { completeStep, failStep } from './close.ts'

type MergeBehaviour = Behaviour & { kind: 'merge' }

/** A branch has come: it opens the step of its group or joins it. One that comes when the merge went on ends here. */
export function beginMerge(turn: Turn, token: Token, node: PlanNode, behaviour: MergeBehaviour): void {
  const { state, at } = turn
  const { path, frame } = token
  const site = siteOf(turn, node)
  if (site === undefined) return failStep(turn, node, path, mergeUnplaced, 1)
  const { origin } = site
  const group = groupOf(state, frame, origin, node.id)
  const into = isOver(state, group, node.id) ? null : (openStepOf(turn, node, group) ?? path)
  record(turn, { type: 'branchArrived', at, path, node: node.id, into, origin })
  const step = into === null ? undefined : state.open[into]
  if (step?.status !== 'merging') return
  if (behaviour.needs !== null && step.arrivals.length >= behaviour.needs)
    goOn(turn, into!, step, node, behaviour, site)
}

/** Goes on when nobody can come any more. Asked when all that was ready has gone as far as it could. */
export function settleMerge(turn: Turn, path: StepPath, step: Merging, node: PlanNode): void {
  const { behaviour } = node
  const site = siteOf(turn, node)
  if (behaviour.kind !== 'merge' || site === undefined) return failStep(turn, node, path, mergeUnplaced, 1)
  if (canStillArrive(turn, path, step, site)) return
  const { needs } = behaviour
  const came = step.arrivals.length
  if (needs !== null && came < needs) failStep(turn, node, path, tooFewBranches(came, needs), 1)
  else goOn(turn, path, step, node, behaviour, site)
}

function siteOf({ plan, state }: Turn, node: PlanNode): MergeSite | undefined {
  return plan.mergeSites.get(entryOf(state, plan))?.get(node.id)
}

/** Where what goes on now began. */
function entryOf({ aftermath, trigger }: ExecutionState, plan: Plan): string {
  const part = aftermath?.part ?? null
  if (part === null) return trigger?.nodeId ?? ''
  return part.kind === 'undo' ? part.of.node : (plan.handler ?? '')
}

function openStepOf({ state }: Turn, node: PlanNode, group: Group): StepPath | undefined {
  for (const path in state.open) {
    const step = state.open[path]!
    if (step.status === 'merging' && step.node === node.id && isSameGroup(step.group, group)) return path
  }
  return undefined
}

function canStillArrive({ state }: Turn, own: StepPath, { node, group }: Merging, site: MergeSite): boolean {
  const belongs = (frame: number) => isSameGroup(groupOf(state, frame, site.origin, node), group)
  for (const { path, frame } of state.ready) {
    const at = nodeOf(path)
    if ((at === node || site.feeders.has(at)) && belongs(frame)) return true
  }
  for (const path in state.open) {
    const step = state.open[path]!
    if (path !== own && site.feeders.has(step.node) && belongs(step.frame)) return true
  }
  return false
}

function goOn(
  turn: Turn,
  path: StepPath,
  { arrivals }: Merging,
  node: PlanNode,
  behaviour: MergeBehaviour,
  { sources }: MergeSite,
): void {
  const times = new Map<string, number>()
  const arrived = arrivals.map(({ from, frame }): Arrived => {
    const source = from ?? ''
    const time = (times.get(source) ?? 0) + 1
    times.set(source, time)
    return {
      branch: time === 1 ? source : `${source}#${time}`,
      output: inputOf(turn, { frame, from }),
      place: sources.indexOf(source),
    }
  })
  let outcome: Outcome
  try {
    outcome = behaviour.combine(arrived)
  } catch (error) {
    return failStep(turn, node, path, toFailure(error), 1)
  }
  completeStep(turn, node, path, outcome)
}

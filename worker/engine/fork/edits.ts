// edits: data that is different from here on
//
//   E1. The journal keeps what was: an edit is part of the event that goes on from it, and is folded with it.
//   E2. What is finished stays finished. Whoever comes later reads what was edited.
//   E3. Nothing is edited that nobody can read any more, and no input of a step that makes no call: that is refused
//       before, because it would look as if it had been done.

import type { ExecutionEdits } from '../../contract/fork.ts'
import type { Json } from '../../contract/json.ts'
import type { StepPath } from '../event.ts'
import { nodeOf } from '../path.ts'
import type { Plan } from '../plan.ts'
import { emptyRecord, type ExecutionState, type Looping } from '../state.ts'

export interface EditProblem {
  /** Where in the edits: `outputs.score`. */
  path: string
  message: string
}

/** Folds edits. What does not fit changes nothing. */
export function applyEdits(state: ExecutionState, edits: ExecutionEdits): void {
  const { trigger, variables, outputs = {}, items = {}, inputs = {} } = edits
  if (trigger !== undefined && state.trigger !== null) {
    const { nodeId } = state.trigger
    state.trigger = { ...state.trigger, data: trigger }
    if (state.latest[nodeId] !== undefined) state.outputs[nodeId] = trigger
  }
  if (variables !== undefined) state.vars = Object.assign(emptyRecord(), state.vars, variables)
  for (const path in outputs) setOutput(state, path, outputs[path]!)
  for (const path in items) setItem(state, path, items[path]!)
  for (const path in inputs) {
    state.ready = state.ready.map((token) => (token.path === path ? { ...token, input: inputs[path]! } : token))
  }
}

/** Why edits cannot be made to an execution as it stands; those of inputs are for steps that are about to begin. */
export function editProblems(
  { plan, state }: { plan: Plan; state: ExecutionState },
  edits: ExecutionEdits,
  beginning: ReadonlySet<StepPath>,
): EditProblem[] {
  const { outputs = {}, items = {}, inputs = {} } = edits
  const problems: EditProblem[] = []
  for (const path in outputs) {
    if (!canSee(state, path)) problems.push({ path: `outputs.${path}`, message: 'is not read by any step that comes' })
  }
  for (const path in items) {
    if (iterationAt(state, path) === undefined) {
      problems.push({ path: `items.${path}`, message: 'is no iteration of a list that goes on' })
    }
  }
  for (const path in inputs) {
    const kind = plan.nodes.get(nodeOf(path))?.behaviour.kind
    const input = inputs[path]!
    if (!beginning.has(path)) problems.push({ path: `inputs.${path}`, message: 'is no step that begins now' })
    else if (kind !== 'effect' && kind !== 'child') {
      problems.push({ path: `inputs.${path}`, message: 'makes no call: edit what it reads' })
    } else if (kind === 'effect' && !isObject(input)) {
      problems.push({ path: `inputs.${path}`, message: 'must be an object' })
    }
  }
  return problems
}

/** What was edited, in words for people: `trigger`, `variables.name`, `outputs.score`. */
export function editedNames({ trigger, ...groups }: ExecutionEdits): string[] {
  const named = Object.entries(groups).flatMap(([group, values]) =>
    Object.keys(values ?? {}).map((name) => `${group}.${name}`),
  )
  return trigger === undefined ? named : ['trigger', ...named]
}

function canSee({ latest, superseded }: ExecutionState, path: StepPath): boolean {
  return latest[nodeOf(path)] === path || Object.hasOwn(superseded, path)
}

function setOutput(state: ExecutionState, path: StepPath, output: Json): void {
  const node = nodeOf(path)
  if (state.latest[node] === path) state.outputs[node] = output
  else if (Object.hasOwn(state.superseded, path)) state.superseded[path] = output
  for (const id in state.regions) {
    const region = state.regions[id]!
    if (region.last === path) region.lastOutput = output
  }
}

function setItem(state: ExecutionState, path: string, item: Json): void {
  const found = iterationAt(state, path)
  if (found === undefined) return
  const { loop, step, index } = found
  state.open[loop] = { ...step, status: 'looping', range: { items: step.range.items.with(index, item) } }
}

type ListLoop = Looping & { range: { items: readonly Json[] } }

/** The open loop through a list to which an iteration belongs, when that has not ended. */
function iterationAt(
  { open }: ExecutionState,
  path: string,
): { loop: StepPath; step: ListLoop; index: number } | undefined {
  const start = path.lastIndexOf('[')
  if (start < 0 || !path.endsWith(']')) return undefined
  const loop = path.slice(0, start)
  const index = Number(path.slice(start + 1, -1))
  const step = open[loop]
  if (step?.status !== 'looping' || !Number.isSafeInteger(index) || !isThroughList(step)) return undefined
  const isToCome = index >= step.next && index < step.range.items.length
  return isToCome || step.live[index] !== undefined ? { loop, step, index } : undefined
}

function isThroughList(step: Looping): step is ListLoop {
  return step.range !== null && 'items' in step.range
}

function isObject(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import type { Execution, Step } from '#contract/execution.ts'
import type { ExecutionEdits } from '#contract/fork.ts'
import type { Json } from '#contract/json.ts'
import { parsePayload } from './parse-payload.ts'

/** A piece of data that can be edited before a step is executed again. */
export interface EditablePiece {
  /** Names it: `trigger`, `variables`, `output:score`, `input:send`, `item:each[3]`. */
  key: string
  label: string
  before: Json
}

type Forked = Pick<Execution, 'steps' | 'graph' | 'triggerData'>

/** The step and the iterations it lies in, from the inside out: from each of them it can be executed again. */
export function placesFrom(path: string): string[] {
  const places = [path]
  for (let end = path.lastIndexOf('].'); end >= 0; end = path.lastIndexOf('].', end - 1))
    places.push(path.slice(0, end + 1))
  return places
}

/** What the step reads that can be edited: its input, the trigger's data, what earlier steps gave, the items of loops. */
export function editablePieces({ steps, graph, triggerData }: Forked, { path, input }: Step): EditablePiece[] {
  const nameOf = (nodeId: string) => graph.nodes.find(({ id }) => id === nodeId)?.name ?? nodeId
  const at = steps.findIndex((step) => step.path === path)
  const earlier = steps
    .slice(0, at)
    .filter((step) => step.output !== undefined && (step.status === 'completed' || step.status === 'skipped'))
    .filter((step) => isSeenFrom(path, step.path))
    .filter((step) => graph.nodes.find(({ id }) => id === step.nodeId)?.type.startsWith('trigger.') !== true)
  const items = placesFrom(path).slice(1)
  return [
    ...(input === undefined ? [] : [{ key: `input:${path}`, label: 'Input of this step', before: input }]),
    ...items.map((place) => ({ key: `item:${place}`, label: `Item of ${place}`, before: null })),
    { key: 'trigger', label: 'Trigger data', before: triggerData },
    ...earlier.toReversed().map((step) => ({
      key: `output:${step.path}`,
      label: `Output of ${nameOf(step.nodeId)}${step.path === step.nodeId ? '' : ` (${step.path})`}`,
      before: step.output ?? null,
    })),
    { key: 'variables', label: 'Variables', before: {} },
  ]
}

/** Whether a step reads what another one gave: that one lies beside it or around it, not in another iteration. */
function isSeenFrom(path: string, other: string): boolean {
  const place = other.slice(0, other.lastIndexOf('.') + 1)
  return path.startsWith(place)
}

/** Steps that were called from this one on: with real effects they are called again. */
export function callsFrom({ steps, graph }: Forked, { path }: Pick<Step, 'path'>): string[] {
  const at = steps.findIndex((step) => step.path === path)
  const called = steps.slice(Math.max(0, at)).filter(({ generation }) => generation !== undefined)
  const names = called.map(({ nodeId }) => graph.nodes.find(({ id }) => id === nodeId)?.name ?? nodeId)
  return [...new Set(names)]
}

export type ReadEdits =
  | { kind: 'edits'; edits: ExecutionEdits | undefined }
  | { kind: 'invalid'; key: string; message: string }

/** What somebody typed, by piece, as the request takes it. What is as before is left out. */
export function readEdits(pieces: readonly EditablePiece[], texts: Readonly<Record<string, string>>): ReadEdits {
  const edits: ExecutionEdits = {}
  for (const { key, before } of pieces) {
    const text = texts[key]
    if (text === undefined) continue
    const read = parsePayload(text, before)
    if (read.kind === 'invalid') return { kind: 'invalid', key, message: read.message }
    if (read.kind === 'same') continue
    const problem = put(edits, key, read.data)
    if (problem !== undefined) return { kind: 'invalid', key, message: problem }
  }
  return { kind: 'edits', edits: Object.keys(edits).length === 0 ? undefined : edits }
}

function put(edits: ExecutionEdits, key: string, data: Json): string | undefined {
  const [kind = '', ...rest] = key.split(':')
  const path = rest.join(':')
  switch (kind) {
    case 'trigger':
      edits.trigger = data
      return undefined
    case 'variables':
      if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'Write an object: { "name": value }.'
      edits.variables = data
      return undefined
    case 'output':
      edits.outputs = { ...edits.outputs, [path]: data }
      return undefined
    case 'item':
      edits.items = { ...edits.items, [path]: data }
      return undefined
    case 'input':
      edits.inputs = { ...edits.inputs, [path]: data }
      return undefined
    default:
      return 'There is no such data.'
  }
}

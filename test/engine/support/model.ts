// model: what a random program must do, by the shortest interpreter there is
//
// It follows each token to its end, one after the other, and passes it all it has seen. No journal, no queue, no time.

import type { ExecutionStatus } from '../../../worker/contract/execution.ts'
import type { Json } from '../../../worker/contract/json.ts'
import { busy, refused } from './failures.ts'
import {
  answerTo,
  certainOf,
  digest,
  failuresOf,
  isSkipped,
  timeless,
  type Program,
  type ProgramNode,
} from './program.ts'

export interface Expected {
  status: ExecutionStatus
  /** Each step as `describeStep` has it, sorted. */
  steps: string[]
  /** `node input` of each call that is made for a step, retries not counted, sorted. */
  calls: string[]
}

type Ended = { how: 'completed' | 'failed'; output: Json; port: string }

/** What the program does on this trigger data. Undefined when it would take more than `limit` steps. */
export function interpret(program: Program, data: Json, limit = 250): Expected | undefined {
  const certain = certainOf(program)
  const steps: string[] = []
  const calls: string[] = []
  let failed = 0
  let stopped = false

  const walk = (id: string, seen: Record<string, Json>, from: Json): void => {
    if (steps.length > limit) return
    const node = program.nodes.find((each) => each.id === id)!
    const sure = (certain.get(id) ?? []).map((name) => seen[name])
    const { how, output, port } = isSkipped(node, sure)
      ? ({ how: 'completed', output: from, port: firstPort(node) } satisfies Ended)
      : perform(node, sure)
    steps.push(describeStep(id, how === 'failed' ? node.onError : port, output))
    if (how === 'failed') failed += 1
    if (how === 'failed' && node.onError === 'stop') {
      stopped = true
      return
    }
    for (const edge of program.edges) {
      if (edge.source === id && edge.port === port) walk(edge.target, { ...seen, [id]: output }, output)
    }
  }

  const perform = (node: ProgramNode, sure: (Json | undefined)[]): Ended => {
    const { output, port, roll } = digest(node, sure)
    if (node.kind === 'trigger') return { how: 'completed', output: data, port }
    if (node.kind === 'wait') return { how: 'completed', output: { until: '' }, port }
    if (node.kind === 'break' && roll < 0.5) return fail(node, refused)
    if (node.kind !== 'call') return { how: 'completed', output, port }
    calls.push(`${node.id} ${JSON.stringify(output)}`)
    const failures = failuresOf(output)
    if (failures < 0) return fail(node, refused)
    if (failures > node.maxRetries) return fail(node, busy)
    return { how: 'completed', output: answerTo(output), port }
  }

  walk('n0', {}, data)
  if (steps.length > limit) return undefined
  const status = stopped ? 'failed' : failed > 0 ? 'completed_with_errors' : 'completed'
  return { status, steps: steps.sort(), calls: calls.sort() }
}

/** A step in one line, to be compared: by its port, or by how its failure was handled. */
export function describeStep(node: string, how: string, output: Json): string {
  return `${node} ${how} ${timeless(output)}`
}

function fail(node: ProgramNode, { code, message, kind }: typeof busy | typeof refused): Ended {
  const port = node.onError === 'branch' ? 'error' : firstPort(node)
  return { how: 'failed', output: { error: { code, message, kind, attempt: 0 } }, port }
}

function firstPort({ kind }: ProgramNode): string {
  return kind === 'if' ? 'yes' : kind === 'switch' ? 'a' : 'out'
}

// model: what a random program must do, by the shortest interpreter there is
//
// It follows each token to its end or to a merge, one after the other, and passes it all it has seen; then it goes on
// from the merges. What lies inside a step is interpreted when that step is. No journal, no queue, no time, no frames.

import type { ExecutionStatus } from '../../../worker/contract/execution.ts'
import type { Failure } from '../../../worker/contract/failure.ts'
import type { Json } from '../../../worker/contract/json.ts'
import { busy, childRefused, refused } from './failures.ts'
import { certainOf, originOf } from './knowledge.ts'
import {
  answerTo,
  digest,
  failsWithChild,
  failuresOf,
  fromChild,
  gathered,
  isAwaited,
  isSkipped,
  isTold,
  joined,
  lengthOf,
  timeless,
  wentRound,
  withoutChild,
} from './meaning.ts'
import { branchesOf, firstPortOf, homesOf, loopsOf, type Program, type ProgramNode } from './program.ts'

export interface Expected {
  status: ExecutionStatus
  /** Each step as `describeStep` has it, sorted. Without those in branches that failed: how far they came depends on time. */
  steps: string[]
  /** `node input` of each call that is made for a step, retries not counted, sorted. */
  calls: string[]
}

type Ended = { how: 'completed' | 'failed'; output: Json; port: string }

/** A token with all it has seen: outputs by node, and which visit of each node gave them. */
interface Walker {
  seen: Record<string, Json>
  visits: Record<string, number>
  /** The iterations it is in, by loop. */
  indexes: Record<string, number>
  from: Json
}

/** A program that another one calls, and which that calls itself. */
export interface Callee {
  program: Program
  callee?: Callee
}

/**
 * What the program does on this trigger data. Undefined when it would take more than `limit` steps, those of what it
 * calls included. Without a `callee` the world answers in its place.
 */
export function interpret(
  program: Program,
  data: Json,
  limit = 250,
  callee?: Callee,
): (Expected & { isKept: (node: string) => boolean; count: number; below: number }) | undefined {
  const certain = certainOf(program)
  const steps: { node: string; text: string }[] = []
  const calls: { node: string; text: string }[] = []
  const failedHomes = new Set<string>()
  let failed = 0
  /** Steps of what it calls. */
  let below = 0

  const look = (id: string, { seen, indexes }: Walker): (Json | undefined)[] => [
    ...(certain.get(id) ?? []).map((name) => seen[name]),
    ...loopsOf(program, id).map((owner) => indexes[owner]),
  ]

  /** Interprets what begins at these edges to its end, and says whether it failed. */
  const region = (starts: readonly string[], walker: Walker): boolean => {
    /** Branches that stand at a merge, by merge and the visit of its origin. */
    const waiting = new Map<string, { node: ProgramNode; walkers: Walker[] }>()
    let stopped = false

    const arrive = (id: string, walker: Walker): void => {
      if (steps.length + below > limit) return
      const node = program.nodes.find((each) => each.id === id)!
      const sure = look(id, walker)
      if (isSkipped(node, sure)) {
        return goOn(node, walker, { how: 'completed', output: walker.from, port: firstPortOf(node) })
      }
      if (node.kind === 'parallel') return goOn(node, walker, branch(node, walker))
      if (node.kind === 'loop') return goOn(node, walker, goRound(node, walker, sure))
      if (node.kind !== 'merge') return goOn(node, walker, perform(node, sure))
      const group = `${id} ${walker.visits[originOf(program, id)]}`
      const known = waiting.get(group)
      if (known === undefined) waiting.set(group, { node, walkers: [walker] })
      else known.walkers.push(walker)
    }

    const goOn = (node: ProgramNode, { seen, visits, indexes }: Walker, { how, output, port }: Ended): void => {
      const { id, onError } = node
      steps.push({ node: id, text: describeStep(id, how === 'failed' ? onError : port, output) })
      if (how === 'failed') failed += 1
      if (how === 'failed' && onError === 'stop') {
        stopped = true
        return
      }
      const next = { seen: { ...seen, [id]: output }, visits: { ...visits, [id]: steps.length }, indexes, from: output }
      for (const target of targetsOf(program, id, port)) arrive(target, next)
    }

    for (const start of starts) arrive(start, walker)
    // Edges lead from earlier nodes to later ones, so at the earliest merge nobody can come any more.
    for (const { id } of program.nodes) {
      for (const [group, { node, walkers }] of waiting) {
        if (node.id !== id) continue
        waiting.delete(group)
        const brought = walkers.map(({ from }) => from)
        goOn(node, union(walkers), { how: 'completed', ...joined(node, brought) })
      }
    }
    return stopped
  }

  const branch = (node: ProgramNode, walker: Walker): Ended => {
    const results = branchesOf(node).map((branch) => {
      const failed = region(targetsOf(program, node.id, branch), walker)
      if (failed) failedHomes.add(`${node.id}:${branch}`)
      return { branch, failed }
    })
    if (node.stopsAtFailure && results.some(({ failed }) => failed)) return fail(node, refused)
    return { how: 'completed', ...gathered(node, results) }
  }

  const goRound = (node: ProgramNode, walker: Walker, sure: (Json | undefined)[]): Ended => {
    const failed: number[] = []
    const results: number[] = []
    const total = node.goesBy === 'list' ? lengthOf(node, sure) : Infinity
    let [index, skipped] = [0, 0]
    let by: string | null = null
    const ask = (what: 'skip' | 'break' | 'goOn') => isTold(what, node, index, sure)
    if (node.goesBy === 'condition' && !ask('goOn')) by = 'condition'
    while (by === null && index < total) {
      if (index === 6) by = 'limit'
      else if (node.goesBy === 'list' && ask('skip')) [index, skipped] = [index + 1, skipped + 1]
      else {
        const indexes = { ...walker.indexes, [node.id]: index }
        const from = node.goesBy === 'list' ? index : null
        if (region(targetsOf(program, node.id, 'body'), { ...walker, indexes, from })) failed.push(index)
        else results.push(index)
        if (node.atOnce === 1 && ask('break')) by = 'break'
        index += 1
        if (by === null && node.goesBy === 'condition' && !ask('goOn')) by = 'condition'
        if (steps.length + below > limit) break
      }
    }
    if (failed.length > 0) failedHomes.add(`${node.id}:body`)
    if (node.stopsAtFailure && failed.length > 0) return fail(node, refused)
    const { output, port } = wentRound(node, { done: results.length + failed.length, skipped, failed, by })
    return { how: 'completed', output: { ...output, results }, port }
  }

  const perform = (node: ProgramNode, sure: (Json | undefined)[]): Ended => {
    const { output, port, roll } = digest(node, sure)
    if (node.kind === 'trigger') return { how: 'completed', output: data, port }
    if (node.kind === 'wait') return { how: 'completed', output: { until: '' }, port }
    if (node.kind === 'break' && roll < 0.5) return fail(node, refused)
    if (node.kind === 'child') return delegate(node, output)
    if (node.kind !== 'call') return { how: 'completed', output, port }
    calls.push({ node: node.id, text: `${node.id} ${JSON.stringify(output)}` })
    const failures = failuresOf(output)
    if (failures < 0) return fail(node, refused)
    if (failures > node.maxRetries) return fail(node, busy)
    return { how: 'completed', output: answerTo(output), port }
  }

  const delegate = (node: ProgramNode, input: Json): Ended => {
    const done = (output: Json): Ended => ({ how: 'completed', output, port: 'out' })
    if (callee !== undefined) {
      const data = { type: 'manual', data: input }
      const child = interpret(callee.program, data, limit - steps.length - below, callee.callee)
      below += child?.count ?? limit
      const status = !isAwaited(node) ? 'started' : (child?.status ?? '')
      return status === 'failed' && failsWithChild(node)
        ? fail(node, childRefused)
        : done(fromChild(node, status, null))
    }
    if (!isAwaited(node)) return done(withoutChild(node, true))
    if (failuresOf(input) >= 0) return done(answerTo(input))
    return failsWithChild(node) ? fail(node, childRefused) : done(withoutChild(node, false))
  }

  const stopped = region(['n0'], { seen: {}, visits: {}, indexes: {}, from: data })
  const count = steps.length + below
  if (count > limit) return undefined
  const isKept = (node: string) => !homesOf(program, node).some((home) => failedHomes.has(home))
  const kept = (all: { node: string; text: string }[]) =>
    all.flatMap(({ node, text }) => (isKept(node) ? [text] : [])).sort()
  const status = stopped ? 'failed' : failed > 0 ? 'completed_with_errors' : 'completed'
  return { status, steps: kept(steps), calls: kept(calls), isKept, count, below }
}

function targetsOf({ edges }: Program, source: string, port: string): string[] {
  return edges.flatMap((edge) => (edge.source === source && edge.port === port ? [edge.target] : []))
}

function union(walkers: readonly Walker[]): Walker {
  const [seen, visits] = [walkers.map((walker) => walker.seen), walkers.map((walker) => walker.visits)]
  return { ...walkers[0]!, seen: Object.assign({}, ...seen), visits: Object.assign({}, ...visits), from: null }
}

/** A step in one line, to be compared: by its port, or by how its failure was handled. */
export function describeStep(node: string, how: string, output: Json): string {
  return `${node} ${how} ${timeless(output)}`
}

function fail(node: ProgramNode, { code, message, kind }: Failure): Ended {
  const port = node.onError === 'branch' ? 'error' : firstPortOf(node)
  return { how: 'failed', output: { error: { code, message, kind, attempt: 0 } }, port }
}

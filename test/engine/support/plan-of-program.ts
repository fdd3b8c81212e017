import type { Graph, GraphNode } from '../../../worker/contract/graph.ts'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import {
  StepFailure,
  type Arrived,
  type Behaviour,
  type BranchOutcome,
  type ChildEnd,
  type Guard,
  type Scope,
} from '../../../worker/engine/behaviour.ts'
import { compilePlan, type CompiledNode } from '../../../worker/engine/compile-plan.ts'
import type { Plan } from '../../../worker/engine/plan.ts'
import { refused } from './failures.ts'
import { certainOf } from './knowledge.ts'
import {
  digest,
  failsWithChild,
  gathered,
  isAwaited,
  withoutChild,
  isSkipped,
  isTold,
  joined,
  lengthOf,
  tells,
  undoes,
  wentRound,
} from './meaning.ts'
import {
  branchesOf,
  canBeUndone,
  firstPortOf,
  loopsOf,
  oops,
  undoOf,
  type Program,
  type ProgramNode,
} from './program.ts'

/** What a program calls, and what its steps make of how that ended. */
export interface Called {
  workflowId: string
  gives(node: ProgramNode, end: ChildEnd): Json
}

const other: Called = {
  workflowId: 'other',
  gives: (node, { status, output }) => (status === 'completed' ? output : withoutChild(node, status === 'started')),
}

/** A random program as the engine executes it. */
export function planOfProgram(program: Program, called: Called = other): Plan {
  const certain = certainOf({ ...program, edges: program.edges.filter(({ port }) => port !== 'jump') })
  const byId = new Map(program.nodes.map((node) => [node.id, node]))
  return compilePlan({
    graph: graphOfProgram(program),
    workflow: { id: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d', name: 'Random', version: 1 },
    compileNode: ({ id }) => {
      const node = byId.get(id)
      if (node === undefined) return afterwards(id)
      const sure = certain.get(id) ?? []
      return {
        isTrigger: node.kind === 'trigger',
        firstPort: firstPortOf(node),
        behaviour: behaviourOf(node, look(program, node, sure), called),
        ...(node.guarded && { executeIf: guardOf(node, look(program, node, sure)) }),
      }
    },
  })
}

/** What a node sees that it can be sure of: steps, and in which iterations it is. */
type Look = (scope: Scope) => (Json | undefined)[]

function look(program: Program, { id }: ProgramNode, certain: readonly string[]): Look {
  const around = loopsOf(program, id)
  return ({ steps, loops }) => [...certain.map((id) => steps[id]), ...around.map((owner) => loops?.[owner]?.index)]
}

/** What is done when it has failed: a call that undoes a step, or tells of it. */
function afterwards(id: string): CompiledNode {
  const one = { isTrigger: false, firstPort: 'out' }
  if (id === oops.entry) {
    const behaviour: Behaviour = { kind: 'pure', evaluate: ({ failed }) => ({ output: failed ?? null, port: 'out' }) }
    return { ...one, behaviour, isTrigger: true, isHandler: true }
  }
  if (id === oops.call)
    return { ...one, behaviour: { kind: 'effect', resolve: ({ steps }) => tells(steps[oops.entry]!) } }
  const undone = id.slice(0, -1)
  return { ...one, behaviour: { kind: 'effect', resolve: ({ steps }) => undoes(undone, steps[undone]!) } }
}

function guardOf(node: ProgramNode, see: Look): Guard {
  return (scope) => ({ result: !isSkipped({ ...node, disabled: false }, see(scope)), because: null })
}

function behaviourOf(node: ProgramNode, see: Look, called: Called): Behaviour {
  switch (node.kind) {
    case 'trigger':
      return { kind: 'pure', evaluate: ({ trigger }) => ({ output: trigger, port: 'out' }) }
    case 'call':
      return { kind: 'effect', resolve: (scope) => digest(node, see(scope)).output as JsonObject }
    case 'wait':
      return { kind: 'wait', until: (scope) => scope.now + Math.floor(digest(node, see(scope)).roll * 20_000) - 2_000 }
    case 'break':
      return {
        kind: 'pure',
        evaluate: (scope) => {
          const { output, port, roll } = digest(node, see(scope))
          if (roll < 0.5) throw new StepFailure(refused)
          return { output, port }
        },
      }
    case 'merge':
      return {
        kind: 'merge',
        needs: null,
        combine: (arrived) => joined(node, arrived.map(outputOf)),
      }
    case 'parallel':
      return {
        kind: 'parallel',
        branches: branchesOf(node),
        waitFor: node.waitFor,
        stopsAtFailure: node.stopsAtFailure,
        timeoutMs: node.timeoutMs,
        combine: (results) => gathered(node, results.map(endOf)),
      }
    case 'child':
      return {
        kind: 'child',
        resolve: (scope) => ({ workflowId: called.workflowId, input: digest(node, see(scope)).output }),
        waits: isAwaited(node),
        timeoutMs: node.timeoutMs,
        failsWithChild: failsWithChild(node),
        combine: (_, end) => ({ output: called.gives(node, end), port: 'out' }),
      }
    case 'goTo':
      return { kind: 'goTo', jump: 'jump', onward: 'onward', limit: node.atOnce, failsAtLimit: node.stopsAtFailure }
    case 'loop':
      return loopOf(node, see)
    case 'end':
      return { kind: 'pure', evaluate: (scope) => ({ ...decided(node, see(scope)), end: { status: 'completed' } }) }
    default:
      return { kind: 'pure', evaluate: (scope) => decided(node, see(scope)) }
  }
}

function loopOf(node: ProgramNode, see: Look): Behaviour {
  const { goesBy, atOnce, stopsAtFailure } = node
  // In its iterations a loop sees what it saw before them; what it is asked about is its own, and not around it.
  const ask =
    (what: 'skip' | 'break' | 'goOn'): Guard =>
    (scope) => ({ result: isTold(what, node, scope.loop?.index ?? 0, see(scope)), because: null })
  return {
    kind: 'loop',
    body: 'body',
    range: (scope) =>
      goesBy === 'list' ? { items: Array.from({ length: lengthOf(node, see(scope)) }, (_, index) => index) } : null,
    goesOn: goesBy === 'condition' ? ask('goOn') : null,
    asksFirst: true,
    skips: goesBy === 'list' ? ask('skip') : null,
    breaks: atOnce === 1 ? ask('break') : null,
    collect: node.collects ? ({ loop }) => loop!.index : null,
    keeps: true,
    atOnce,
    maxIterations: 6,
    failsAtLimit: false,
    stopsAtFailure,
    combine: ({ done, skipped, failures, stopped }) => ({
      ...wentRound(node, {
        done,
        skipped,
        failed: failures.map(({ index }) => index),
        by: (stopped as { by: string } | null)?.by ?? null,
      }),
      collected: 'results',
    }),
  }
}

function decided(node: ProgramNode, seen: readonly (Json | undefined)[]): { output: Json; port: string } {
  const { output, port } = digest(node, seen)
  return { output, port }
}

function outputOf({ output }: Arrived): Json {
  return output
}

function endOf(result: BranchOutcome): { branch: string; failed: boolean } {
  return { branch: result.branch, failed: 'failure' in result }
}

/** Its graph, with what is done after it has failed. */
export function graphOfProgram({ nodes, edges, handled, cleansUp }: Program): Graph {
  const undoable = nodes.filter(canBeUndone).map(({ id }) => id)
  const ways = [
    ...edges,
    ...undoable.map((id) => ({ source: id, port: 'undo', target: undoOf(id) })),
    ...(handled ? [{ source: oops.entry, port: 'out', target: oops.call }] : []),
  ]
  const more = [...undoable.map(undoOf), ...(handled ? [oops.entry, oops.call] : [])]
  return {
    version: 1,
    settings: { undoWhenCancelled: cleansUp },
    nodes: [...nodes.map(toNode), ...more.map((id) => ({ ...blank(id), settings: { retry: { maxRetries: 1 } } }))],
    edges: ways.map(({ source, port, target }, index) => ({ id: `e${index}`, source, sourcePort: port, target })),
  }
}

function toNode(node: ProgramNode): GraphNode {
  const { id, kind, onError, disabled, maxRetries, cached } = node
  return {
    ...blank(id),
    type: kind,
    settings: {
      onError,
      disabled,
      retry: { maxRetries },
      ...(cached && { cache: { ttlMs: 60_000 } }),
      ...(canBeUndone(node) && { undo: true, undoWhenUnknown: node.undoesUnknown }),
    },
  }
}

function blank(id: string): GraphNode {
  return { id, type: 'call', name: id, position: { x: 0, y: 0 }, params: {} }
}

import type { Graph, NodeSettings } from '../../../worker/contract/graph.ts'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import { StepFailure, type Behaviour, type Guard } from '../../../worker/engine/behaviour.ts'
import { compilePlan } from '../../../worker/engine/compile-plan.ts'
import type { Plan } from '../../../worker/engine/plan.ts'
import { refused } from './failures.ts'
import { certainOf } from './knowledge.ts'
import { digest, gathered, isSkipped, joined } from './meaning.ts'
import { branchesOf, firstPortOf, type Program, type ProgramNode } from './program.ts'

/** A random program as the engine executes it. */
export function planOfProgram(program: Program): Plan {
  const certain = certainOf(program)
  const byId = new Map(program.nodes.map((node) => [node.id, node]))
  return compilePlan({
    graph: toGraph(program),
    workflow: { id: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d', name: 'Random', version: 1 },
    compileNode: ({ id }) => {
      const node = byId.get(id)!
      const sure = certain.get(id) ?? []
      return {
        isTrigger: node.kind === 'trigger',
        firstPort: firstPortOf(node),
        behaviour: behaviourOf(node, sure),
        ...(node.guarded && { executeIf: guardOf(node, sure) }),
      }
    },
  })
}

function guardOf(node: ProgramNode, certain: readonly string[]): Guard {
  return ({ steps }) => {
    const seen = certain.map((id) => steps[id])
    return { result: !isSkipped({ ...node, disabled: false }, seen), because: null }
  }
}

function behaviourOf(node: ProgramNode, certain: readonly string[]): Behaviour {
  const look = (steps: Readonly<Record<string, Json>>) =>
    digest(
      node,
      certain.map((id) => steps[id]),
    )
  switch (node.kind) {
    case 'trigger':
      return { kind: 'pure', evaluate: ({ trigger }) => ({ output: trigger, port: 'out' }) }
    case 'call':
      return { kind: 'effect', resolve: ({ steps }) => look(steps).output as JsonObject }
    case 'wait':
      return { kind: 'wait', until: ({ steps, now }) => now + Math.floor(look(steps).roll * 20_000) - 2_000 }
    case 'break':
      return {
        kind: 'pure',
        evaluate: ({ steps }) => {
          const { output, port, roll } = look(steps)
          if (roll < 0.5) throw new StepFailure(refused)
          return { output, port }
        },
      }
    case 'merge':
      return {
        kind: 'merge',
        needs: null,
        combine: (arrived) =>
          joined(
            node,
            arrived.map(({ output }) => output),
          ),
      }
    case 'parallel':
      return {
        kind: 'parallel',
        branches: branchesOf(node),
        waitFor: node.waitFor,
        stopsAtFailure: node.stopsAtFailure,
        timeoutMs: node.timeoutMs,
        combine: (results) =>
          gathered(
            node,
            results.map((result) => ({ branch: result.branch, failed: 'failure' in result })),
          ),
      }
    case 'end':
      return { kind: 'pure', evaluate: ({ steps }) => ({ ...look(steps), end: { status: 'completed' } }) }
    default:
      return {
        kind: 'pure',
        evaluate: ({ steps }) => {
          const { output, port } = look(steps)
          return { output, port }
        },
      }
  }
}

function toGraph({ nodes, edges }: Program): Graph {
  return {
    version: 1,
    nodes: nodes.map(({ id, kind, onError, disabled, maxRetries }) => ({
      id,
      type: kind,
      name: id,
      position: { x: 0, y: 0 },
      params: {},
      settings: { onError, disabled, retry: { maxRetries } } satisfies NodeSettings,
    })),
    edges: edges.map(({ source, port, target }, index) => ({ id: `e${index}`, source, sourcePort: port, target })),
  }
}

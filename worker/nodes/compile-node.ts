import type { GraphNode } from '../contract/graph.ts'
import { failureTrigger } from '../contract/facts/graph.ts'
import { StepFailure, type Behaviour } from '../engine/behaviour.ts'
import { unreachable } from '../lib/unreachable.ts'
import { compileParams } from './params/compile-params.ts'
import { findNodeType } from './registry.ts'
import { nowhere, type Surroundings } from './surroundings.ts'

/**
 * What the engine needs of one node, made ready once per version. Never throws: a node that is wrong fails when its
 * turn comes, with a failure that says what is wrong, so a draft can be tried as far as it goes.
 */
export function compileNode(node: GraphNode, surroundings: Surroundings = nowhere): Behaviour {
  const definition = findNodeType(node.type)
  if (definition === undefined) {
    const failure = new StepFailure({
      kind: 'terminal',
      code: 'node.unknown_type',
      message: `There is no node type "${node.type}".`,
    })
    return {
      kind: 'pure',
      evaluate() {
        throw failure
      },
    }
  }
  switch (definition.kind) {
    case 'trigger':
      if (definition.type === failureTrigger) {
        return {
          kind: 'pure',
          evaluate: (scope) => ({ output: scope.failed ?? null, port: definition.ports[0]!.name }),
        }
      }
      return { kind: 'pure', evaluate: (scope) => ({ output: scope.trigger, port: definition.ports[0]!.name }) }
    case 'inline':
      return definition.compile(node, surroundings)
    case 'effect': {
      const resolve = compileParams(definition.params(), node.params)
      return { kind: 'effect', resolve: (scope) => resolve(scope).input }
    }
    default:
      return unreachable(definition)
  }
}

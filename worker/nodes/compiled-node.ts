import type { GraphNode } from '../contract/graph.ts'
import type { CompiledNode } from '../engine/compile-plan.ts'
import { compileNode } from './compile-node.ts'
import { compileGroup } from './params/compile-group.ts'
import { portsOf } from './ports-of.ts'
import { findNodeType } from './registry.ts'

/** A node as a plan has it: what it does, where it goes on when it is passed through, and when it is executed at all. */
export function compiledNode(node: GraphNode): CompiledNode {
  const definition = findNodeType(node.type)
  const firstPort = definition === undefined ? 'out' : (portsOf(definition, node)[0]?.name ?? 'out')
  const executeIf = node.settings?.executeIf
  return {
    isTrigger: definition?.kind === 'trigger',
    firstPort,
    behaviour: compileNode(node),
    ...(executeIf !== undefined && { executeIf: compileGroup(executeIf) }),
  }
}

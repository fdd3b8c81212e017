import type { GraphNode } from '../contract/graph.ts'
import { failureTrigger } from '../contract/facts/graph.ts'
import type { CompiledNode } from '../engine/compile-plan.ts'
import { compileNode } from './compile-node.ts'
import { contactReads } from './contact-reads.ts'
import type { NodeDefinition } from './define.ts'
import { compileGroup } from './params/compile-group.ts'
import { compileValue } from './params/compile-params.ts'
import { portsOf } from './ports-of.ts'
import { findNodeType } from './registry.ts'
import type { Surroundings } from './surroundings.ts'

/** Where a node goes on that is passed through. */
export function goesOnAt(definition: NodeDefinition, node: GraphNode): string {
  return definition.goesOnAt ?? portsOf(definition, node)[0]?.name ?? 'out'
}

/** A node as a plan has it: what it does, where it goes on when it is passed through, and when it is executed at all. */
export function compiledNode(node: GraphNode, surroundings?: Surroundings): CompiledNode {
  const definition = findNodeType(node.type)
  const firstPort = definition === undefined ? 'out' : goesOnAt(definition, node)
  const executeIf = node.settings?.executeIf
  const cacheKey = node.settings?.cache?.key
  const reads = contactReads(node)
  return {
    isTrigger: definition?.kind === 'trigger',
    ...(node.type === failureTrigger && { isHandler: true }),
    firstPort,
    behaviour: compileNode(node, surroundings),
    ...(reads !== undefined && { contactReads: reads }),
    ...(executeIf !== undefined && { executeIf: compileGroup(executeIf) }),
    ...(cacheKey !== undefined && cacheKey.trim() !== '' && { cacheKey: compileValue(cacheKey, 'cache.key') }),
  }
}

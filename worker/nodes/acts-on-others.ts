import type { Graph } from '../contract/graph.ts'
import { findNodeType } from './registry.ts'

/** Whether executions of a graph do anything that others can notice, and so can come back to it. */
export function actsOnOthers({ nodes }: Graph): boolean {
  return nodes.some(({ type }) => type === 'flow.call' || findNodeType(type)?.kind === 'effect')
}

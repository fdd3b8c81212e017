import type { Connection as FlowConnection } from '@xyflow/svelte'
import type { Graph } from '#contract/graph.ts'
import type { Connection } from '../model/edges.ts'
import type { Point } from '../model/geometry.ts'
import { type FlowEdge, type FlowNode, inputHandle } from './to-flow.ts'

/** What a person did to the drawing, read off the nodes and edges the canvas library proposes. */
export interface FlowChange {
  selectedIds: ReadonlySet<string>
  /** Nodes that are elsewhere than the graph has them. */
  moved: ReadonlyMap<string, Point>
}

/** The library proposes a whole list of nodes; this is what it means by it. Everything else it changed is not ours. */
export function fromFlowNodes(graph: Graph, proposed: readonly FlowNode[]): FlowChange {
  const positions = new Map(graph.nodes.map((node) => [node.id, node.position]))
  const moved = new Map<string, Point>()
  for (const { id, position } of proposed) {
    const before = positions.get(id)
    if (before && (before.x !== position.x || before.y !== position.y)) moved.set(id, { x: position.x, y: position.y })
  }
  return { selectedIds: new Set(proposed.filter((node) => node.selected).map((node) => node.id)), moved }
}

export function fromFlowEdges(proposed: readonly FlowEdge[]): ReadonlySet<string> {
  return new Set(proposed.filter((edge) => edge.selected).map((edge) => edge.id))
}

/** A connection as the graph says it; undefined when an end is missing. */
export function fromFlowConnection(
  connection: Pick<FlowConnection, 'source' | 'target' | 'sourceHandle' | 'targetHandle'>,
): Connection | undefined {
  const { source, sourceHandle, target, targetHandle } = connection
  if (!source || !target || !sourceHandle) return undefined
  const ends = { source, sourcePort: sourceHandle, target }
  return targetHandle && targetHandle !== inputHandle ? { ...ends, targetPort: targetHandle } : ends
}

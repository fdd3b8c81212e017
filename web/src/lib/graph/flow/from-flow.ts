import type { Connection as FlowConnection } from '@xyflow/svelte'
import type { Graph } from '#contract/graph.ts'
import type { Connection } from '../model/edges.ts'
import type { Point } from '../model/geometry.ts'
import { type FlowEdge, type FlowNode, inputHandle, noteIdOf } from './to-flow.ts'

/** What a person did to the drawing, read off the nodes and edges the canvas library proposes. */
export interface FlowChange {
  selectedIds: ReadonlySet<string>
  /** Nodes that are elsewhere than the graph has them. */
  moved: ReadonlyMap<string, Point>
  selectedNoteIds: ReadonlySet<string>
  movedNotes: ReadonlyMap<string, Point>
}

/** The library proposes a whole list of nodes; this is what it means by it. Everything else it changed is not ours. */
export function fromFlowNodes(graph: Graph, proposed: readonly FlowNode[]): FlowChange {
  const steps = new Map(graph.nodes.map((node) => [node.id, node.position]))
  const notes = new Map(graph.notes?.map((note) => [note.id, note.position]))
  const moved = new Map<string, Point>()
  const movedNotes = new Map<string, Point>()
  const selectedIds = new Set<string>()
  const selectedNoteIds = new Set<string>()
  for (const { id: flowId, position, selected } of proposed) {
    const noteId = noteIdOf(flowId)
    const id = noteId ?? flowId
    const before = (noteId === undefined ? steps : notes).get(id)
    const isElsewhere = before !== undefined && (before.x !== position.x || before.y !== position.y)
    if (isElsewhere) (noteId === undefined ? moved : movedNotes).set(id, { x: position.x, y: position.y })
    if (selected) (noteId === undefined ? selectedIds : selectedNoteIds).add(id)
  }
  return { selectedIds, moved, selectedNoteIds, movedNotes }
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

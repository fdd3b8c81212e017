import type { Graph } from '#contract/graph.ts'
import type { Box } from '#lib/graph/model/geometry.ts'
import type { NodeTypeLookup } from '#lib/graph/model/ports.ts'
import { align, type Axis, distribute, type Edge } from '../layout/align.ts'
import { boxes } from '../model/place.ts'
import { defineCommand } from './command.ts'
import { moveNodes } from './move-nodes.ts'

interface Args {
  ids: ReadonlySet<string>
  lookup: NodeTypeLookup
}

/** Brings nodes level with the outermost of them, or by their middles. */
export const alignNodes = defineCommand<Args & { edge: Edge }>({
  name: 'alignNodes',
  label: 'align',
  perform: (graph, { edge, ...which }) => moveNodes.perform(graph, { to: align(chosen(graph, which), edge) }),
})

/** Gives three nodes or more equal gaps. */
export const distributeNodes = defineCommand<Args & { axis: Axis }>({
  name: 'distributeNodes',
  label: 'distribute',
  perform: (graph, { axis, ...which }) => moveNodes.perform(graph, { to: distribute(chosen(graph, which), axis) }),
})

function chosen(graph: Graph, { ids, lookup }: Args): Map<string, Box> {
  return new Map([...boxes(graph, lookup)].filter(([id]) => ids.has(id)))
}

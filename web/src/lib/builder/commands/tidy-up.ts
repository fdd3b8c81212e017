import { tidy } from '../layout/tidy.ts'
import type { NodeTypeLookup } from '#lib/graph/model/ports.ts'
import { defineCommand } from './command.ts'
import { moveNodes } from './move-nodes.ts'

/** Lays the nodes out in columns from left to right; with `ids`, those alone, where they are. */
export const tidyUp = defineCommand<{ lookup: NodeTypeLookup; ids?: ReadonlySet<string> }>({
  name: 'tidyUp',
  label: 'tidy up',
  perform(graph, { lookup, ids }) {
    const chosen = ids === undefined || ids.size < 2 ? graph.nodes : graph.nodes.filter((node) => ids.has(node.id))
    return moveNodes.perform(graph, { to: tidy({ graph, nodes: chosen, lookup }) })
  },
})

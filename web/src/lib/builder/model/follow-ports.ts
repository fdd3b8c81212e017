import type { Graph } from '#contract/graph.ts'
import type { Port } from '#contract/node-type.ts'
import { reconnect } from '#lib/graph/model/edges.ts'

/**
 * The graph after a node's ways out changed from `before` to `after`. Edges of a way that is gone go with it, except
 * when just one was replaced in place: that is a rename, and its edges follow. Edges that never had a way (drawn by an
 * import, or for an unknown type) are left for validation to point at.
 */
export function followPorts(graph: Graph, nodeId: string, before: readonly Port[], after: readonly Port[]): Graph {
  const now = new Set(after.map((port) => port.name))
  const gone = before.filter((port) => !now.has(port.name))
  if (gone.length === 0) return graph
  const renamed = renamedPort(before, after)
  const fate = new Map(gone.map((port) => [port.name, port.name === renamed?.from ? renamed.to : undefined]))
  const edges = reconnect(graph, (edge) => {
    if (edge.source !== nodeId || !fate.has(edge.sourcePort)) return edge
    const sourcePort = fate.get(edge.sourcePort)
    return sourcePort === undefined ? undefined : { ...edge, sourcePort }
  })
  return { ...graph, edges }
}

function renamedPort(before: readonly Port[], after: readonly Port[]): { from: string; to: string } | undefined {
  if (before.length !== after.length) return undefined
  const changed = before.flatMap((port, index) => {
    const to = after[index]?.name
    return to === undefined || to === port.name ? [] : [{ from: port.name, to }]
  })
  return changed.length === 1 ? changed[0] : undefined
}

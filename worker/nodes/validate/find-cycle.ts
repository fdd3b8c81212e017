import type { GraphEdge } from '../../contract/graph.ts'
import type { GraphIndex } from './graph-index.ts'

/**
 * The edges that lead back to a node they came from, each with the way round it closes (ids, from its target to its
 * source). Taking all of them out leaves a graph without cycles.
 *
 *     a → b → c        back edge: c → b, way: b, c
 *         ↑   │
 *         └───┘
 */
export function findBackEdges({ nodes, outgoing }: GraphIndex): { edge: GraphEdge; way: string[] }[] {
  const found: { edge: GraphEdge; way: string[] }[] = []
  const finished = new Set<string>()

  for (const start of nodes.keys()) {
    if (finished.has(start)) continue
    // Depth first with a path of its own, not the call stack's: a graph of 500 nodes may be one long line.
    const path: { id: string; edges: readonly GraphEdge[]; next: number }[] = []
    const depth = new Map<string, number>()
    const enter = (id: string) => {
      depth.set(id, path.length)
      path.push({ id, edges: outgoing.get(id) ?? [], next: 0 })
    }
    enter(start)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = top.edges[top.next++]
      if (edge === undefined) {
        path.pop()
        depth.delete(top.id)
        finished.add(top.id)
        continue
      }
      const closes = depth.get(edge.target)
      if (closes !== undefined) found.push({ edge, way: path.slice(closes).map(({ id }) => id) })
      else if (!finished.has(edge.target)) enter(edge.target)
    }
  }
  return found
}

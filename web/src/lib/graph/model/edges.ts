import type { Graph, GraphEdge } from '#contract/graph.ts'

export type Connection = Pick<GraphEdge, 'source' | 'sourcePort' | 'target' | 'targetPort'>

const longest = 120

/** An edge with an id made of its ends, so that the same connection drawn twice is the same edge. */
export function makeEdge(
  { source, sourcePort, target, targetPort }: Connection,
  taken: ReadonlySet<string>,
): GraphEdge {
  const base = `${source}.${sourcePort}-${target}`.slice(0, longest)
  let id = base
  for (let number = 2; taken.has(id); number += 1) id = `${base.slice(0, longest - 6)}~${number}`
  return { id, source, sourcePort, target, ...(targetPort === undefined ? {} : { targetPort }) }
}

export function edgeIds(edges: readonly GraphEdge[]): ReadonlySet<string> {
  return new Set(edges.map((edge) => edge.id))
}

export function sameConnection(a: Connection, b: Connection): boolean {
  return (
    a.source === b.source && a.sourcePort === b.sourcePort && a.target === b.target && a.targetPort === b.targetPort
  )
}

/** Edges with new ends, ids made anew where the ends changed. Duplicates that this would make are dropped. */
export function reconnect(graph: Graph, change: (edge: GraphEdge) => Connection | undefined): GraphEdge[] {
  const kept: GraphEdge[] = []
  const taken = new Set<string>()
  for (const edge of graph.edges) {
    const ends = change(edge)
    if (ends === undefined || kept.some((other) => sameConnection(other, ends))) continue
    const next = sameConnection(edge, ends) && !taken.has(edge.id) ? edge : makeEdge(ends, taken)
    taken.add(next.id)
    kept.push(next)
  }
  return kept
}

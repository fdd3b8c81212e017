import type { Graph, GraphEdge, GraphNode } from '#contract/graph.ts'

export type Direction = 'left' | 'right' | 'up' | 'down'

/** Every node that can be reached from these, going with the edges or against them; the given ones not included. */
export function reachable(
  graph: Graph,
  from: ReadonlySet<string>,
  towards: 'downstream' | 'upstream',
): ReadonlySet<string> {
  const next = new Map<string, string[]>()
  for (const edge of graph.edges) {
    const [near, far] = towards === 'downstream' ? [edge.source, edge.target] : [edge.target, edge.source]
    next.set(near, [...(next.get(near) ?? []), far])
  }
  const found = new Set<string>()
  const open = [...from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const far of next.get(id) ?? []) {
      if (found.has(far) || from.has(far)) continue
      found.add(far)
      open.push(far)
    }
  }
  return found
}

/**
 * The node an arrow key leads to: right and left follow the edges, up and down go among siblings (nodes that share a
 * parent or child), then to whatever lies nearest that way. Undefined at the end of the road.
 */
export function nodeTowards(graph: Graph, fromId: string, direction: Direction): string | undefined {
  const from = graph.nodes.find((node) => node.id === fromId)
  if (from === undefined) return undefined
  const connected = new Set(linked(graph.edges, fromId, direction))
  const candidates = graph.nodes.filter((node) => connected.has(node.id))
  if (direction === 'right' || direction === 'left') return nearest(candidates, from)?.id
  const beyond = (node: GraphNode) =>
    node.id !== fromId && (direction === 'up' ? node.position.y < from.position.y : node.position.y > from.position.y)
  return (nearest(candidates.filter(beyond), from) ?? nearest(graph.nodes.filter(beyond), from))?.id
}

function linked(edges: readonly GraphEdge[], id: string, direction: Direction): string[] {
  if (direction === 'right') return edges.filter((edge) => edge.source === id).map((edge) => edge.target)
  if (direction === 'left') return edges.filter((edge) => edge.target === id).map((edge) => edge.source)
  const parents = new Set(linked(edges, id, 'left'))
  const children = new Set(linked(edges, id, 'right'))
  return edges.flatMap((edge) => [
    ...(parents.has(edge.source) ? [edge.target] : []),
    ...(children.has(edge.target) ? [edge.source] : []),
  ])
}

function nearest(nodes: readonly GraphNode[], { position }: GraphNode): GraphNode | undefined {
  const distance = (node: GraphNode) => Math.hypot(node.position.x - position.x, node.position.y - position.y)
  return nodes.reduce<GraphNode | undefined>(
    (best, node) => (best === undefined || distance(node) < distance(best) ? node : best),
    undefined,
  )
}

/** The nodes in the order a person would read them: each trigger, then what follows, left before right. */
export function readingOrder(graph: Graph): GraphNode[] {
  const incoming = new Set(graph.edges.map((edge) => edge.target))
  const byPlace = [...graph.nodes].sort((a, b) => a.position.x - b.position.x || a.position.y - b.position.y)
  const seen = new Set<string>()
  const order: GraphNode[] = []
  const visit = (node: GraphNode) => {
    const open = [node]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next.id)) continue
      seen.add(next.id)
      order.push(next)
      const targets = new Set(linked(graph.edges, next.id, 'right'))
      open.push(...byPlace.filter((other) => targets.has(other.id)).sort((a, b) => b.position.y - a.position.y))
    }
  }
  for (const node of byPlace) if (!incoming.has(node.id)) visit(node)
  for (const node of byPlace) visit(node)
  return order
}

import type { Graph, GraphNode } from '#contract/graph.ts'

/** The graph with one node changed; the same graph when `change` gives the node back, or there is no such node. */
export function changeNode(graph: Graph, id: string, change: (node: GraphNode) => GraphNode): Graph {
  const index = graph.nodes.findIndex((node) => node.id === id)
  const node = graph.nodes[index]
  const next = node && change(node)
  return next === undefined || next === node ? graph : { ...graph, nodes: graph.nodes.with(index, next) }
}

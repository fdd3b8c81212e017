import type { Graph, GraphEdge, GraphNode } from '../../contract/graph.ts'
import type { NodeDefinition } from '../define.ts'
import { jump } from '../flow/go-to.ts'
import { findNodeType } from '../registry.ts'

/** A graph looked up by id. Of nodes with one id the first counts; edges that lead nowhere are left out. */
export interface GraphIndex {
  graph: Graph
  nodes: ReadonlyMap<string, IndexedNode>
  /** Edges by the node they leave, and by the node they enter. */
  outgoing: ReadonlyMap<string, readonly GraphEdge[]>
  incoming: ReadonlyMap<string, readonly GraphEdge[]>
  /** Names of the organization's variables, where they are known. */
  organization?: readonly string[] | undefined
}

export interface IndexedNode {
  node: GraphNode
  index: number
  definition: NodeDefinition | undefined
}

/** Looks a graph up once for all that is asked of it. `organization`: names of variables, where they are known. */
export function indexGraph(graph: Graph, organization?: readonly string[]): GraphIndex {
  const nodes = new Map<string, IndexedNode>()
  for (const [index, node] of graph.nodes.entries()) {
    if (!nodes.has(node.id)) nodes.set(node.id, { node, index, definition: findNodeType(node.type) })
  }
  const outgoing = new Map<string, GraphEdge[]>()
  const incoming = new Map<string, GraphEdge[]>()
  for (const edge of graph.edges) {
    if (!nodes.has(edge.source) || !nodes.has(edge.target)) continue
    append(outgoing, edge.source, edge)
    append(incoming, edge.target, edge)
  }
  return { graph, nodes, outgoing, incoming, organization }
}

/** Whether an edge goes where a “Go to” sends its tokens: the only kind that may lead back. */
export function isJump({ nodes }: GraphIndex, { source, sourcePort }: GraphEdge): boolean {
  return sourcePort === jump.name && nodes.get(source)?.node.type === 'flow.goTo'
}

/**
 * The same graph without the edges that such a node sends tokens along, but for those that are the only ones to lead to
 * where they lead.
 */
export function withoutJumps(index: GraphIndex): GraphIndex {
  if (![...index.nodes.values()].some(({ node }) => node.type === 'flow.goTo')) return index
  const isElse = (target: string) => index.incoming.get(target)?.some((edge) => !isJump(index, edge))
  const edges = index.graph.edges.filter((edge) => !isJump(index, edge) || isElse(edge.target) !== true)
  return indexGraph({ ...index.graph, edges }, index.organization)
}

/** Every node that a way of edges leads to from the given ones, themselves included. */
export function reachableFrom({ outgoing }: GraphIndex, starts: readonly string[]): Set<string> {
  return walk(starts, (id) => (outgoing.get(id) ?? []).map(({ target }) => target))
}

/** Every node from which a way of edges leads to this one: those whose results it can read. */
export function nodesBefore({ incoming }: GraphIndex, id: string): Set<string> {
  const sources = (of: string) => (incoming.get(of) ?? []).map(({ source }) => source)
  return walk(sources(id), sources)
}

function walk(starts: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set(starts)
  const left = [...seen]
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    for (const neighbour of next(id)) {
      if (seen.has(neighbour)) continue
      seen.add(neighbour)
      left.push(neighbour)
    }
  }
  return seen
}

function append(lists: Map<string, GraphEdge[]>, key: string, edge: GraphEdge): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [edge])
  else list.push(edge)
}

import type { Graph, GraphNode } from '#contract/graph.ts'
import { graphLimits } from '#contract/facts/graph.ts'
import type { NodeType } from '#contract/node-type.ts'
import { whyNotConnect } from '../model/can-connect.ts'
import { type Connection, edgeIds, makeEdge } from '#lib/graph/model/edges.ts'
import { card, cardHeight, type Point } from '#lib/graph/model/geometry.ts'
import { boxes, freePlace, placeAfter, placeBefore } from '../model/place.ts'
import { hasInput, type NodeTypeLookup, portsOf } from '#lib/graph/model/ports.ts'
import { uniqueName, uniqueNodeId } from '../model/unique-id.ts'
import { defineCommand } from './command.ts'

/** What a new node hangs on: the way out of another, or (drawn backwards) another's way in. */
export type Anchor = { from: string; port: string } | { to: string }

interface Args {
  nodeType: NodeType
  lookup: NodeTypeLookup
  anchor?: Anchor | undefined
  /** Where to put it; beside its anchor when absent. The nearest free place is taken. */
  at?: Point | undefined
}

/** Adds a node of a type: named, numbered, connected to its anchor and laid where nothing lies yet. */
export const addNode = defineCommand<Args>({
  name: 'addNode',
  label: 'add step',
  perform(graph, { nodeType, lookup, anchor, at }) {
    if (graph.nodes.length >= graphLimits.nodes) return graph
    const ports = portsOf({ params: nodeType.defaultParams }, nodeType)
    const height = cardHeight(ports.length)
    const node = newNode(graph, nodeType, place({ graph, lookup, anchor, at, height }))
    const next: Graph = { ...graph, nodes: [...graph.nodes, node] }
    const connection = connectionOf(anchor, node, nodeType, ports[0]?.name)
    if (connection === undefined || whyNotConnect(next, connection) !== undefined) return next
    return { ...next, edges: [...next.edges, makeEdge(connection, edgeIds(next.edges))] }
  },
})

/** A node of this type as it comes out of the palette. */
export function newNode(graph: Graph, nodeType: NodeType, position: Point): GraphNode {
  return {
    id: uniqueNodeId(nodeType.title, new Set(graph.nodes.map((node) => node.id))),
    type: nodeType.type,
    name: uniqueName(nodeType.title, new Set(graph.nodes.map((node) => node.name))),
    position,
    params: structuredClone(nodeType.defaultParams),
  }
}

function connectionOf(
  anchor: Anchor | undefined,
  node: GraphNode,
  nodeType: NodeType,
  firstPort: string | undefined,
): Connection | undefined {
  if (anchor === undefined) return undefined
  if ('from' in anchor) {
    return hasInput(nodeType) ? { source: anchor.from, sourcePort: anchor.port, target: node.id } : undefined
  }
  return firstPort === undefined ? undefined : { source: node.id, sourcePort: firstPort, target: anchor.to }
}

function place({
  graph,
  lookup,
  anchor,
  at,
  height,
}: Pick<Args, 'lookup' | 'anchor' | 'at'> & { graph: Graph; height: number }): Point {
  const taken = boxes(graph, lookup)
  if (at !== undefined) return freePlace(taken.values(), at, height)
  if (anchor !== undefined && 'from' in anchor) {
    const source = graph.nodes.find((node) => node.id === anchor.from)
    const box = taken.get(anchor.from)
    if (source !== undefined && box !== undefined) {
      const ports = portsOf(source, lookup(source.type))
      const index = Math.max(
        0,
        ports.findIndex((port) => port.name === anchor.port),
      )
      return freePlace(taken.values(), placeAfter(box, index, ports.length, height), height)
    }
  }
  if (anchor !== undefined && 'to' in anchor) {
    const box = taken.get(anchor.to)
    if (box !== undefined) return freePlace(taken.values(), placeBefore(box, height), height)
  }
  const right = Math.max(...[...taken.values()].map((box) => box.x + box.width))
  return freePlace(taken.values(), taken.size === 0 ? { x: 0, y: 0 } : { x: right + card.columnGap, y: 0 }, height)
}

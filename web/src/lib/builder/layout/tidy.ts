import type { Graph, GraphNode } from '#contract/graph.ts'
import { card, cardHeight, type Point, portOffset, snap } from '#lib/graph/model/geometry.ts'
import { type NodeTypeLookup, portsOf } from '#lib/graph/model/ports.ts'
import { type Extent, heightsOf } from './heights.ts'
import { columnsOf, islandsOf, type Link } from './layers.ts'
import { lanesOf, orderColumns } from './order.ts'

/**
 * A tidy place for each of the nodes: columns from left to right, few crossings, no overlap, groups that are not
 * connected one below the other. The top left corner of the whole stays where it was; apart from that, where the nodes
 * lay before plays no part, so tidying twice is tidying once.
 */
export function tidy({
  graph,
  nodes,
  lookup,
}: {
  graph: Pick<Graph, 'edges'>
  nodes: readonly GraphNode[]
  lookup: NodeTypeLookup
}): Map<string, Point> {
  const places = new Map<string, Point>()
  if (nodes.length === 0) return places
  const left = snap(Math.min(...nodes.map((node) => node.position.x)))
  let top = snap(Math.min(...nodes.map((node) => node.position.y)))
  const ports = new Map(nodes.map((node) => [node.id, portsOf(node, lookup(node.type)).map((port) => port.name)]))

  for (const ids of islandsOf(
    nodes.map((node) => node.id),
    graph.edges,
  )) {
    const bottom = placeIsland({ ids, edges: graph.edges, ports, left, top, places })
    top = bottom + card.rowGap * 2
  }
  return places
}

function placeIsland({
  ids,
  edges,
  ports,
  left,
  top,
  places,
}: {
  ids: readonly string[]
  edges: Graph['edges']
  ports: ReadonlyMap<string, readonly string[]>
  left: number
  top: number
  places: Map<string, Point>
}): number {
  const inside = new Set(ids)
  const links = edges
    .filter((edge) => inside.has(edge.source) && inside.has(edge.target))
    .map(({ source, target, sourcePort }): Link => {
      return { source, target, port: Math.max(0, ports.get(source)?.indexOf(sourcePort) ?? 0) }
    })
  const columnOf = columnsOf(ids, links)
  const lanes = lanesOf(columnOf, links)
  const columns = orderColumns(lanes)
  const extentOf = (id: string): Extent => {
    const count = ports.get(id)?.length
    // Bends are as high as nothing; a lane is made by the gap around them.
    if (count === undefined) return { height: 0, portOffset: () => 0 }
    const height = cardHeight(count)
    return { height, portOffset: (port) => (count < 2 ? 0 : portOffset(port, count) - height / 2) }
  }
  const heights = heightsOf({ columns, links: lanes.links, extentOf, gap: card.rowGap })
  const highest = Math.min(...ids.map((id) => heights.get(id) ?? 0))
  let bottom = top
  for (const id of ids) {
    const x = left + (columnOf.get(id) ?? 0) * (card.width + card.columnGap)
    const y = top + snap((heights.get(id) ?? 0) - highest)
    places.set(id, { x, y })
    bottom = Math.max(bottom, y + extentOf(id).height)
  }
  return bottom
}

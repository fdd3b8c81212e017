import type { Graph } from '#contract/graph.ts'
import { type Box, card, cardHeight, overlaps, type Point, portOffset, snapPoint } from '#lib/graph/model/geometry.ts'
import { type NodeTypeLookup, portsOf } from '#lib/graph/model/ports.ts'

const margin = 16

/** Where every node's card lies. Without `lookup` all cards have the least height. */
export function boxes(graph: Graph, lookup: NodeTypeLookup = () => undefined): Map<string, Box> {
  return new Map(
    graph.nodes.map((node) => {
      const height = cardHeight(portsOf(node, lookup(node.type)).length)
      return [node.id, { ...node.position, width: card.width, height }]
    }),
  )
}

/** The free place nearest below (or above, when that is nearer) the wanted one, on the grid. */
export function freePlace(taken: Iterable<Box>, wanted: Point, height: number = card.height): Point {
  const others = [...taken]
  const { x, y } = snapPoint(wanted)
  const isFree = (at: Point) => others.every((box) => !overlaps({ ...at, width: card.width, height }, box, margin))
  for (let step = 0; ; step += 1) {
    const below = { x, y: y + step * card.portPitch }
    if (isFree(below)) return below
    const above = { x, y: y - step * card.portPitch }
    if (isFree(above)) return above
  }
}

/** Where a node goes that follows a port of this box: one column to the right, level with the port. */
export function placeAfter(box: Box, portIndex: number, portCount: number, height: number): Point {
  const level = portCount > 1 ? portOffset(portIndex, portCount) : box.height / 2
  const spread = portCount > 1 ? (portIndex - (portCount - 1) / 2) * (card.height + card.rowGap - card.portPitch) : 0
  return snapPoint({ x: box.x + box.width + card.columnGap, y: box.y + level + spread - height / 2 })
}

/** Where a node goes that leads into this box: one column to the left. */
export function placeBefore(box: Box, height: number): Point {
  return snapPoint({ x: box.x - card.columnGap - card.width, y: box.y + (box.height - height) / 2 })
}

/** A place below everything there is, for what nobody pointed a place out for. */
export function placeBelow(graph: Graph): Point {
  const all: Box[] = [
    ...boxes(graph).values(),
    ...(graph.notes ?? []).map(({ position, size }) => ({ ...position, ...size })),
  ]
  if (all.length === 0) return { x: 0, y: 0 }
  return snapPoint({
    x: Math.min(...all.map(({ x }) => x)),
    y: Math.max(...all.map(({ y, height }) => y + height)) + card.rowGap,
  })
}

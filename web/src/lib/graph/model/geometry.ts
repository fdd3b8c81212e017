import type { GraphNode } from '#contract/graph.ts'

/** The grid that everything on the canvas snaps to, in canvas pixels. */
export const grid = 8

/** A node's card. Its height grows with its ways out, so that their labels never touch. */
export const card = { width: 220, height: 64, portPitch: 24, columnGap: 92, rowGap: 40 } as const

export interface Point {
  x: number
  y: number
}

export interface Box extends Point {
  width: number
  height: number
}

/** Nearest point on the grid. */
export function snap(value: number): number {
  // Adding 0 turns -0 into 0, which JSON would otherwise change on its way to the server and back.
  return Math.round(value / grid) * grid + 0
}

export function snapPoint({ x, y }: Point): Point {
  return { x: snap(x), y: snap(y) }
}

/** How high the card of a node with so many ways out is. */
export function cardHeight(portCount: number): number {
  return Math.max(card.height, (portCount + 1) * card.portPitch - grid)
}

/** Where, from the card's top, the way out with this index sits. */
export function portOffset(index: number, portCount: number): number {
  const height = cardHeight(portCount)
  return height / 2 + (index - (portCount - 1) / 2) * card.portPitch
}

export function boxOf(node: GraphNode, portCount = 1): Box {
  return { ...node.position, width: card.width, height: cardHeight(portCount) }
}

export function overlaps(a: Box, b: Box, margin = 0): boolean {
  return (
    a.x < b.x + b.width + margin &&
    b.x < a.x + a.width + margin &&
    a.y < b.y + b.height + margin &&
    b.y < a.y + a.height + margin
  )
}

/** How much room there is to be on each side of a box. */
export interface Room {
  top: number
  right: number
  bottom: number
  left: number
}

/** The least move that brings a box into an area with so much room around it; none where it has that already. */
export function moveInto(box: Box, area: Box, room: Room): Point {
  const within = (least: number, most: number) => (most < least ? least : Math.max(least, Math.min(most, 0)))
  return {
    x: within(area.x + room.left - box.x, area.x + area.width - room.right - (box.x + box.width)),
    y: within(area.y + room.top - box.y, area.y + area.height - room.bottom - (box.y + box.height)),
  }
}

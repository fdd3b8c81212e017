import { type Box, type Point, snap } from '#lib/graph/model/geometry.ts'

/** What boxes are brought level by: an edge, or their middle. */
export type Edge = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom'
export type Axis = 'horizontally' | 'vertically'

/** What places and lengths are called along an axis. */
const along = {
  horizontally: { place: 'x', length: 'width' },
  vertically: { place: 'y', length: 'height' },
} as const

/** How much of a box's length lies before what is brought level. */
const edges = {
  left: ['horizontally', 0],
  centre: ['horizontally', 0.5],
  right: ['horizontally', 1],
  top: ['vertically', 0],
  middle: ['vertically', 0.5],
  bottom: ['vertically', 1],
} as const satisfies Record<Edge, readonly [Axis, number]>

/**
 * Where boxes go to be level: with the outermost of them at an edge, or with the middle of what they take up together. Off
 * their middle by less than the grid where that is how it comes out.
 */
export function align(boxes: ReadonlyMap<string, Box>, edge: Edge): Map<string, Point> {
  const [axis, part] = edges[edge]
  const { place, length } = along[axis]
  const all = [...boxes.values()]
  const start = Math.min(...all.map((box) => box[place]))
  const end = Math.max(...all.map((box) => box[place] + box[length]))
  // The longest goes to the grid first and the others by it, so that to align once more changes nothing.
  const longest = Math.max(...all.map((box) => box[length]))
  const line = snap(start + (end - start - longest) * part) + longest * part
  return new Map([...boxes].map(([id, box]) => [id, { x: box.x, y: box.y, [place]: snap(line - box[length] * part) }]))
}

/**
 * Where boxes go to have equal gaps between them, along an axis. The first and the last by their middles stay; what is longer than
 * its room overlaps evenly, and none leaves what all took up.
 */
export function distribute(boxes: ReadonlyMap<string, Box>, axis: Axis): Map<string, Point> {
  const { place, length } = along[axis]
  const inOrder = [...boxes].sort(([, a], [, b]) => a[place] + a[length] / 2 - (b[place] + b[length] / 2))
  const first = inOrder[0]?.[1]
  const last = inOrder.at(-1)?.[1]
  if (first === undefined || last === undefined || inOrder.length < 3) return new Map()
  const taken = inOrder.reduce((sum, [, box]) => sum + box[length], 0)
  const gap = (last[place] + last[length] - first[place] - taken) / (inOrder.length - 1)
  const start = Math.min(...inOrder.map(([, box]) => box[place]))
  const end = Math.max(...inOrder.map(([, box]) => box[place] + box[length]))
  let at = first[place]
  return new Map(
    inOrder.map(([id, box]) => {
      const inside = Math.max(start, Math.min(at, end - box[length]))
      const to = { x: box.x, y: box.y, [place]: box === first || box === last ? box[place] : snap(inside) }
      at += box[length] + gap
      return [id, to]
    }),
  )
}

import { getBezierPath, getSmoothStepPath, Position } from '@xyflow/svelte'
import type { Point } from '../model/geometry.ts'

export interface EdgePath {
  d: string
  middle: Point
}

/** From a way out to a way in: a curve when it goes right, and a way around the cards when it goes back left. */
export function edgePath(from: Point, to: Point): EdgePath {
  const ends = { sourceX: from.x, sourceY: from.y, targetX: to.x, targetY: to.y }
  const sides = { sourcePosition: Position.Right, targetPosition: Position.Left }
  if (to.x >= from.x + 16) {
    const [d, x, y] = getBezierPath({ ...ends, ...sides, curvature: 0.3 })
    return { d, middle: { x, y } }
  }
  const level = Math.abs(to.y - from.y) < 80
  const [d, x, y] = getSmoothStepPath({
    ...ends,
    ...sides,
    borderRadius: 12,
    offset: 28,
    ...(level ? { centerY: Math.max(from.y, to.y) + 72 } : {}),
  })
  return { d, middle: { x, y } }
}

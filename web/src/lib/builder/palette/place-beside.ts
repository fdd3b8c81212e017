import type { Point } from '#lib/graph/model/geometry.ts'

type Box = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom' | 'width' | 'height'>

/** Where a panel goes so that it stands beside a thing and inside the bounds, relative to them. */
export function placeBeside(
  thing: Box | undefined,
  bounds: Box | undefined,
  size: { width: number; height: number },
): Point & { maxHeight: number } {
  const margin = 8
  if (bounds === undefined) return { x: margin, y: margin, maxHeight: size.height }
  const maxHeight = Math.min(size.height, bounds.height - 2 * margin)
  const clampX = (x: number) => Math.max(margin, Math.min(x, bounds.width - size.width - margin))
  const clampY = (y: number) => Math.max(margin, Math.min(y, bounds.height - maxHeight - margin))
  if (thing === undefined) {
    return { x: clampX((bounds.width - size.width) / 2), y: clampY(bounds.height * 0.12), maxHeight }
  }
  const right = thing.right - bounds.left + margin
  const fitsRight = right + size.width + margin <= bounds.width
  const x = fitsRight ? right : thing.left - bounds.left - size.width - margin
  return { x: clampX(x), y: clampY(thing.top - bounds.top - margin * 2), maxHeight }
}

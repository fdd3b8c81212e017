import type { Point } from '#lib/graph/model/geometry.ts'

/** How near a pointer must be to an edge to mean it, in pixels of the screen, however far away the canvas is. */
const reach = 10

const around: readonly Point[] = [
  { x: 0, y: 0 },
  { x: 0, y: -reach },
  { x: 0, y: reach },
  { x: -reach, y: 0 },
  { x: reach, y: 0 },
]

/** What of the canvas is at a point of the screen; undefined where something else lies over it. */
export function partAt(canvas: Element, { x, y }: Point): { edgeId: string | undefined } | undefined {
  if (!canvas.contains(document.elementFromPoint(x, y))) return undefined
  for (const offset of around) {
    const edgeId = edgeAt(x + offset.x, y + offset.y)
    if (edgeId !== undefined) return { edgeId }
  }
  return { edgeId: undefined }
}

/** An edge that no card hides there. Its count and its plus do not hide it. */
function edgeAt(x: number, y: number): string | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    if (element.closest('.svelte-flow__node') !== null) return undefined
    const edge = element.closest<SVGElement>('.svelte-flow__edge')
    if (edge !== null) return edge.dataset['id']
  }
  return undefined
}

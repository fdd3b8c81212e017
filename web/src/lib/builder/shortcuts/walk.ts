import type { Builder } from '../builder.svelte.ts'
import { moveNodes } from '../commands/move-nodes.ts'
import { grid, type Point } from '#lib/graph/model/geometry.ts'
import { type Direction, nodeTowards, readingOrder } from '#lib/graph/model/walk.ts'

/** Selects the node that lies this way, or the first one when none is selected, and gives it the focus. */
export function walk({ editor, view }: Builder, direction: Direction): void {
  const [from] = editor.selectedNodes
  const next = from === undefined ? readingOrder(editor.graph)[0]?.id : nodeTowards(editor.graph, from.id, direction)
  if (next === undefined) return
  editor.select([next])
  view?.reveal(next)
}

const steps: Record<Direction, readonly [number, number]> = {
  left: [-grid, 0],
  right: [grid, 0],
  up: [0, -grid],
  down: [0, grid],
}

/** Moves the selected nodes and notes one step of the grid. */
export function nudge({ editor }: Builder, direction: Direction): void {
  const [x, y] = steps[direction]
  const nudged = (parts: readonly { id: string; position: Point }[]) =>
    new Map(parts.map(({ id, position }) => [id, { x: position.x + x, y: position.y + y }]))
  editor.run(moveNodes, { to: nudged(editor.selectedNodes), notes: nudged(editor.selectedNotes) })
}

import { type Point, snapPoint } from '#lib/graph/model/geometry.ts'
import { defineCommand } from './command.ts'

/** Moves nodes and notes to places, on the grid. Ids that are gone are passed over. */
export const moveNodes = defineCommand<{
  to: ReadonlyMap<string, Point>
  notes?: ReadonlyMap<string, Point> | undefined
}>({
  name: 'moveNodes',
  label: 'move',
  coalesce: ({ to, notes }) => `move:${[...to.keys()].sort().join(',')}:${[...(notes?.keys() ?? [])].sort().join(',')}`,
  perform(graph, { to, notes: notesTo }) {
    const nodes = moved(graph.nodes, to)
    const notes = moved(graph.notes ?? [], notesTo)
    if (nodes === undefined && notes === undefined) return graph
    return { ...graph, ...(nodes && { nodes }), ...(notes && { notes }) }
  },
})

/** The items with those that lie elsewhere at their places; undefined when none does. */
function moved<Item extends { id: string; position: Point }>(
  items: readonly Item[],
  to: ReadonlyMap<string, Point> | undefined,
): Item[] | undefined {
  let changed = false
  const next = items.map((item) => {
    const place = to?.get(item.id)
    if (place === undefined) return item
    const position = snapPoint(place)
    if (position.x === item.position.x && position.y === item.position.y) return item
    changed = true
    return { ...item, position }
  })
  return changed ? next : undefined
}

import { type Point, snapPoint } from '#lib/graph/model/geometry.ts'
import { defineCommand } from './command.ts'

/** Moves nodes to places, on the grid. Ids that are gone are passed over. */
export const moveNodes = defineCommand<{ to: ReadonlyMap<string, Point> }>({
  name: 'moveNodes',
  label: 'move',
  coalesce: ({ to }) => `move:${[...to.keys()].sort().join(',')}`,
  perform(graph, { to }) {
    let changed = false
    const nodes = graph.nodes.map((node) => {
      const place = to.get(node.id)
      if (place === undefined) return node
      const position = snapPoint(place)
      if (position.x === node.position.x && position.y === node.position.y) return node
      changed = true
      return { ...node, position }
    })
    return changed ? { ...graph, nodes } : graph
  },
})

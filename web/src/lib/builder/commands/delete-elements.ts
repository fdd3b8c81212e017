import type { Graph } from '#contract/graph.ts'
import { edgeIds, makeEdge, sameConnection } from '#lib/graph/model/edges.ts'
import { withNotes } from '../model/notes.ts'
import { defineCommand } from './command.ts'

/**
 * Deletes nodes, edges and notes. A single node that sat in a line (one edge in, one out at its first way) leaves the line
 * whole: its neighbours are joined. Anything else leaves a gap, for a person to close as they mean it.
 */
export const deleteElements = defineCommand<{
  nodeIds: ReadonlySet<string>
  edgeIds?: ReadonlySet<string>
  noteIds?: ReadonlySet<string>
}>({
  name: 'deleteElements',
  label: 'delete',
  perform(graph, { nodeIds, edgeIds: chosen = new Set(), noteIds = new Set() }) {
    const nodes = graph.nodes.filter((node) => !nodeIds.has(node.id))
    const edges = graph.edges.filter(
      (edge) => !chosen.has(edge.id) && !nodeIds.has(edge.source) && !nodeIds.has(edge.target),
    )
    const { notes: before = [] } = graph
    const notes = before.filter((note) => !noteIds.has(note.id))
    const isSame = nodes.length === graph.nodes.length && edges.length === graph.edges.length
    if (isSame && notes.length === before.length) return graph
    const next: Graph = withNotes({ ...graph, nodes, edges }, notes)
    return nodeIds.size === 1 && chosen.size === 0 ? healed(graph, next, [...nodeIds]) : next
  },
})

function healed(before: Graph, after: Graph, ids: readonly string[]): Graph {
  const [id] = ids
  const into = before.edges.filter((edge) => edge.target === id)
  const out = before.edges.filter((edge) => edge.source === id)
  const [first] = into
  const [onward] = out
  if (into.length !== 1 || out.length !== 1 || first === undefined || onward === undefined) return after
  if (first.source === onward.target) return after
  const { targetPort } = onward
  const bridge = {
    source: first.source,
    sourcePort: first.sourcePort,
    target: onward.target,
    ...(targetPort === undefined ? {} : { targetPort }),
  }
  if (after.edges.some((edge) => sameConnection(edge, bridge))) return after
  return { ...after, edges: [...after.edges, makeEdge(bridge, edgeIds(after.edges))] }
}

import { NodeId } from '#contract/graph.ts'
import { reconnect } from '#lib/graph/model/edges.ts'
import type { NodeTypeLookup } from '#lib/graph/model/ports.ts'
import { rewriteNode } from '../model/references.ts'
import { defineCommand } from './command.ts'

/**
 * Changes the id that expressions use, and every `steps.<id>` and goal in the graph with it. Nothing happens when the new id is
 * not a valid one or is taken.
 */
export const changeNodeId = defineCommand<{ id: string; newId: string; lookup: NodeTypeLookup }>({
  name: 'changeNodeId',
  label: 'change id',
  perform(graph, { id, newId, lookup }) {
    const exists = graph.nodes.some((node) => node.id === id)
    const taken = graph.nodes.some((node) => node.id === newId)
    if (!exists || taken || !NodeId.safeParse(newId).success) return graph
    const ids = new Map([[id, newId]])
    const renamed = (nodeId: string) => ids.get(nodeId) ?? nodeId
    const goals = graph.settings?.goals?.map((goal) =>
      goal.goTo === undefined ? goal : { ...goal, goTo: renamed(goal.goTo) },
    )
    return {
      ...graph,
      ...(goals === undefined ? {} : { settings: { ...graph.settings, goals } }),
      nodes: graph.nodes.map((node) => {
        const next = rewriteNode(node, ids, lookup(node.type))
        return node.id === id ? { ...next, id: newId } : next
      }),
      edges: reconnect(graph, (edge) => ({ ...edge, source: renamed(edge.source), target: renamed(edge.target) })),
    }
  },
})

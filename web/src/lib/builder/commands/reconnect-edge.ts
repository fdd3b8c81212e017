import type { NodeTypeLookup } from '#lib/graph/model/ports.ts'
import { whyNotConnect } from '../model/can-connect.ts'
import { type Connection, edgeIds, makeEdge } from '#lib/graph/model/edges.ts'
import { defineCommand } from './command.ts'

/** Takes one end of an edge somewhere else. */
export const reconnectEdge = defineCommand<{ edgeId: string; connection: Connection; lookup?: NodeTypeLookup }>({
  name: 'reconnectEdge',
  label: 'reconnect',
  perform(graph, { edgeId, connection, lookup }) {
    const edges = graph.edges.filter((edge) => edge.id !== edgeId)
    const without = { ...graph, edges }
    if (edges.length === graph.edges.length || whyNotConnect(without, connection, lookup) !== undefined) return graph
    return { ...without, edges: [...edges, makeEdge(connection, edgeIds(edges))] }
  },
})

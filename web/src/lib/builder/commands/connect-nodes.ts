import type { NodeTypeLookup } from '#lib/graph/model/ports.ts'
import { whyNotConnect } from '../model/can-connect.ts'
import { type Connection, edgeIds, makeEdge } from '#lib/graph/model/edges.ts'
import { defineCommand } from './command.ts'

/** Draws an edge, if `whyNotConnect` has nothing against it. */
export const connectNodes = defineCommand<{ connection: Connection; lookup?: NodeTypeLookup }>({
  name: 'connectNodes',
  label: 'connect',
  perform(graph, { connection, lookup }) {
    if (whyNotConnect(graph, connection, lookup) !== undefined) return graph
    return { ...graph, edges: [...graph.edges, makeEdge(connection, edgeIds(graph.edges))] }
  },
})

import type { Graph, GraphNode } from '../../worker/contract/graph.ts'
import type { JsonObject } from '../../worker/contract/json.ts'

/** A node named after its id. */
export function node(
  id: string,
  type: string,
  params: JsonObject = {},
  settings?: NonNullable<GraphNode['settings']>,
): GraphNode {
  return { id, type, name: id, position: { x: 0, y: 0 }, params, ...(settings === undefined ? {} : { settings }) }
}

/**
 * A graph of these nodes, laid out in a row. Edges are written `from:port>to`, and the port is `out` where none is
 * written; several in a row may be joined: `hook>score>check:true>done`.
 */
export function graph(nodes: GraphNode[], ...chains: string[]): Graph {
  return {
    version: 1,
    nodes: nodes.map((each, index) => ({ ...each, position: { x: index * 260, y: 0 } })),
    edges: chains.flatMap(edgesOf),
  }
}

function edgesOf(chain: string): Graph['edges'] {
  const stops = chain.split('>')
  return stops.slice(1).map((stop, index) => {
    const [source = '', sourcePort = 'out'] = (stops[index] ?? '').split(':')
    const [target = ''] = stop.split(':')
    return { id: `${source}-${sourcePort}-${target}`, source, sourcePort, target }
  })
}

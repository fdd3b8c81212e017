import type { Graph } from '../../contract/graph.ts'
import type { NodeType } from '../../contract/node-type.ts'
import type { LeadsTo } from '../../progress/straight-on.ts'

/** They have one way out, and may not take it; or take it once for several that come. */
const undecided = new Set(['flow.filter', 'flow.merge'])

/** Where the nodes of a graph lead, as far as that is the same for whatever comes. */
export function leadsToIn({ nodes, edges }: Graph, types: readonly NodeType[]): LeadsTo {
  const typeOf = new Map(types.map((type) => [type.type, type]))
  const nodeOf = new Map(nodes.map((node) => [node.id, node]))
  return (id) => {
    const node = nodeOf.get(id)
    const type = node && typeOf.get(node.type)
    if (type === undefined || type.portsFrom !== undefined || type.ports.length > 1 || undecided.has(type.type)) {
      return null
    }
    const port = type.ports[0]?.name
    return edges.filter(({ source, sourcePort }) => source === id && sourcePort === port).map(({ target }) => target)
  }
}

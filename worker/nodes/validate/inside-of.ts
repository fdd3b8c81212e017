import type { GraphIndex, IndexedNode } from './graph-index.ts'
import { reachableFrom, withoutJumps } from './graph-index.ts'

/** A step in which others go on, and what lies inside and after it. */
export interface Owner {
  owner: IndexedNode
  ports: readonly string[]
  inside: ReadonlySet<string>
  after: ReadonlySet<string>
}

const known = new WeakMap<GraphIndex, readonly Owner[]>()

/** The steps of a graph in which others go on. Worked out once. */
export function ownersIn(index: GraphIndex): readonly Owner[] {
  let owners = known.get(index)
  if (owners === undefined) {
    // What is gone to lies where it is drawn, not where it is gone to from.
    const onward = withoutJumps(index)
    owners = [...index.nodes.values()].flatMap((owner) => {
      const ports = insidePorts(owner)
      if (ports.length === 0) return []
      const { id } = owner.node
      const inside = reachedBy(onward, id, (port) => ports.includes(port))
      return [{ owner, ports, inside, after: reachedBy(onward, id, (port) => !ports.includes(port)) }]
    })
    known.set(index, owners)
  }
  return owners
}

/** The nodes that one of a node's ways out leads to, near and far. The node itself is not among them. */
export function reachedBy(index: GraphIndex, id: string, isTaken: (port: string) => boolean): Set<string> {
  const edges = (index.outgoing.get(id) ?? []).filter(({ sourcePort }) => isTaken(sourcePort))
  const reached = reachableFrom(
    index,
    edges.map(({ target }) => target),
  )
  reached.delete(id)
  return reached
}

function insidePorts({ definition, node }: IndexedNode): string[] {
  const ports = definition?.inside?.ports
  if (ports === undefined) return []
  if (ports !== 'portsFrom') return [...ports]
  const entries = node.params[definition?.portsFrom ?? '']
  if (!Array.isArray(entries)) return []
  return entries.flatMap((entry) => {
    const port = typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? entry['port'] : undefined
    return typeof port === 'string' ? [port] : []
  })
}

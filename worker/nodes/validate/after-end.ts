import type { GraphNode } from '../../contract/graph.ts'
import { failureTrigger } from '../../contract/facts/graph.ts'
import { undoPort } from '../ports-of.ts'
import { reachableFrom, type GraphIndex } from './graph-index.ts'

interface AfterEnd {
  readonly handling: ReadonlySet<string>
  readonly all: ReadonlySet<string>
}

const known = new WeakMap<GraphIndex, AfterEnd>()

/** Nodes that run only after an execution came to its end: its error handler, and what undoes its steps. */
export function nodesAfterEnd(index: GraphIndex): ReadonlySet<string> {
  return afterEndOf(index).all
}

/** The nodes of the error handler. */
export function handlingNodes(index: GraphIndex): ReadonlySet<string> {
  return afterEndOf(index).handling
}

/** Whether a node's port `undo` is the one that leads to what undoes it. */
export function undoesOf(node: GraphNode | undefined): boolean {
  return node?.settings?.undo === true
}

/** Worked out once. */
function afterEndOf(index: GraphIndex): AfterEnd {
  let found = known.get(index)
  if (found === undefined) {
    const entries = index.graph.nodes.filter(({ type }) => type === failureTrigger).map(({ id }) => id)
    const undoing = index.graph.edges
      .filter(({ source, sourcePort }) => sourcePort === undoPort.name && undoesOf(index.nodes.get(source)?.node))
      .map(({ target }) => target)
    const handling = reachableFrom(index, entries)
    found = { handling, all: reachableFrom(index, [...entries, ...undoing]) }
    known.set(index, found)
  }
  return found
}

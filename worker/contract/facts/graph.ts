import type { Graph } from '../graph.ts'

/** Limits of one graph. Source: the size table of the semantics (definition 512 KB, 500 nodes). */
export const graphLimits = { nodes: 500, edges: 2_000, bytes: 512 * 1024, nameLength: 120 } as const

/** The node type at which a workflow's own error handler begins. It starts no execution. */
export const failureTrigger = 'trigger.failure'

/** The draft of a new workflow. */
export const emptyGraph: Graph = { version: 1, nodes: [], edges: [] }

import type { Graph } from '../graph.ts'

/** Limits of one graph. Source: the size table of the semantics (definition 512 KB, 500 nodes). */
export const graphLimits = {
  nodes: 500,
  edges: 2_000,
  notes: 100,
  bytes: 512 * 1024,
  nameLength: 120,
  noteLength: 4_000,
} as const

/** How small and how large a note may be, in canvas pixels. */
export const noteSizes = { leastWidth: 80, leastHeight: 48, most: 4_000 } as const

/** The colours of notes, in the order they are offered. What each looks like is the theme's to say. */
export const noteColours = ['yellow', 'green', 'blue', 'red', 'grey'] as const

/** The node type at which a workflow's own error handler begins. It starts no execution. */
export const failureTrigger = 'trigger.failure'

/** The draft of a new workflow. */
export const emptyGraph: Graph = { version: 1, nodes: [], edges: [] }

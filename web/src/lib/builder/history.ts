import type { Graph } from '#contract/graph.ts'

/** How many changes can be taken back. Graphs share what did not change, so a step costs little memory. */
export const historyLength = 200

/** Changes with one key that follow each other within this time are one step of undo. */
export const coalesceWithinMs = 1_500

/** A graph that was, and what was done to it. */
export interface Change {
  graph: Graph
  label: string
  key?: string | undefined
  at: number
}

/** What was, oldest first, and what was taken back, next first. */
export interface History {
  readonly past: readonly Change[]
  readonly future: readonly Change[]
}

export const noHistory: History = { past: [], future: [] }

/** Notes that `graph` was left behind by a change. A change like the one just before it joins it. */
export function record(history: History, change: Change): History {
  const last = history.past.at(-1)
  const joins =
    last !== undefined &&
    last.key !== undefined &&
    last.key === change.key &&
    history.future.length === 0 &&
    change.at - last.at <= coalesceWithinMs
  if (joins) return { past: history.past.with(-1, { ...last, at: change.at }), future: [] }
  return { past: [...history.past, change].slice(-historyLength), future: [] }
}

export interface Travel {
  history: History
  graph: Graph
  label: string
}

/** One step back from `graph`; undefined at the beginning. */
export function stepBack(history: History, graph: Graph): Travel | undefined {
  const change = history.past.at(-1)
  if (change === undefined) return undefined
  return {
    // The key is dropped: typing after an undo must not join what was typed before it.
    history: {
      past: history.past.slice(0, -1),
      future: [{ graph, label: change.label, at: change.at }, ...history.future],
    },
    graph: change.graph,
    label: change.label,
  }
}

/** One step forward again; undefined at the end. */
export function stepForward(history: History, graph: Graph): Travel | undefined {
  const [change, ...future] = history.future
  if (change === undefined) return undefined
  return {
    history: { past: [...history.past, { graph, label: change.label, at: change.at }], future },
    graph: change.graph,
    label: change.label,
  }
}

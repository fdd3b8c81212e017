import type { Graph } from '#contract/graph.ts'

/**
 * One thing a person can do to the graph. `perform` is pure: it returns the next graph, or the very graph it was given
 * when there is nothing to do, and never throws for a graph or arguments that no longer fit each other.
 */
export interface Command<Args> {
  name: string
  /** Names the change where it can be taken back: "Undo move". */
  label: string
  /** Changes in a row with the same key become one step of undo, as typing into one field should. */
  coalesce?(args: Args): string
  perform(graph: Graph, args: Args): Graph
}

/** Ties the type of a command's arguments to its `perform`. */
export function defineCommand<Args>(command: Command<Args>): Command<Args> {
  return command
}

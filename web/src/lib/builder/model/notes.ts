import type { Graph, GraphNote } from '#contract/graph.ts'
import { noteSizes } from '#contract/facts/graph.ts'
import { snap } from '#lib/graph/model/geometry.ts'

/** How large a new note is. */
export const newNoteSize = { width: 240, height: 160 } as const

/** The graph with these notes. A graph that has none says nothing of them, as before notes were known. */
export function withNotes(graph: Graph, notes: readonly GraphNote[]): Graph {
  const { notes: _before, ...rest } = graph
  return notes.length === 0 ? rest : { ...rest, notes: [...notes] }
}

/** The size nearest to the wanted one that a note may have, on the grid. */
export function fitSize({ width, height }: GraphNote['size']): GraphNote['size'] {
  const within = (value: number, least: number) => Math.max(least, Math.min(snap(value), noteSizes.most))
  return { width: within(width, noteSizes.leastWidth), height: within(height, noteSizes.leastHeight) }
}

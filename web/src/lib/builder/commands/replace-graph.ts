import type { Graph } from '#contract/graph.ts'
import { defineCommand } from './command.ts'

/** Puts another graph in the place of this one: an import, a restored version, someone else's draft. */
export const replaceGraph = defineCommand<{ graph: Graph }>({
  name: 'replaceGraph',
  label: 'replace the workflow',
  perform: (before, { graph }) => (JSON.stringify(before) === JSON.stringify(graph) ? before : graph),
})

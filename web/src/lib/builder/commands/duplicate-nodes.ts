import { clip } from '../model/clipboard.ts'
import type { NodeTypeLookup } from '#lib/graph/model/ports.ts'
import { defineCommand } from './command.ts'
import { pasteNodes } from './paste-nodes.ts'

/** Copies nodes, and the edges among them, beside themselves. */
export const duplicateNodes = defineCommand<{ ids: ReadonlySet<string>; lookup: NodeTypeLookup }>({
  name: 'duplicateNodes',
  label: 'duplicate',
  perform: (graph, { ids, lookup }) => pasteNodes.perform(graph, { clipping: clip(graph, ids), lookup }),
})

import { clip } from '../model/clipboard.ts'
import type { NodeTypeLookup } from '#lib/graph/model/ports.ts'
import { defineCommand } from './command.ts'
import { pasteNodes } from './paste-nodes.ts'

/** Copies nodes, the edges among them, and notes beside themselves. */
export const duplicateNodes = defineCommand<{
  ids: ReadonlySet<string>
  noteIds?: ReadonlySet<string>
  lookup: NodeTypeLookup
}>({
  name: 'duplicateNodes',
  label: 'duplicate',
  perform: (graph, { ids, noteIds, lookup }) =>
    pasteNodes.perform(graph, { clipping: clip(graph, ids, noteIds), lookup }),
})

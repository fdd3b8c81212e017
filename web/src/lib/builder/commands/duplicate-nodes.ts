import { clip } from '../model/clipboard.ts'
import { defineCommand } from './command.ts'
import { pasteNodes } from './paste-nodes.ts'

/** Copies nodes, and the edges among them, beside themselves. */
export const duplicateNodes = defineCommand<{ ids: ReadonlySet<string> }>({
  name: 'duplicateNodes',
  label: 'duplicate',
  perform: (graph, { ids }) => pasteNodes.perform(graph, { clipping: clip(graph, ids) }),
})

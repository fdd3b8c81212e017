import { notices } from '#lib/ui/notices.svelte.ts'
import type { Builder } from '../builder.svelte.ts'
import { pasteNodes } from '../commands/paste-nodes.ts'
import { replaceGraph } from '../commands/replace-graph.ts'
import { readPasted } from '../model/clipboard.ts'
import type { Point } from '#lib/graph/model/geometry.ts'
import { sayNoRoom } from './say-no-room.ts'

/**
 * Takes in a text that was pasted or dropped: steps are added where it was done, a workflow replaces an empty one and is
 * added beside one that is not.
 */
export function takeText(builder: Builder, text: string, at?: Point): void {
  const { editor, lookup } = builder
  const pasted = readPasted(text)
  switch (pasted.kind) {
    case 'unreadable':
      notices.show({ tone: 'failed', title: 'Nothing was pasted', detail: pasted.reason })
      return
    case 'nodes':
      if (editor.run(pasteNodes, { clipping: pasted.clipping, lookup, at }).length === 0) sayNoRoom()
      return
    case 'graph':
      if (builder.isBlank) {
        editor.run(replaceGraph, { graph: pasted.graph })
        if (pasted.name !== undefined && builder.name.startsWith('Untitled')) builder.name = pasted.name
        builder.view?.fit()
      } else {
        const { nodes, edges, notes } = pasted.graph
        const added = editor.run(pasteNodes, { clipping: { nodes, edges, notes }, lookup, at })
        const action = { label: 'Replace instead', run: () => replace(builder, pasted.graph) }
        if (added.length === 0 && nodes.length > 0) sayNoRoom(action)
        else notices.show({ tone: 'info', title: 'The workflow was added to this one', action })
      }
  }
}

function replace({ editor, view }: Builder, graph: Parameters<typeof replaceGraph.perform>[1]['graph']): void {
  editor.run(replaceGraph, { graph })
  view?.fit()
}

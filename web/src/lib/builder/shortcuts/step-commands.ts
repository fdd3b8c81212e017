import StickyNote from '@lucide/svelte/icons/sticky-note'
import type { Graph } from '#contract/graph.ts'
import { nodeIcon } from '#lib/graph/canvas/node-icons.ts'
import { noteTitle } from '#lib/graph/model/note-title.ts'
import type { NodeTypeLookup } from '#lib/graph/model/ports.ts'
import { summaryOf } from '#lib/graph/model/summary.ts'
import type { CommandGroup } from '#lib/ui/offered-commands.svelte.ts'

interface Drawn {
  graph: Graph
  lookup: NodeTypeLookup
  /** Names of the workflows that steps call, by id. */
  names: ReadonlyMap<string, string>
}

/** Every note of the workflow for Ctrl+K: found by what it says, and gone to. */
export function noteCommands({ notes = [] }: Graph, goTo: (noteId: string) => void): CommandGroup {
  return {
    heading: 'Notes of this workflow',
    isOnlyFound: true,
    commands: notes.map((note) => {
      const label = noteTitle(note)
      return { id: note.id, label, icon: StickyNote, keywords: [note.text], run: () => goTo(note.id) }
    }),
  }
}

/** Every step of the workflow for Ctrl+K: found by its name, its id, its kind and what it does, and gone to. */
export function stepCommands({ graph, lookup, names }: Drawn, goTo: (nodeId: string) => void): CommandGroup {
  return {
    heading: 'Steps of this workflow',
    isOnlyFound: true,
    commands: graph.nodes.map((node) => {
      const nodeType = lookup(node.type)
      const kind = nodeType?.title ?? node.type
      const summary = summaryOf(node, nodeType, names)
      return {
        id: node.id,
        label: node.name,
        detail: summary || kind,
        keywords: [node.id, kind, summary],
        ...(nodeType && { icon: nodeIcon(nodeType.icon, nodeType.family) }),
        run: () => goTo(node.id),
      }
    }),
  }
}

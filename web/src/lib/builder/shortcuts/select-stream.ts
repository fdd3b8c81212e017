import type { Builder } from '../builder.svelte.ts'
import { reachable } from '#lib/graph/model/walk.ts'

/** Adds to the selection everything that comes before it, or follows. */
export function selectStream({ editor }: Builder, towards: 'upstream' | 'downstream'): void {
  const ids = editor.selectedIds
  editor.select([...ids, ...reachable(editor.graph, ids, towards)])
}

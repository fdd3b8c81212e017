import AlignBottom from '@lucide/svelte/icons/align-end-horizontal'
import AlignCentre from '@lucide/svelte/icons/align-center-vertical'
import AlignLeft from '@lucide/svelte/icons/align-start-vertical'
import AlignMiddle from '@lucide/svelte/icons/align-center-horizontal'
import AlignRight from '@lucide/svelte/icons/align-end-vertical'
import AlignTop from '@lucide/svelte/icons/align-start-horizontal'
import SpreadAcross from '@lucide/svelte/icons/align-horizontal-space-around'
import SpreadDown from '@lucide/svelte/icons/align-vertical-space-around'
import type { Builder } from '../builder.svelte.ts'
import { alignNodes, distributeNodes } from '../commands/arrange.ts'
import type { Shortcut } from './shortcut.ts'

/** What all of them have in common; offered from so many selected steps on. */
function arrangement(fewest: number) {
  return {
    group: 'Edit',
    keys: [],
    scope: 'canvas',
    menu: 'step',
    isOffered: ({ canEdit, editor }: Builder) => canEdit && editor.selectedIds.size >= fewest,
  } as const satisfies Partial<Shortcut>
}

const edges = [
  { edge: 'left', label: 'Align left', icon: AlignLeft },
  { edge: 'centre', label: 'Align centres', icon: AlignCentre },
  { edge: 'right', label: 'Align right', icon: AlignRight },
  { edge: 'top', label: 'Align top', icon: AlignTop },
  { edge: 'middle', label: 'Align middles', icon: AlignMiddle },
  { edge: 'bottom', label: 'Align bottom', icon: AlignBottom },
] as const

const axes = [
  { axis: 'horizontally', label: 'Distribute horizontally', icon: SpreadAcross },
  { axis: 'vertically', label: 'Distribute vertically', icon: SpreadDown },
] as const

/** What is done with the places of several steps. Notes that are selected with them stay: they lie behind, not among them. */
export const arrangeShortcuts: readonly Shortcut[] = [
  ...edges.map(({ edge, label, icon }): Shortcut => {
    const run = ({ editor, lookup }: Builder) => void editor.run(alignNodes, { ids: editor.selectedIds, lookup, edge })
    return { ...arrangement(2), id: `align-${edge}`, label, icon, run }
  }),
  ...axes.map(({ axis, label, icon }): Shortcut => {
    const run = ({ editor, lookup }: Builder) =>
      void editor.run(distributeNodes, { ids: editor.selectedIds, lookup, axis })
    return { ...arrangement(3), id: `distribute-${axis}`, label, icon, run }
  }),
]

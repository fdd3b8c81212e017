import Palette from '@lucide/svelte/icons/palette'
import Pencil from '@lucide/svelte/icons/pencil'
import StickyNote from '@lucide/svelte/icons/sticky-note'
import { noteColours } from '#contract/facts/graph.ts'
import type { GraphNote } from '#contract/graph.ts'
import { grid } from '#lib/graph/model/geometry.ts'
import type { Builder } from '../builder.svelte.ts'
import { changeNotes, type NotePatch } from '../commands/change-notes.ts'
import type { Shortcut } from './shortcut.ts'

/** Whether the keys are about notes: some are selected, and no step is. */
const isAboutNotes = ({ canEdit, editor }: Builder) =>
  canEdit && editor.selectedNotes.length > 0 && editor.selectedIds.size === 0

/** Changes every selected note, as one step of undo. */
function changeSelected({ editor }: Builder, patchOf: (note: GraphNote) => NotePatch): void {
  editor.run(changeNotes, { patches: new Map(editor.selectedNotes.map((note) => [note.id, patchOf(note)])) })
}

const sides = [
  { id: 'wider', key: 'Right', x: 1, y: 0 },
  { id: 'narrower', key: 'Left', x: -1, y: 0 },
  { id: 'taller', key: 'Down', x: 0, y: 1 },
  { id: 'shorter', key: 'Up', x: 0, y: -1 },
] as const

/** What is done with notes. They are copied, duplicated, moved and deleted as steps are, and together with them. */
export const noteShortcuts: readonly Shortcut[] = [
  {
    id: 'addNote',
    label: 'Add note',
    group: 'Edit',
    keys: ['Shift+S'],
    icon: StickyNote,
    scope: 'canvas',
    menu: 'canvas',
    isOffered: ({ canEdit }) => canEdit,
    run: (builder) => builder.addNote(),
  },
  {
    id: 'writeNote',
    label: 'Write in the note',
    group: 'Edit',
    keys: ['Enter'],
    icon: Pencil,
    scope: 'canvas',
    menu: 'step',
    isOffered: (builder) => isAboutNotes(builder) && builder.editor.selectedNotes.length === 1,
    run(builder) {
      const [note] = builder.editor.selectedNotes
      if (note !== undefined) builder.writeNote(note.id)
    },
  },
  {
    id: 'colourNote',
    label: 'Another colour for the note',
    group: 'Edit',
    keys: ['C'],
    icon: Palette,
    scope: 'canvas',
    menu: 'step',
    isOffered: isAboutNotes,
    run: (builder) =>
      changeSelected(builder, ({ colour }) => {
        return { colour: noteColours[(noteColours.indexOf(colour) + 1) % noteColours.length] ?? colour }
      }),
  },
  ...sides.map(({ id, key, x, y }): Shortcut => {
    return {
      id: `note${id}`,
      label: `Make the note ${id}`,
      group: 'Edit',
      keys: [`Shift+Alt+Arrow${key}`],
      scope: 'canvas',
      isOffered: isAboutNotes,
      run: (builder) =>
        changeSelected(builder, ({ size: { width, height } }) => {
          return { size: { width: width + x * grid, height: height + y * grid } }
        }),
    }
  }),
]

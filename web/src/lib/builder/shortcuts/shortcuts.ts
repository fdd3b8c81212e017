import ClipboardCopy from '@lucide/svelte/icons/copy'
import CirclePower from '@lucide/svelte/icons/circle-slash'
import CopyPlus from '@lucide/svelte/icons/copy-plus'
import LayoutGrid from '@lucide/svelte/icons/layout-grid'
import Maximize from '@lucide/svelte/icons/maximize'
import PanelRight from '@lucide/svelte/icons/panel-right-open'
import Play from '@lucide/svelte/icons/play'
import Plus from '@lucide/svelte/icons/plus'
import Redo from '@lucide/svelte/icons/redo-2'
import Scissors from '@lucide/svelte/icons/scissors'
import SquareDashed from '@lucide/svelte/icons/square-dashed-mouse-pointer'
import TextCursor from '@lucide/svelte/icons/text-cursor-input'
import Trash from '@lucide/svelte/icons/trash-2'
import Undo from '@lucide/svelte/icons/undo-2'
import type { GraphNode } from '#contract/graph.ts'
import type { Builder } from '../builder.svelte.ts'
import { deleteElements } from '../commands/delete-elements.ts'
import { duplicateNodes } from '../commands/duplicate-nodes.ts'
import { tidyUp } from '../commands/tidy-up.ts'
import { toggleDisabled } from '../commands/toggle-disabled.ts'
import { copySelection, pasteFromClipboard } from '../transfer/clipboard.ts'
import { sayNoRoom } from '../transfer/say-no-room.ts'
import { arrangeShortcuts } from './arrange-shortcuts.ts'
import { noteShortcuts } from './note-shortcuts.ts'
import { selectStream } from './select-stream.ts'
import type { Shortcut } from './shortcut.ts'
import { testUpTo } from '../testing/start-test.ts'
import { nudge, walk } from './walk.ts'
import { workflowShortcuts } from './workflow-shortcuts.ts'

const hasNodes = ({ editor }: Builder) => editor.selectedIds.size > 0
const hasParts = ({ editor }: Builder) => editor.selectedIds.size + editor.selectedNoteIds.size > 0
const hasSelection = (builder: Builder) => hasParts(builder) || builder.editor.selectedEdgeIds.size > 0
const isDisabled = ({ settings }: GraphNode) => settings?.disabled === true
const canEdit = (builder: Builder) => builder.canEdit
const both =
  (...conditions: ((builder: Builder) => boolean)[]) =>
  (builder: Builder) =>
    conditions.every((condition) => condition(builder))

/** Everything the keys, the menus and Ctrl+K offer, in the order help shows it. */
export const shortcuts: readonly Shortcut[] = [
  {
    id: 'add',
    label: 'Add step',
    group: 'Steps',
    keys: ['Tab', 'N'],
    icon: Plus,
    scope: 'canvas',
    menu: 'canvas',
    isOffered: canEdit,
    run: (builder) => builder.offerPalette(),
  },
  {
    id: 'open',
    label: 'Open',
    group: 'Steps',
    keys: ['Enter'],
    icon: PanelRight,
    scope: 'canvas',
    menu: 'step',
    isOfOne: true,
    isOffered: hasNodes,
    run(builder) {
      const [node] = builder.editor.selectedNodes
      if (node === undefined) return
      builder.openNode(node.id)
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-side-panel]')?.focus())
    },
  },
  {
    id: 'testUpTo',
    label: 'Test up to here',
    group: 'Steps',
    keys: ['Shift+Enter'],
    icon: Play,
    scope: 'canvas',
    menu: 'step',
    isOfOne: true,
    isOffered: ({ canExecute, editor, lookup }) =>
      canExecute && editor.selectedNodes.some(({ type }) => lookup(type)?.isTrigger !== true),
    run(builder) {
      const { editor, lookup } = builder
      const node = editor.selectedNodes.find(({ type }) => lookup(type)?.isTrigger !== true)
      if (node !== undefined) void testUpTo(builder, node.id)
    },
  },
  {
    id: 'rename',
    label: 'Rename',
    group: 'Steps',
    keys: ['F2'],
    icon: TextCursor,
    scope: 'canvas',
    menu: 'step',
    isOfOne: true,
    isOffered: both(canEdit, hasNodes),
    run(builder) {
      const [node] = builder.editor.selectedNodes
      if (node === undefined) return
      builder.openNode(node.id)
      requestAnimationFrame(() => {
        const field = document.querySelector<HTMLInputElement>('[data-node-name]')
        field?.focus()
        field?.select()
      })
    },
  },
  {
    id: 'disable',
    label: 'Disable or enable',
    group: 'Steps',
    keys: ['D'],
    icon: CirclePower,
    scope: 'canvas',
    menu: 'step',
    isOffered: both(canEdit, hasNodes),
    labelNow: ({ editor }) => (editor.selectedNodes.every(isDisabled) ? 'Enable' : 'Disable'),
    run: ({ editor }) => void editor.run(toggleDisabled, { ids: editor.selectedIds }),
  },
  {
    id: 'duplicate',
    label: 'Duplicate',
    group: 'Steps',
    keys: ['Ctrl+D'],
    icon: CopyPlus,
    scope: 'page',
    menu: 'step',
    isOffered: both(canEdit, hasParts),
    run({ editor, lookup }) {
      const { selectedIds: ids, selectedNoteIds: noteIds } = editor
      if (editor.run(duplicateNodes, { ids, noteIds, lookup }).length === 0) sayNoRoom()
    },
  },
  // Copy, cut and paste come as events of the browser's own, which need no permission; here they are for the menu.
  {
    id: 'copy',
    label: 'Copy',
    group: 'Edit',
    keys: [],
    shownKeys: 'Ctrl+C',
    icon: ClipboardCopy,
    scope: 'page',
    menu: 'step',
    isOffered: hasParts,
    run: (builder) => void copySelection(builder),
  },
  {
    id: 'cut',
    label: 'Cut',
    group: 'Edit',
    keys: [],
    shownKeys: 'Ctrl+X',
    icon: Scissors,
    scope: 'page',
    menu: 'step',
    isOffered: both(canEdit, hasParts),
    run(builder) {
      const { editor } = builder
      void copySelection(builder).then((copied) => {
        if (copied) editor.run(deleteElements, { nodeIds: editor.selectedIds, noteIds: editor.selectedNoteIds })
      })
    },
  },
  {
    id: 'paste',
    label: 'Paste',
    group: 'Edit',
    keys: [],
    shownKeys: 'Ctrl+V',
    scope: 'page',
    menu: 'canvas',
    isOffered: canEdit,
    run: (builder) => void pasteFromClipboard(builder),
  },
  ...arrangeShortcuts,
  {
    id: 'delete',
    label: 'Delete',
    group: 'Steps',
    keys: ['Delete', 'Backspace'],
    icon: Trash,
    scope: 'canvas',
    menu: 'step',
    isDanger: true,
    isOffered: both(canEdit, hasSelection),
    run(builder) {
      const { editor } = builder
      const { selectedIds: nodeIds, selectedEdgeIds: edgeIds, selectedNoteIds: noteIds } = editor
      editor.run(deleteElements, { nodeIds, edgeIds, noteIds })
      builder.view?.focus()
    },
  },
  {
    id: 'undo',
    label: 'Undo',
    group: 'Edit',
    keys: ['Ctrl+Z'],
    icon: Undo,
    scope: 'page',
    isOffered: ({ canEdit, editor }) => canEdit && editor.undoLabel !== undefined,
    run: ({ editor }) => editor.undo(),
  },
  {
    id: 'redo',
    label: 'Redo',
    group: 'Edit',
    keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    icon: Redo,
    scope: 'page',
    isOffered: ({ canEdit, editor }) => canEdit && editor.redoLabel !== undefined,
    run: ({ editor }) => editor.redo(),
  },
  {
    id: 'selectAll',
    label: 'Select all',
    group: 'Edit',
    keys: ['Ctrl+A'],
    icon: SquareDashed,
    scope: 'canvas',
    menu: 'canvas',
    run: ({ editor }) =>
      editor.select(
        editor.graph.nodes.map(({ id }) => id),
        editor.graph.edges.map(({ id }) => id),
        editor.graph.notes?.map(({ id }) => id),
      ),
  },
  {
    id: 'tidy',
    label: 'Tidy up',
    group: 'Edit',
    keys: ['Shift+Alt+T'],
    icon: LayoutGrid,
    scope: 'page',
    menu: 'canvas',
    isOffered: both(canEdit, ({ isEmpty }) => !isEmpty),
    run({ editor, lookup, view }) {
      editor.run(tidyUp, { lookup, ids: editor.selectedIds })
      if (editor.selectedIds.size < 2) view?.fit()
    },
  },
  ...(['Left', 'Right', 'Up', 'Down'] as const).flatMap((side): Shortcut[] => {
    const direction = ({ Left: 'left', Right: 'right', Up: 'up', Down: 'down' } as const)[side]
    return [
      {
        id: `walk${side}`,
        label: `Go ${direction}`,
        group: 'Walk',
        keys: [`Arrow${side}`],
        scope: 'canvas',
        run: (builder) => walk(builder, direction),
      },
      {
        id: `move${side}`,
        label: `Move ${direction}`,
        group: 'Walk',
        keys: [`Alt+Arrow${side}`],
        scope: 'canvas',
        isOffered: both(canEdit, hasParts),
        run: (builder) => nudge(builder, direction),
      },
    ]
  }),
  {
    id: 'selectBefore',
    label: 'Select what comes before',
    group: 'Walk',
    keys: ['Shift+ArrowLeft'],
    scope: 'canvas',
    isOffered: hasNodes,
    run: (builder) => selectStream(builder, 'upstream'),
  },
  {
    id: 'selectAfter',
    label: 'Select what follows',
    group: 'Walk',
    keys: ['Shift+ArrowRight'],
    scope: 'canvas',
    isOffered: hasNodes,
    run: (builder) => selectStream(builder, 'downstream'),
  },
  {
    id: 'zoomIn',
    label: 'Zoom in',
    group: 'View',
    keys: ['+', '='],
    scope: 'canvas',
    run: ({ view }) => view?.zoomIn(),
  },
  { id: 'zoomOut', label: 'Zoom out', group: 'View', keys: ['-'], scope: 'canvas', run: ({ view }) => view?.zoomOut() },
  {
    id: 'zoomReset',
    label: 'Natural size',
    group: 'View',
    keys: ['0'],
    scope: 'canvas',
    run: ({ view }) => view?.zoomReset(),
  },
  {
    id: 'fit',
    label: 'Show everything',
    group: 'View',
    keys: ['1'],
    icon: Maximize,
    scope: 'canvas',
    menu: 'canvas',
    run: ({ view }) => view?.fit(),
  },
  {
    id: 'input',
    label: 'Test data',
    group: 'View',
    keys: ['I'],
    scope: 'canvas',
    isOffered: ({ canExecute }) => canExecute,
    run: (builder) => builder.toggleSide('test'),
  },
  {
    id: 'output',
    label: 'Result of the step',
    group: 'View',
    keys: ['O'],
    scope: 'canvas',
    isOffered: hasNodes,
    run(builder) {
      const [node] = builder.editor.selectedNodes
      if (node !== undefined) builder.openNode(node.id, 'result')
    },
  },
  {
    id: 'close',
    label: 'Close the panel, then select nothing, then leave the canvas',
    group: 'View',
    keys: ['Escape'],
    scope: 'page',
    run(builder) {
      if (builder.palette !== undefined) builder.closePalette()
      else if (builder.side === 'test' && builder.listener.isListening) builder.listener.stop()
      else if (builder.side !== undefined) {
        builder.side = undefined
        builder.view?.focus(builder.editor.selectedNodes[0]?.id)
      } else if (hasSelection(builder)) builder.editor.select([])
      else document.querySelector<HTMLElement>('[data-builder-header] button, [data-builder-header] a')?.focus()
    },
  },
  ...noteShortcuts,
  ...workflowShortcuts,
]

import { copyText } from '#lib/ui/copy-text.ts'
import { notices } from '#lib/ui/notices.svelte.ts'
import type { Builder } from '../builder.svelte.ts'
import { deleteElements } from '../commands/delete-elements.ts'
import { clip, clippingText } from '../model/clipboard.ts'
import { takeText } from './take-text.ts'

/** The selected steps and notes to the system's clipboard. False when the browser would not have it. */
export async function copySelection({ editor }: Builder): Promise<boolean> {
  return copyText(clippingText(clip(editor.graph, editor.selectedIds, editor.selectedNoteIds)), 'steps')
}

export async function pasteFromClipboard(builder: Builder): Promise<void> {
  try {
    takeText(builder, await navigator.clipboard.readText(), builder.view?.pointer())
  } catch {
    notices.show({
      tone: 'info',
      title: 'The browser does not let this page read the clipboard',
      detail: 'Press Ctrl+V instead.',
    })
  }
}

/** The browser's own copy, cut and paste, when they are about steps and not about text. */
export function onClipboardEvent(builder: Builder, event: ClipboardEvent): void {
  const { editor } = builder
  const isText =
    event.target instanceof Element &&
    event.target.closest('input, textarea, [contenteditable="true"], [role="dialog"]') !== null
  if (isText || event.clipboardData === null) return
  if (event.type === 'paste') {
    const text = event.clipboardData.getData('text/plain')
    if (!builder.canEdit || text === '') return
    event.preventDefault()
    takeText(builder, text, builder.view?.pointer())
    return
  }
  const { selectedIds: nodeIds, selectedNoteIds: noteIds } = editor
  if (nodeIds.size + noteIds.size === 0 || String(getSelection()) !== '') return
  event.preventDefault()
  event.clipboardData.setData('text/plain', clippingText(clip(editor.graph, nodeIds, noteIds)))
  if (event.type === 'cut' && builder.canEdit) editor.run(deleteElements, { nodeIds, noteIds })
}

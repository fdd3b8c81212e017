import type { Attachment } from 'svelte/attachments'
import { isTyping } from './key-names.ts'

/**
 * Lets j and k (and the arrows, once inside) walk the links marked `data-row-link` in a list, one to each `data-row`; Enter opens them because
 * they are links. Silent while somebody types or a dialog is open.
 */
export function listKeys(): Attachment<HTMLElement> {
  return (list) => {
    function onkeydown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
      if (document.querySelector('[role="dialog"][data-state="open"]') !== null) return
      const step = stepOf(event, list.contains(document.activeElement))
      if (step === 0) return
      const rows = [...list.querySelectorAll<HTMLElement>('[data-row-link]')]
      const at = rows.findIndex((row) => row.closest('[data-row]')?.contains(document.activeElement) === true)
      const next = at === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))
      const row = rows[next]
      if (row === undefined) return
      event.preventDefault()
      row.focus()
      row.scrollIntoView({ block: 'nearest' })
    }
    window.addEventListener('keydown', onkeydown)
    return () => window.removeEventListener('keydown', onkeydown)
  }
}

function stepOf({ key }: KeyboardEvent, inside: boolean): number {
  if (key === 'j' || (inside && key === 'ArrowDown')) return 1
  if (key === 'k' || (inside && key === 'ArrowUp')) return -1
  return 0
}

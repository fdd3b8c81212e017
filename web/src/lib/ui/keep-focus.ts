import type { Attachment } from 'svelte/attachments'

/**
 * A list whose entries can go keeps the keyboard where it is: when the entry that has the focus is taken out, the focus goes
 * to what took its place, else to the last one. When the whole list goes, it goes to the page.
 */
export function keepFocus(): Attachment<HTMLElement> {
  return (list) => {
    let focused: Element | undefined
    let place = 0

    function onfocusin({ target }: FocusEvent) {
      if (!(target instanceof Element)) return
      focused = target
      place = [...list.children].findIndex((entry) => entry.contains(target))
    }

    const isLost = () => focused?.isConnected === false && document.activeElement === document.body

    const observer = new MutationObserver(() => {
      if (!isLost()) return
      const entry = list.children[place] ?? list.lastElementChild
      const next = entry?.querySelector<HTMLElement>('button') ?? entry?.querySelector<HTMLElement>('a[href]')
      if (next) next.focus()
      else focusPage()
    })
    observer.observe(list, { childList: true })
    list.addEventListener('focusin', onfocusin)
    return () => {
      observer.disconnect()
      list.removeEventListener('focusin', onfocusin)
      requestAnimationFrame(() => isLost() && focusPage())
    }
  }
}

/** Where the keyboard goes on when what had the focus is gone. A dialog that is open has it, or is about to take it. */
export function focusPage(): void {
  if (document.querySelector('[role="dialog"]') !== null) return
  document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
}

import type { Attachment } from 'svelte/attachments'

/**
 * A strip that scrolls sideways shows the entry that `selector` finds in the middle: from the start, and whenever the
 * strip becomes wider or narrower.
 */
export function keepInSight(selector: string): Attachment<HTMLElement> {
  return (strip) => {
    const observer = new ResizeObserver(() => {
      const entry = strip.querySelector<HTMLElement>(selector)
      if (entry) strip.scrollLeft = entry.offsetLeft - (strip.clientWidth - entry.offsetWidth) / 2
    })
    observer.observe(strip)
    return () => observer.disconnect()
  }
}

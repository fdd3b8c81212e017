import type { MenuEntry } from '#lib/ui/menu-entry.ts'
import type { Builder } from '../builder.svelte.ts'
import type { Shortcut } from './shortcut.ts'

/** A shortcut as a line of a menu that does `run`. */
export function shortcutEntry(shortcut: Shortcut, builder: Builder, run: () => void): MenuEntry {
  const keys = shortcut.keys[0] ?? shortcut.shownKeys
  return {
    label: shortcut.labelNow?.(builder) ?? shortcut.label,
    ...(shortcut.icon ? { icon: shortcut.icon } : {}),
    ...(keys ? { keys } : {}),
    danger: shortcut.isDanger ?? false,
    onselect: run,
  }
}

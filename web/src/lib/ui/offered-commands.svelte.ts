import { untrack } from 'svelte'
import type { Icon } from './icon.ts'

/** One line of the command menu. */
export interface OfferedCommand {
  /** One of a kind in its group. */
  id: string
  label: string
  icon?: Icon
  /** Keys that do the same: `Ctrl+Z`. */
  keys?: string
  /** Other words people look for. */
  keywords?: string[]
  /** Quieter, beside the label. */
  detail?: string
  run: () => void
}

export interface CommandGroup {
  heading: string
  commands: readonly OfferedCommand[]
  /** There may be hundreds: they are shown once something was typed. */
  isOnlyFound?: boolean
}

let sources = $state.raw<readonly (() => CommandGroup)[]>([])

/** What pages offer, the innermost page first. */
export function offeredGroups(): CommandGroup[] {
  return sources.map((source) => source())
}

/**
 * Puts a page's own commands into Ctrl+K for as long as the page is there: call it in an `$effect` and return what it
 * gives. `source` is asked each time the menu is drawn, so it may depend on state.
 */
export function offerCommands(source: () => CommandGroup): () => void {
  // Untracked: the effect that offers must not run again because something was offered.
  sources = [source, ...untrack(() => sources)]
  return () => {
    sources = untrack(() => sources).filter((other) => other !== source)
  }
}

import type { Icon } from '#lib/ui/icon.ts'
import type { Builder } from '../builder.svelte.ts'

/**
 * Something a person can do in the builder by keys, menu or Ctrl+K: the three are drawn from the same list, so that none
 * of them knows more than the others.
 */
export interface Shortcut {
  id: string
  label: string
  /** What it does to what is selected now, where the label leaves that open. */
  labelNow?(builder: Builder): string
  group: 'Edit' | 'Steps' | 'Walk' | 'View' | 'Workflow'
  /** The first is shown. */
  keys: readonly string[]
  /** Shown where there are none: keys that the browser turns into an event of its own. */
  shownKeys?: string
  icon?: Icon
  /** `canvas`: only while the canvas has the focus. `page`: anywhere but in a text. `always`: also while typing. */
  scope: 'canvas' | 'page' | 'always'
  /** Whether it makes sense now. Absent means always. */
  isOffered?(builder: Builder): boolean
  /** Where it stands in the menu of a step, of the canvas, or in neither. */
  menu?: 'step' | 'canvas'
  isDanger?: boolean
  /** It is about one step: the menu of several leaves it out. */
  isOfOne?: boolean
  run(builder: Builder): void
}

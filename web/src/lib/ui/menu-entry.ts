import type { Icon } from './icon.ts'

/** One line of a menu. With `checked` it is a box that can be ticked. */
export type MenuEntry =
  | {
      kind?: 'item'
      label: string
      detail?: string
      icon?: Icon
      keys?: string
      href?: string
      danger?: boolean
      disabled?: boolean
      checked?: boolean
      /** The menu stays open after the choice, for choosing several. */
      keepOpen?: boolean
      onselect?: () => void
    }
  | { kind: 'separator' }
  | { kind: 'heading'; text: string }

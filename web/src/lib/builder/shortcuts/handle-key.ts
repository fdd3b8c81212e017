import { isTyping } from '#lib/ui/key-names.ts'
import type { Builder } from '../builder.svelte.ts'
import { matchesKeys } from './match-keys.ts'
import { shortcuts } from './shortcuts.ts'

/**
 * Does what a key press asks for, wherever on the page it was made, and says whether it did. Keys of the canvas work
 * while the canvas has the focus, or nothing has; in a text only those that mean the same everywhere.
 */
export function handleKey(builder: Builder, event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return false
  const target = event.target instanceof Element ? event.target : undefined
  // A dialog or a menu has keys of its own, and what is behind it waits.
  if (target?.closest('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]')) return false
  const typing = isTyping(event)
  // Tab belongs to the canvas only while the focus is really in it; else it must lead through the page.
  const isNowhere = target === undefined || target === document.body
  const isIn = (selector: string) => (target?.closest(selector) ?? null) !== null
  const onCanvas = isIn('[data-canvas]') || (isNowhere && event.key !== 'Tab')
  const onButton = isIn('button, a')
  const found = shortcuts.find(
    ({ scope, keys, isOffered }) =>
      (scope === 'always' || (!typing && (scope === 'page' || onCanvas))) &&
      keys.some((candidate) => matchesKeys(event, candidate)) &&
      isOffered?.(builder) !== false,
  )
  if (found === undefined || (onButton && (event.key === 'Enter' || event.key === ' '))) return false
  event.preventDefault()
  found.run(builder)
  return true
}

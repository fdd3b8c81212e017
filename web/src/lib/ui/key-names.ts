const arrows = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' }
const apple: Record<string, string> = {
  ...arrows,
  Ctrl: '⌘',
  Alt: '⌥',
  Shift: '⇧',
  Enter: '↵',
  Backspace: '⌫',
  Delete: '⌦',
}
const other: Record<string, string> = { ...arrows, Enter: '↵' }

/** The names on the reader's keyboard for a combination written as `Ctrl+Shift+K`. */
export function keyNames(keys: string, isApple: boolean): string[] {
  const names = isApple ? apple : other
  return (keys === '+' ? [keys] : keys.split('+')).map((key) => names[key] ?? key)
}

/**
 * Whether a key press belongs to the text somebody is writing, so that single-letter shortcuts keep away from it.
 * True inside fields, editable text and widgets that search by letter.
 */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target
  return (
    target instanceof Element &&
    target.closest(
      'input, textarea, select, [contenteditable="true"], [role="listbox"], [role="menu"], [role="tree"]',
    ) !== null
  )
}

/**
 * What a key press makes of a text that is typed before the field for it is there; undefined for keys that belong elsewhere.
 */
export function typedAhead(text: string, { key, ctrlKey, metaKey, altKey }: KeyboardEvent): string | undefined {
  if (ctrlKey || metaKey || altKey) return undefined
  if (key === 'Backspace') return text.slice(0, -1)
  return [...key].length === 1 ? text + key : undefined
}

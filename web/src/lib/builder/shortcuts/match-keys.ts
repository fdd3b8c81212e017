/** The part of a key press that is looked at. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/**
 * Whether a key press is a combination written as `Ctrl+Shift+Z`. `Ctrl` is Control or the Apple keyboard's Command.
 * Letters are told by what they write, so that every keyboard layout works; with Alt, where layouts write signs, by
 * their place. For signs such as `?` and `+`, Shift is however the layout makes them.
 */
export function matchesKeys(press: KeyPress, keys: string): boolean {
  const parts = keys === '+' ? ['+'] : keys.split('+')
  const name = parts.at(-1) ?? ''
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier)
  const isSign = name.length === 1 && !/[a-z0-9]/i.test(name)
  if ((press.ctrlKey || press.metaKey) !== wants('Ctrl') || press.altKey !== wants('Alt')) return false
  if (!isSign && press.shiftKey !== wants('Shift')) return false
  if (/^[A-Z]$/.test(name)) {
    return press.altKey ? press.code === `Key${name}` : press.key.toUpperCase() === name
  }
  return press.key === name
}

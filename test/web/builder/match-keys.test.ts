import { describe, expect, test } from 'vitest'
import { type KeyPress, matchesKeys } from '../../../web/src/lib/builder/shortcuts/match-keys.ts'

const press = (key: string, part: Partial<KeyPress> = {}): KeyPress => {
  return { key, code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...part }
}

describe('a key press', () => {
  test.each<[string, KeyPress, boolean]>([
    ['Ctrl+Z', press('z', { ctrlKey: true }), true],
    ['Ctrl+Z', press('z', { metaKey: true }), true],
    ['Ctrl+Z', press('Z', { ctrlKey: true, shiftKey: true }), false],
    ['Ctrl+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }), true],
    ['D', press('d'), true],
    ['D', press('D', { shiftKey: true }), false],
    ['D', press('d', { ctrlKey: true }), false],
    ['Shift+Alt+T', press('‡', { altKey: true, shiftKey: true, code: 'KeyT' }), true],
    ['Alt+ArrowLeft', press('ArrowLeft', { altKey: true }), true],
    ['ArrowLeft', press('ArrowLeft', { altKey: true }), false],
    ['+', press('+', { shiftKey: true }), true],
    ['?', press('?', { shiftKey: true }), true],
    ['?', press('?'), true],
    ['1', press('1'), true],
    ['Delete', press('Delete'), true],
    ['Tab', press('Tab', { shiftKey: true }), false],
  ])('%s by %j: %s', (keys, event, expected) => {
    expect(matchesKeys(event, keys)).toBe(expected)
  })
})

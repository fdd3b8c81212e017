import { expect, test } from 'vitest'
import { typedAhead } from '#lib/ui/typed-ahead.ts'

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  ({ key, ctrlKey: false, metaKey: false, altKey: false, ...held }) as KeyboardEvent

test('letters, spaces and signs outside of the basic plane are typed, and the last one can be taken back', () => {
  const keys = ['d', ' ', 'É', '🙂', 'x', 'Backspace']
  expect(keys.reduce((text, key) => typedAhead(text, press(key)) ?? '?', '')).toBe('d É🙂')
  expect(typedAhead('', press('Backspace'))).toBe('')
})

test('keys that write nothing, and combinations, belong elsewhere', () => {
  for (const key of ['Enter', 'Tab', 'ArrowDown', 'Shift', 'F5', 'Dead'])
    expect(typedAhead('a', press(key))).toBeUndefined()
  expect(typedAhead('a', press('k', { ctrlKey: true }))).toBeUndefined()
  expect(typedAhead('a', press('k', { metaKey: true }))).toBeUndefined()
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SearchText } from '#lib/ui/search-text.svelte.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A search whose page follows when it is told to. */
function makeSearch(known = '') {
  const searched: string[] = []
  const text = new SearchText(known, (wanted) => searched.push(wanted))
  const type = (typed: string) => {
    text.type(typed)
    vi.runAllTimers()
  }
  return { text, searched, type }
}

test('it is searched for a moment after the last letter, without the blank at its end', () => {
  const { text, searched } = makeSearch()
  text.type('n')
  vi.advanceTimersByTime(150)
  text.type('ne ')
  vi.advanceTimersByTime(150)
  expect(searched).toEqual([])
  vi.runAllTimers()
  expect([searched, text.typed]).toEqual([['ne'], 'ne '])
})

test('what was searched for on the way takes nothing back of what is typed when it comes late', () => {
  const { text, searched, type } = makeSearch()
  type('or')
  type('order')
  text.type('orders')
  text.follow('or')
  expect(text.typed).toBe('orders')
  text.follow('order')
  expect(text.typed).toBe('orders')
  vi.runAllTimers()
  expect(searched).toEqual(['or', 'order', 'orders'])
})

test('what was searched for on the way may also never come', () => {
  const { text, type } = makeSearch()
  type('or')
  type('order')
  text.follow('order')
  text.follow('or')
  expect(text.typed).toBe('or')
})

test('it follows what changes elsewhere, and searches for what was typed before that no more', () => {
  const { text, searched, type } = makeSearch('order')
  type('orders')
  text.follow('orders')
  text.type('ordersx')
  text.follow('')
  vi.runAllTimers()
  expect([text.typed, searched]).toEqual(['', ['orders']])
})

test('who has left the page searches for nothing on the next one', () => {
  const { text, searched } = makeSearch()
  text.type('order')
  text.close()
  vi.runAllTimers()
  expect(searched).toEqual([])
})

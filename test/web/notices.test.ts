import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { notices } from '#lib/ui/notices.svelte.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  for (const { id } of notices.shown) notices.dismiss(id)
  vi.useRealTimers()
})

const titles = () => notices.shown.map(({ title }) => title)

test('good news leaves by itself, bad news stays until it has been seen', () => {
  notices.show({ tone: 'ok', title: 'Saved' })
  const dismiss = notices.show({ tone: 'failed', title: 'Not saved' })
  vi.advanceTimersByTime(5_000)
  expect(titles()).toEqual(['Not saved'])
  vi.advanceTimersByTime(3_600_000)
  expect(titles()).toEqual(['Not saved'])
  dismiss()
  expect(titles()).toEqual([])
})

test('an offer to take something back stays twice as long', () => {
  notices.show({ tone: 'ok', title: 'Archived', action: { label: 'Undo', run: () => {} } })
  vi.advanceTimersByTime(9_999)
  expect(titles()).toEqual(['Archived'])
  vi.advanceTimersByTime(1)
  expect(titles()).toEqual([])
})

test('nothing leaves while the reader points at it', () => {
  notices.show({ tone: 'ok', title: 'Saved' })
  notices.hold()
  vi.advanceTimersByTime(60_000)
  expect(titles()).toEqual(['Saved'])
  notices.resume()
  vi.advanceTimersByTime(5_000)
  expect(titles()).toEqual([])
})

test('at most four are shown, the latest', () => {
  for (const title of ['1', '2', '3', '4', '5']) notices.show({ tone: 'failed', title })
  expect(titles()).toEqual(['2', '3', '4', '5'])
})

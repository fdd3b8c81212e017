import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startAttemptTimer } from '../../worker/lib/attempt-timer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** The process does nothing for so long, and then looks at its clock once. */
function isBusyFor(ms: number) {
  vi.setSystemTime(Date.now() + ms)
  vi.runOnlyPendingTimers()
}

test('rings when the time of the attempt is over', () => {
  const ring = vi.fn<() => void>()
  startAttemptTimer(30_000, ring)
  vi.advanceTimersByTime(29_999)
  expect(ring).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(ring).toHaveBeenCalledTimes(1)
})

test('gives an attempt back the time that this process was too busy, for answers that lie there unread', () => {
  const ring = vi.fn<() => void>()
  startAttemptTimer(30_000, ring)
  isBusyFor(35_000)
  expect(ring).not.toHaveBeenCalled()
  vi.advanceTimersByTime(4_999)
  expect(ring).not.toHaveBeenCalled()
})

test('gives it back once, and a quarter of its time at most', () => {
  const ring = vi.fn<() => void>()
  startAttemptTimer(30_000, ring)
  isBusyFor(600_000)
  vi.advanceTimersByTime(7_499)
  expect(ring).not.toHaveBeenCalled()
  isBusyFor(600_000)
  expect(ring).toHaveBeenCalledTimes(1)
})

test('does not ring for an attempt that is over, also where its time was prolonged', () => {
  const ring = vi.fn<() => void>()
  startAttemptTimer(30_000, ring)()
  const stop = startAttemptTimer(30_000, ring)
  isBusyFor(40_000)
  stop()
  vi.advanceTimersByTime(600_000)
  expect(ring).not.toHaveBeenCalled()
})

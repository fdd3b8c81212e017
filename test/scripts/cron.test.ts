import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startCron } from '../../scripts/server/cron.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** The cron of a Worker whose ticks take as long as is said, in minutes; how many it began. */
function cronOf(minutes: number) {
  let begun = 0
  const scheduled = async () => {
    begun += 1
    await new Promise((resolve) => setTimeout(resolve, minutes * 60_000))
    return { outcome: 'ok', noRetry: true }
  }
  const miniflare = { getWorker: () => Promise.resolve({ scheduled }) } as unknown as Parameters<typeof startCron>[0]
  const stop = startCron(miniflare, (error) => expect.unreachable(String(error)))
  return { stop, begun: () => begun }
}

test('it ticks at the start and at each full minute', async () => {
  vi.setSystemTime(new Date('2026-11-22T10:00:30Z'))
  const { begun, stop } = cronOf(0)
  await vi.advanceTimersByTimeAsync(29_000)
  expect(begun()).toBe(1)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(begun()).toBe(2)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(begun()).toBe(12)
  stop()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(begun()).toBe(12)
})

test('a tick that takes its time leaves out the next ones', async () => {
  vi.setSystemTime(new Date('2026-11-22T10:00:00Z'))
  const { begun, stop } = cronOf(2.5)
  await vi.advanceTimersByTimeAsync(170_000)
  expect(begun()).toBe(1)
  await vi.advanceTimersByTimeAsync(11_000)
  expect(begun()).toBe(2)
  stop()
})

test('a tick that never ends is not waited for', async () => {
  vi.setSystemTime(new Date('2026-11-22T10:00:00Z'))
  const { begun, stop } = cronOf(1_000)
  await vi.advanceTimersByTimeAsync(290_000)
  expect(begun()).toBe(1)
  await vi.advanceTimersByTimeAsync(11_000)
  expect(begun()).toBe(2)
  stop()
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { giveWay } from '../../worker/runtime/queues/give-way.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** After how many ms a rush that lasts so long has been given way to. */
async function gaveWayFor(rushMs: number, waitingThen: number): Promise<number> {
  const startedAt = Date.now()
  const given = giveWay(() => (Date.now() - startedAt < rushMs ? 1_000 : waitingThen)).then(
    () => Date.now() - startedAt,
  )
  await vi.advanceTimersByTimeAsync(2_000)
  return given
}

test('no way is given where nobody waits, or few do as they always do', async () => {
  expect(await gaveWayFor(0, 0)).toBe(0)
  expect(await gaveWayFor(0, 16)).toBe(0)
})

test('way is given to a rush until it is over, and not for ever', async () => {
  expect(await gaveWayFor(100, 16)).toBe(100)
  expect(await gaveWayFor(60_000, 0)).toBe(500)
})

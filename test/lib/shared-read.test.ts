import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isOutage } from '../../worker/lib/is-outage.ts'
import { SharedRead } from '../../worker/lib/shared-read.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const after = <Value>(ms: number, value: Value) => new Promise<Value>((resolve) => setTimeout(() => resolve(value), ms))

test('is made once for all who want the same while it is under way, and again for who comes later', async () => {
  const shared = new SharedRead<number>()
  let reads = 0
  const read = () => after(30, ++reads)
  const together = Promise.all(Array.from({ length: 50 }, () => shared.get('a', read)))
  await vi.advanceTimersByTimeAsync(200)
  expect(new Set(await together)).toEqual(new Set([1]))
  expect(reads).toBe(1)
  const later = shared.get('a', read)
  await vi.advanceTimersByTimeAsync(30)
  expect(await later).toBe(2)
})

test('is made for each key by itself', async () => {
  const shared = new SharedRead<string>()
  const both = Promise.all(['a', 'b'].map((key) => shared.get(key, () => after(5, key))))
  await vi.advanceTimersByTimeAsync(5)
  expect(await both).toEqual(['a', 'b'])
})

test('what is nothing is shared too', async () => {
  const shared = new SharedRead<undefined>()
  const read = vi.fn(() => after(5, undefined))
  const both = Promise.all([shared.get('a', read), shared.get('a', read)])
  await vi.advanceTimersByTimeAsync(50)
  expect(await both).toEqual([undefined, undefined])
  expect(read).toHaveBeenCalledTimes(1)
})

test('that fails is made again by one of the others, for all of them', async () => {
  const shared = new SharedRead<string>()
  const first = shared.get('a', async () => {
    await after(5, null)
    throw new Error('away')
  })
  const read = vi.fn(() => after(5, 'here'))
  const ends = Promise.allSettled([first, ...Array.from({ length: 50 }, () => shared.get('a', read))])
  await vi.advanceTimersByTimeAsync(200)
  const [own, ...others] = await ends
  expect(own).toMatchObject({ status: 'rejected' })
  expect(new Set(others.map((end) => (end.status === 'fulfilled' ? end.value : end.reason)))).toEqual(new Set(['here']))
  expect(read).toHaveBeenCalledTimes(1)
})

test('that fails again and again is not made by everybody: who waits is told, and whether asking later may help', async () => {
  const shared = new SharedRead<string>()
  const read = vi.fn(async () => {
    await after(5, null)
    throw Object.assign(new Error('D1 is away'), { retryable: true })
  })
  const ends = Promise.allSettled(Array.from({ length: 50 }, () => shared.get('a', read)))
  await vi.advanceTimersByTimeAsync(500)
  const reasons = (await ends).map((end) => (end.status === 'rejected' ? (end.reason as Error) : undefined))
  expect(reasons.every((reason) => reason?.message === 'D1 is away' && isOutage(reason))).toBe(true)
  expect(read.mock.calls.length).toBeLessThanOrEqual(3)
})

test('of somebody who is not heard of any more is made again by one of those who wait', async () => {
  const shared = new SharedRead<string>(1_000)
  void shared.get('a', () => new Promise(() => undefined))
  const read = vi.fn(() => after(20, 'here'))
  const others = Promise.all(Array.from({ length: 50 }, () => shared.get('a', read)))
  await vi.advanceTimersByTimeAsync(1_200)
  expect(new Set(await others)).toEqual(new Set(['here']))
  expect(read).toHaveBeenCalledTimes(1)
  const third = shared.get('a', () => Promise.resolve('third'))
  expect(await third).toBe('third')
})

test('that is slow is not asked for by everybody: patience lasts longer each time, and the first answer counts', async () => {
  const shared = new SharedRead<string>(1_000)
  const read = vi.fn(() => after(10_000, `read ${read.mock.calls.length}`))
  const all = Promise.all(Array.from({ length: 200 }, () => shared.get('a', read)))
  await vi.advanceTimersByTimeAsync(18_000)
  const values = await all
  // After 1, 3 and 7 seconds another one asked; those keep to their own.
  expect(read).toHaveBeenCalledTimes(4)
  expect(values.filter((value) => value === 'read 1')).toHaveLength(197)
})

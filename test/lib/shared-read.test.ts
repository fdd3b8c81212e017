import { afterEach, beforeEach, expect, test, vi } from 'vitest'
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

test('that fails is made by each of the others for itself', async () => {
  const shared = new SharedRead<string>()
  const first = shared.get('a', async () => {
    await after(5, null)
    throw new Error('away')
  })
  const second = shared.get('a', () => after(5, 'here'))
  const ends = Promise.allSettled([first, second])
  await vi.advanceTimersByTimeAsync(50)
  expect(await ends).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 'here' }])
})

test('of somebody who is not heard of any more is waited for no longer than patience lasts', async () => {
  const shared = new SharedRead<string>(1_000)
  void shared.get('a', () => new Promise(() => undefined))
  const second = shared.get('a', () => Promise.resolve('own'))
  await vi.advanceTimersByTimeAsync(1_100)
  expect(await second).toBe('own')
  const third = shared.get('a', () => Promise.resolve('third'))
  expect(await third).toBe('third')
})

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { GroupCall, type GroupLimits } from '../../worker/lib/group-call.ts'
import { isOutage } from '../../worker/lib/is-outage.ts'

/** A far side that answers when told to, and remembers what it was asked together. */
function farSide() {
  const calls: number[][] = []
  const open: { answer(): void; refuse(error: Error): void }[] = []
  const call = (items: number[]) =>
    new Promise<string[]>((resolve, reject) => {
      calls.push(items)
      open.push({ answer: () => resolve(items.map((item) => `got ${item}`)), refuse: reject })
    })
  return { calls, call, next: () => open.shift() }
}

const limits: GroupLimits<number> = { maxItems: 3, maxWeight: 100, weightOf: (item) => item, patienceMs: 1_000 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** So long that everybody who waits has looked. */
const look = () => vi.advanceTimersByTimeAsync(100)

describe('a group call', () => {
  test('alone goes at once', async () => {
    const { calls, call, next } = farSide()
    const result = new GroupCall(call, limits).run(1)
    expect(calls).toEqual([[1]])
    next()?.answer()
    expect(await result).toBe('got 1')
  })

  test('takes along those that came while one was under way, up to the limit, and gives each its own result', async () => {
    const { calls, call, next } = farSide()
    const group = new GroupCall(call, limits)
    const results = Promise.all([1, 2, 3, 4, 5].map((item) => group.run(item)))
    for (let round = 0; round < 3; round++) {
      next()?.answer()
      await look()
    }
    expect(await results).toEqual(['got 1', 'got 2', 'got 3', 'got 4', 'got 5'])
    expect(calls).toEqual([[1], [2, 3, 4], [5]])
  })

  test('carries no more than it may weigh, and one that is heavier alone', async () => {
    const { calls, call, next } = farSide()
    const group = new GroupCall(call, limits)
    const results = Promise.all([1, 60, 50, 200, 2].map((item) => group.run(item)))
    for (let round = 0; round < 5; round++) {
      next()?.answer()
      await look()
    }
    await results
    expect(calls).toEqual([[1], [60], [50], [200], [2]])
  })

  test('that fails fails those it carried, and nobody after', async () => {
    const { call, next } = farSide()
    const group = new GroupCall(call, limits)
    const results = Promise.allSettled([1, 2, 3].map((item) => group.run(item)))
    next()?.answer()
    await look()
    next()?.refuse(new Error('reset'))
    await look()
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    const later = group.run(4)
    next()?.answer()
    expect(await later).toBe('got 4')
  })

  test('H3: that fails in an outage is an outage to everybody it carried, and a mistake of ours stays one', async () => {
    const reset = Object.assign(new Error('Durable Object reset because its code was updated.'), { retryable: true })
    for (const [error, isAway] of [
      [reset, true],
      [new Error('D1_ERROR: Network connection lost.'), true],
      [new TypeError('x is not a function'), false],
    ] as const) {
      const { call, next } = farSide()
      const group = new GroupCall(call, limits)
      const results = Promise.allSettled([1, 2, 3].map((item) => group.run(item)))
      next()?.answer()
      await look()
      next()?.refuse(error)
      await look()
      const reasons = (await results).flatMap((result) =>
        result.status === 'rejected' ? [result.reason as Error] : [],
      )
      expect(reasons.map(({ message }) => message)).toEqual([error.message, error.message])
      expect(reasons.map(isOutage)).toEqual([isAway, isAway])
    }
  })

  test('has those who wait look once, when their own call should be over', async () => {
    const takesMs = 10
    const call = (items: number[]) =>
      new Promise<number[]>((resolve) => {
        setTimeout(() => resolve(items), takesMs)
      })
    const group = new GroupCall(call, { ...limits, maxItems: 20 })
    // By experience it knows how long a call takes.
    for (let before = 0; before < 30; before++) {
      void group.run(0)
      await look()
    }
    const sleeps = vi.spyOn(globalThis, 'setTimeout')
    const results = Promise.all(Array.from({ length: 11 }, (_, item) => group.run(item)))
    await look()
    await results
    const calls = sleeps.mock.calls.filter(([, ms]) => ms === takesMs).length
    expect(sleeps.mock.calls.length - calls).toBeLessThanOrEqual(11)
    sleeps.mockRestore()
  })

  test('whose leader is never heard of again does not hold up those who wait for their turn', async () => {
    const { calls, call, next } = farSide()
    const group = new GroupCall(call, limits)
    void group.run(1)
    const second = group.run(2)
    const third = group.run(3)
    next()
    await vi.advanceTimersByTimeAsync(1_100)
    expect(calls).toEqual([[1], [2, 3]])
    next()?.answer()
    await look()
    expect(await Promise.all([second, third])).toEqual(['got 2', 'got 3'])
  })

  test('whose leader is never heard of again is made again by those it carried', async () => {
    const { calls, call, next } = farSide()
    const group = new GroupCall(call, limits)
    const first = group.run(1)
    void group.run(2)
    const third = group.run(3)
    next()?.answer()
    await look()
    await first
    next()
    await vi.advanceTimersByTimeAsync(1_100)
    expect(calls).toEqual([[1], [2, 3], [3]])
    next()?.answer()
    expect(await third).toBe('got 3')
  })

  test('whose leader is slow is made again by one of those it carried, together with the others', async () => {
    const { calls, call, next } = farSide()
    const group = new GroupCall(call, { ...limits, maxItems: 100 })
    const results = Promise.all([1, 2, 3, 4, 5, 6].map((item) => group.run(item)))
    next()?.answer()
    await look()
    const slow = next()
    await vi.advanceTimersByTimeAsync(1_100)
    expect(calls).toEqual([[1], [2, 3, 4, 5, 6], [3, 4, 5, 6]])
    slow?.answer()
    next()?.answer()
    await look()
    expect(await results).toEqual(['got 1', 'got 2', 'got 3', 'got 4', 'got 5', 'got 6'])
    expect(calls).toHaveLength(3)
  })

  test('is made again after twice the time, each time: what is slow because it is asked too much is not asked more', async () => {
    const { calls, call, next } = farSide()
    const group = new GroupCall(call, { ...limits, maxItems: 100, maxWeight: 10_000 })
    const results = Promise.all(Array.from({ length: 100 }, (_, item) => group.run(item)))
    next()?.answer()
    await look()
    const slow = next()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(calls.length).toBeLessThanOrEqual(5)
    for (let one = slow; one !== undefined; one = next()) one.answer()
    await look()
    expect(await results).toHaveLength(100)
    // What is quick again is asked as soon as ever.
    const before = calls.length
    void group.run(1)
    void group.run(2)
    await vi.advanceTimersByTimeAsync(1_100)
    expect(calls).toHaveLength(before + 2)
  })

  test('is waited for from when it goes out: work before that is not done again by others', async () => {
    const { calls, call, next } = farSide()
    const working = (items: number[]) => {
      vi.setSystemTime(Date.now() + 1_500)
      return call(items)
    }
    const group = new GroupCall(working, limits)
    const results = Promise.all([1, 2, 3].map((item) => group.run(item)))
    await vi.advanceTimersByTimeAsync(900)
    expect(calls).toEqual([[1]])
    next()?.answer()
    await look()
    await vi.advanceTimersByTimeAsync(900)
    expect(calls).toEqual([[1], [2, 3]])
    next()?.answer()
    await look()
    expect(await results).toEqual(['got 1', 'got 2', 'got 3'])
  })

  test('that fails after it was taken over fails only who made it', async () => {
    const { call, next } = farSide()
    const group = new GroupCall(call, limits)
    const results = Promise.allSettled([1, 2, 3].map((item) => group.run(item)))
    next()?.answer()
    await look()
    const slow = next()
    await vi.advanceTimersByTimeAsync(1_100)
    slow?.refuse(new Error('reset'))
    await look()
    next()?.answer()
    await look()
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('is looked for the more rarely the more wait for it', async () => {
    const { call, next } = farSide()
    const group = new GroupCall(call, { ...limits, maxItems: 100, maxWeight: 1e9, patienceMs: 60_000 })
    const results = Promise.all(Array.from({ length: 1_000 }, (_, item) => group.run(item)))
    await vi.advanceTimersByTimeAsync(100)
    const sleeps = vi.spyOn(globalThis, 'setTimeout')
    await vi.advanceTimersByTimeAsync(3_000)
    // Each of them every quarter of a second, and the one that makes the next call every millisecond.
    expect(sleeps.mock.calls.length).toBeLessThan(3 * 5_500)
    sleeps.mockRestore()
    for (let round = 0; round < 11; round++) {
      next()?.answer()
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(await results).toHaveLength(1_000)
  })

  test('goes on in the time of whoever waits: nobody is told by another', async () => {
    const { call, next } = farSide()
    const group = new GroupCall(call, limits)
    const order: string[] = []
    const first = group.run(1).then(() => order.push('first'))
    const second = group.run(2).then(() => order.push('second'))
    next()?.answer()
    await first
    expect(order).toEqual(['first'])
    await look()
    next()?.answer()
    await second
    expect(order).toEqual(['first', 'second'])
  })

  test('never loses, doubles or swaps an item, whatever the order of answers and failures', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), fc.nat(3), async (fates, every) => {
        const asked: number[] = []
        let calls = 0
        const group = new GroupCall<number, number>(
          async (items) => {
            const fails = fates[calls++ % fates.length] === false
            asked.push(...items)
            await Promise.resolve()
            if (fails) throw new Error('no')
            return items.map((item) => item * 2)
          },
          { ...limits, maxItems: 4, maxWeight: 1_000 },
        )
        const results = Promise.all(
          fates.map(async (_, item) => {
            for (let turn = 0; turn < item % (every + 1); turn++) await Promise.resolve()
            return group.run(item).catch(() => null)
          }),
        )
        await vi.runAllTimersAsync()
        expect(asked.toSorted((a, b) => a - b)).toEqual(fates.map((_, item) => item))
        ;(await results).forEach((result, item) => expect([null, item * 2]).toContain(result))
      }),
      { numRuns: 200 },
    )
  })
})

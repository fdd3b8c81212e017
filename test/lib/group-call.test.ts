import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { GroupCall } from '../../worker/lib/group-call.ts'

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

const limits = { maxItems: 3, patienceMs: 1_000 }
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

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
      await settle()
    }
    expect(await results).toEqual(['got 1', 'got 2', 'got 3', 'got 4', 'got 5'])
    expect(calls).toEqual([[1], [2, 3, 4], [5]])
  })

  test('that fails fails those it carried, and nobody after', async () => {
    const { call, next } = farSide()
    const group = new GroupCall(call, limits)
    const results = Promise.allSettled([1, 2, 3].map((item) => group.run(item)))
    next()?.answer()
    await settle()
    next()?.refuse(new Error('reset'))
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    const later = group.run(4)
    next()?.answer()
    expect(await later).toBe('got 4')
  })

  test('whose leader is never heard of again does not hold up the others', async () => {
    vi.useFakeTimers()
    try {
      const { calls, call, next } = farSide()
      const group = new GroupCall(call, limits)
      void group.run(1)
      const second = group.run(2)
      next()
      await vi.advanceTimersByTimeAsync(1_001)
      const third = group.run(3)
      expect(calls).toEqual([[1], [3, 2]])
      next()?.answer()
      expect(await Promise.all([second, third])).toEqual(['got 2', 'got 3'])
    } finally {
      vi.useRealTimers()
    }
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
          { maxItems: 4, patienceMs: 1_000 },
        )
        const results = await Promise.all(
          fates.map(async (_, item) => {
            for (let turn = 0; turn < item % (every + 1); turn++) await Promise.resolve()
            return group.run(item).catch(() => null)
          }),
        )
        expect(asked.toSorted((a, b) => a - b)).toEqual(fates.map((_, item) => item))
        results.forEach((result, item) => expect([null, item * 2]).toContain(result))
      }),
      { numRuns: 200 },
    )
  })
})

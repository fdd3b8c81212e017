import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inLots } from '../../worker/lib/in-lots.ts'

test('calls with as many as may go together, one call after the other, and gives all results in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(30)), fc.integer({ min: 1, max: 40 }), async (weights, most) => {
      const lots: number[][] = []
      let underWay = 0
      const items = weights.map((weight, index) => ({ weight, index }))
      const results = await inLots(items, { most, weightOf: ({ weight }) => weight }, async (lot) => {
        expect(++underWay).toBe(1)
        lots.push(lot.map(({ weight }) => weight))
        await Promise.resolve()
        underWay -= 1
        return lot.map(({ index }) => index)
      })
      expect(results).toEqual(items.map(({ index }) => index))
      const sum = (lot: number[]) => lot.reduce((total, weight) => total + weight, 0)
      for (const [number, lot] of lots.entries()) {
        expect(lot.length).toBeGreaterThan(0)
        if (lot.length > 1) expect(sum(lot)).toBeLessThanOrEqual(most)
        // No lot is smaller than it had to be.
        const next = lots[number + 1]
        if (next !== undefined) expect(sum(lot) + next[0]!).toBeGreaterThan(most)
      }
    }),
    { numRuns: 300 },
  )
})

test('a call that fails is the last one', async () => {
  const called: number[][] = []
  const call = async (lot: number[]) => {
    called.push(lot)
    if (called.length === 2) throw new Error('no')
    return lot
  }
  await expect(inLots([1, 2, 3], { most: 1, weightOf: () => 1 }, call)).rejects.toThrow('no')
  expect(called).toEqual([[1], [2]])
})

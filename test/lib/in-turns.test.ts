import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inTurns } from '../../worker/lib/in-turns.ts'

/** Works that note when they begin, and take a turn of the loop. */
function works(log: string[], party: string, count: number) {
  return Array.from({ length: count }, (_, index) => async () => {
    log.push(`${party}${index}`)
    await Promise.resolve()
    return `${party}${index}`
  })
}

test('of several parties each has its turn: the few of one are begun before the many of another', async () => {
  const log: string[] = []
  await inTurns([works(log, 'a', 500), works(log, 'b', 3)])
  expect(log.slice(0, 6)).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2'])
  expect(log).toHaveLength(503)
})

test('one party has all its works begun together', async () => {
  const log: string[] = []
  const all = inTurns([[], works(log, 'a', 100)])
  expect(log).toHaveLength(100)
  await all
})

test('gives what came of each work, by party and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(40), { maxLength: 5 }), async (counts) => {
      const given = await inTurns(counts.map((count, party) => works([], `${party}:`, count)))
      expect(given).toEqual(counts.map((count, party) => Array.from({ length: count }, (_, at) => `${party}:${at}`)))
    }),
    { numRuns: 100 },
  )
})

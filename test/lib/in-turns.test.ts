import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inTurns } from '../../worker/lib/in-turns.ts'

const noPause = async () => {}

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
  await inTurns([works(log, 'a', 500), works(log, 'b', 3)], noPause)
  expect(log.slice(0, 6)).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2'])
  expect(log).toHaveLength(503)
})

test('of several parties sixteen works are under way at a time', async () => {
  let [underWay, most] = [0, 0]
  const work = async () => {
    most = Math.max(most, (underWay += 1))
    await new Promise(setImmediate)
    underWay -= 1
  }
  await inTurns([Array.from({ length: 100 }, () => work), [work]], noPause)
  expect(most).toBe(16)
})

test('the works of one party are begun without waiting for each other, with a pause after every eight', async () => {
  const log: string[] = []
  const never = new Promise<never>(() => {})
  const waiting = Array.from({ length: 20 }, () => () => {
    log.push('work')
    return never
  })
  void inTurns([[], waiting], async () => void log.push('pause'))
  await new Promise(setImmediate)
  const eight = Array<string>(8).fill('work')
  expect(log).toEqual([...eight, 'pause', ...eight, 'pause', ...eight.slice(4)])
})

test('gives what came of each work, by party and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(40), { maxLength: 5 }), async (counts) => {
      const given = await inTurns(
        counts.map((count, party) => works([], `${party}:`, count)),
        noPause,
      )
      expect(given).toEqual(counts.map((count, party) => Array.from({ length: count }, (_, at) => `${party}:${at}`)))
    }),
    { numRuns: 100 },
  )
})

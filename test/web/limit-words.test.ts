import { expect, test } from 'vitest'
import { limitWords, readLimit, standingWords } from '../../web/src/lib/settings/limit-words.ts'

test('a number of executions is read, and what is none is told', () => {
  expect([readLimit(''), readLimit(' 12 ')]).toEqual([{ limit: null }, { limit: 12 }])
  for (const typed of ['0', '1.5', '-3', '100001', 'many']) expect(readLimit(typed).error).toMatch('1 to 100,000')
})

test('says how it stands, and what holds', () => {
  expect(standingWords({ limit: null, most: null })).toBeUndefined()
  expect(standingWords({ limit: 5, most: null, running: 2, waiting: 0 })).toBe('2 under way now, nobody waits.')
  expect(standingWords({ limit: 5, most: null, running: 5, waiting: 1 })).toBe('5 under way now, 1 waits for a turn.')
  expect(limitWords({ limit: null, most: null })).toBe('There is no limit.')
  expect(limitWords({ limit: 5_000, most: 1_200 })).toBe('At most 1,200 at a time.')
})

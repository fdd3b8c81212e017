import { expect, test } from 'vitest'
import { CountLimit } from '../../worker/lib/count-limit.ts'

const limit = () => new CountLimit({ most: 3, windowMs: 1_000, maxKeys: 2 })

test('up to so many within the window; then it is told how long to wait, and begins anew', () => {
  const counts = limit()
  for (const now of [0, 10, 20]) {
    expect(counts.waitMs('a', now)).toBe(0)
    counts.add('a', now)
  }
  expect([counts.waitMs('a', 20), counts.waitMs('a', 999), counts.waitMs('a', 1_000)]).toEqual([980, 1, 0])
  counts.add('a', 1_000)
  expect(counts.waitMs('a', 1_000)).toBe(0)
})

test('each key is counted by itself, and who was not met for longest is forgotten', () => {
  const counts = limit()
  for (let time = 0; time < 3; time++) counts.add('a', 0)
  expect([counts.waitMs('a', 1), counts.waitMs('b', 1)]).toEqual([999, 0])
  counts.add('b', 1)
  counts.add('c', 1)
  expect(counts.waitMs('a', 1)).toBe(0)
})

test('one is taken within the limit, and what is refused is not counted', () => {
  const counts = limit()
  expect([0, 10, 20, 30, 999, 1_000].map((now) => counts.take('a', now))).toEqual([
    true,
    true,
    true,
    false,
    false,
    true,
  ])
})

import { describe, expect, test } from 'vitest'
import { formatDuration, formatExact, formatRelative } from '#lib/ui/format-time.ts'

const now = Date.UTC(2026, 10, 21, 14, 30) // a Saturday
const second = 1_000
const hour = 3_600 * second

describe('how far away an instant is', () => {
  test.each([
    [0, 'just now'],
    [-4 * second, 'just now'],
    [-12 * second, '12 s ago'],
    [12 * second, 'in 12 s'],
    [-90 * second, '1 min ago'],
    [3 * hour, 'in 3 h'],
    [-3 * hour, '3 h ago'],
    [-20 * hour, 'yesterday at 18:30'],
    [18.5 * hour, 'tomorrow at 09:00'],
    [66.5 * hour, 'Tue 09:00'],
    [-66.5 * hour, 'Nov 18'],
    [-400 * 24 * hour, 'Oct 17, 2025'],
  ])('%i ms away is %s', (ahead, words) => {
    expect(formatRelative(now + ahead, now, 'en-US')).toBe(words)
  })
})

test('the exact time has the second and the zone', () => {
  expect(formatExact(now, 'en-US')).toBe('Sat, Nov 21, 2026, 14:30:00 UTC')
})

describe('how long something took', () => {
  test.each([
    [-3, '< 1 ms'],
    [0, '< 1 ms'],
    [999.9, '999 ms'],
    [340, '340 ms'],
    [1_290, '1.2 s'],
    [45_900, '45 s'],
    [125_000, '2 min 5 s'],
    [3 * hour + 4 * 60_000, '3 h 4 min'],
    [48 * hour, '2 d'],
    [51 * hour, '2 d 3 h'],
  ])('%d ms is %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words)
  })
})

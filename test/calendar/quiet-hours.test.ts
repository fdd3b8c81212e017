import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endOfQuiet, type QuietHours } from '../../worker/calendar/quiet-hours.ts'
import { randomDelay } from '../../worker/calendar/random-delay.ts'
import { weekdays } from '../../worker/contract/facts/calendar.ts'
import { anyInstant, at, dateOf, instantOfWall, iso, minutes, someWeekdays, weekdayOf, zone } from './support.ts'

const night: QuietHours = { zone: 'Europe/Amsterdam', weekdays, from: 21 * 60, to: 8 * 60 }

test.each([
  ['2026-06-01T10:00:00Z', '2026-06-01T10:00:00.000Z', 'not quiet: at once'],
  ['2026-06-01T18:59:59Z', '2026-06-01T18:59:59.000Z', 'just before'],
  ['2026-06-01T19:00:00Z', '2026-06-02T06:00:00.000Z', 'from its beginning'],
  ['2026-06-02T05:59:59Z', '2026-06-02T06:00:00.000Z', 'after midnight'],
  ['2026-06-02T06:00:00Z', '2026-06-02T06:00:00.000Z', 'at its end'],
  ['2026-03-28T22:00:00Z', '2026-03-29T06:00:00.000Z', 'over a change of clocks'],
])('%s → %s (%s)', (now, expected) => {
  expect(iso(endOfQuiet(night, at(now)))).toBe(expected)
})

test('the day on which it begins decides, and whole days may follow each other', () => {
  const friday = { ...night, weekdays: ['fri' as const] }
  expect(iso(endOfQuiet(friday, at('2026-06-06T04:00:00Z')))).toBe('2026-06-06T06:00:00.000Z')
  expect(iso(endOfQuiet(friday, at('2026-06-06T20:00:00Z')))).toBe('2026-06-06T20:00:00.000Z')
  const weekend = { ...night, weekdays: ['sat' as const, 'sun' as const], from: 0, to: 0 }
  expect(iso(endOfQuiet(weekend, at('2026-06-06T12:00:00Z')))).toBe('2026-06-07T22:00:00.000Z')
  expect(endOfQuiet({ ...weekend, weekdays }, at('2026-06-06T12:00:00Z'))).toBeNull()
})

/** Whether it is quiet, said without looking at how it is decided. */
function isQuiet({ zone: timeZone, weekdays: days, from, to }: QuietHours, instant: number): boolean {
  const today = dateOf(timeZone, instant)
  return [-2, -1, 0, 1].some((offset) => {
    const date = today.add({ days: offset })
    if (!days.includes(weekdayOf(date))) return false
    const end = to > from ? date : date.add({ days: 1 })
    return instantOfWall(timeZone, date, from) <= instant && instant < instantOfWall(timeZone, end, to)
  })
}

const quiet = fc.record({ zone, weekdays: someWeekdays, from: minutes, to: minutes })

test('its end is not quiet, and everything until then is', () => {
  fc.assert(
    fc.property(quiet, anyInstant, fc.double({ min: 0, max: 1, noNaN: true }), (hours, now, part) => {
      const end = endOfQuiet(hours, now)
      if (end === null) return
      expect(end).toBeGreaterThanOrEqual(now)
      expect(isQuiet(hours, end)).toBe(false)
      if (end > now) expect(isQuiet(hours, Math.floor(now + part * (end - now - 1)))).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('a later now never gives an earlier end', () => {
  fc.assert(
    fc.property(quiet, anyInstant, fc.nat(200_000_000), (hours, now, later) => {
      expect(endOfQuiet(hours, now + later) ?? Infinity).toBeGreaterThanOrEqual(endOfQuiet(hours, now) ?? 0)
    }),
    { numRuns: 300 },
  )
})

test('a random delay lies in its range, is the same for the same step, and reaches both ends', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(1_000_000), fc.nat(1_000_000), (seed, minMs, width) => {
      const delay = randomDelay(seed, { minMs, maxMs: minMs + width })
      expect(delay).toBeGreaterThanOrEqual(minMs)
      expect(delay).toBeLessThanOrEqual(minMs + width)
      expect(randomDelay(seed, { minMs, maxMs: minMs + width })).toBe(delay)
    }),
    { numRuns: 300 },
  )
  const drawn = Array.from({ length: 200 }, (_, index) => randomDelay(`exe_${index}|pause`, { minMs: 5, maxMs: 8 }))
  expect(new Set(drawn)).toEqual(new Set([5, 6, 7, 8]))
})

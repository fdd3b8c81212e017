import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantOfDay, localTime } from '../../worker/calendar/zone-time.ts'
import { parseClockTime } from '../../worker/calendar/clock-time.ts'
import { nextWeekdayTime } from '../../worker/calendar/next-weekday.ts'
import { anyInstant, at, dateOf, instantOfWall, iso, minutes, someWeekdays, weekdayOf, zone } from './support.ts'

test.each([
  // In Amsterdam 02:00 to 03:00 does not occur on March 29th, and occurs twice on October 25th.
  ['Europe/Amsterdam', '2026-03-29', 150, '2026-03-29T01:00:00.000Z'],
  ['Europe/Amsterdam', '2026-10-25', 150, '2026-10-25T00:30:00.000Z'],
  ['Europe/Amsterdam', '2026-10-25', 180, '2026-10-25T02:00:00.000Z'],
  // In Beirut and Havana it is midnight that does not occur.
  ['Asia/Beirut', '2026-03-29', 0, '2026-03-28T22:00:00.000Z'],
  ['America/Havana', '2026-03-08', 30, '2026-03-08T05:00:00.000Z'],
  // Lord Howe sets its clocks by half an hour.
  ['Australia/Lord_Howe', '2026-10-04', 135, '2026-10-03T15:30:00.000Z'],
  // Samoa went from the 29th straight to the 31st.
  ['Pacific/Apia', '2011-12-30', 720, '2011-12-30T10:00:00.000Z'],
])('%s %s at minute %d is %s', (timeZone, date, minute, expected) => {
  expect(iso(instantOfDay(timeZone, Date.parse(date) / 86_400_000, minute))).toBe(expected)
})

test('a time of day is the instant that another implementation says, in every zone', () => {
  fc.assert(
    fc.property(zone, anyInstant, minutes, (timeZone, now, minute) => {
      const { day } = localTime(timeZone, now)
      expect(iso(instantOfDay(timeZone, day, minute))).toBe(iso(instantOfWall(timeZone, dateOf(timeZone, now), minute)))
    }),
    { numRuns: 1_500 },
  )
})

test('the next weekday and time is the first one that is not before now', () => {
  fc.assert(
    fc.property(zone, anyInstant, minutes, someWeekdays, (timeZone, now, minute, weekdays) => {
      const today = dateOf(timeZone, now)
      const candidates = Array.from({ length: 18 }, (_, index) => today.add({ days: index - 2 }))
        .filter((date) => weekdays.includes(weekdayOf(date)))
        .map((date) => instantOfWall(timeZone, date, minute))
        .filter((instant) => instant >= now)
      const found = nextWeekdayTime({ zone: timeZone, weekdays, minutes: minute }, now)
      expect(iso(found)).toBe(iso(Math.min(...candidates)))
    }),
    { numRuns: 600 },
  )
})

test('a later now never gives an earlier weekday and time', () => {
  fc.assert(
    fc.property(
      zone,
      anyInstant,
      fc.nat(200_000_000),
      minutes,
      someWeekdays,
      (timeZone, now, later, minute, weekdays) => {
        const wanted = { zone: timeZone, weekdays, minutes: minute }
        expect(nextWeekdayTime(wanted, now + later)).toBeGreaterThanOrEqual(nextWeekdayTime(wanted, now)!)
      },
    ),
    { numRuns: 400 },
  )
})

test('a weekday and time that is now goes on now, and one that has just passed a week later', () => {
  const monday = at('2026-06-01T07:00:00Z')
  const wanted = { zone: 'Europe/Amsterdam', weekdays: ['mon' as const], minutes: 540 }
  expect(nextWeekdayTime(wanted, monday)).toBe(monday)
  expect(nextWeekdayTime(wanted, monday + 1)).toBe(at('2026-06-08T07:00:00Z'))
  expect(nextWeekdayTime({ ...wanted, weekdays: [] }, monday)).toBeNull()
})

test.each([
  ['09:00', 540],
  ['9:05', 545],
  [' 24:00 ', 1_440],
  ['24:01', null],
  ['9', null],
  ['09:60', null],
  ['', null],
])('“%s” is minute %s', (text, minute) => {
  expect(parseClockTime(text)).toBe(minute)
})

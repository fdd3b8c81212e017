import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addOpenDays, addOpenTime, nextOpening } from '../../worker/calendar/business-time.ts'
import { readyCalendar } from '../../worker/calendar/ready-calendar.ts'
import type { CalendarRules } from '../../worker/contract/calendar.ts'
import { anyInstant, at, clock, dateOf, instantOfWall, iso, rules, weekdayOf } from './support.ts'

const nineToFive = [{ from: '09:00', to: '17:00' }]
const office: CalendarRules = {
  timeZone: 'Europe/Amsterdam',
  weekly: { mon: nineToFive, tue: nineToFive, wed: nineToFive, thu: nineToFive, fri: nineToFive },
  exceptions: [
    { date: '2026-12-25', everyYear: true, name: 'Christmas', hours: [] },
    { date: '2026-12-24', everyYear: false, name: 'Christmas Eve', hours: [{ from: '09:00', to: '13:00' }] },
  ],
}

/** Whether a calendar is open, said without looking at how it is decided. */
function isOpen({ timeZone, weekly, exceptions }: CalendarRules, instant: number): boolean {
  const today = dateOf(timeZone, instant)
  return [-1, 0, 1].some((days) => {
    const date = today.add({ days })
    const own = exceptions.findLast(({ date: other, everyYear }) => !everyYear && other === date.toString())
    const yearly = exceptions.findLast(
      ({ date: other, everyYear }) => everyYear && other.slice(5) === date.toString().slice(5),
    )
    const hours = (own ?? yearly)?.hours ?? weekly[weekdayOf(date)] ?? []
    const minute = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
    return hours.some(
      ({ from, to }) =>
        instantOfWall(timeZone, date, minute(from)) <= instant && instant < instantOfWall(timeZone, date, minute(to)),
    )
  })
}

describe('the next opening', () => {
  test.each([
    ['2026-06-01T10:00:00Z', '2026-06-01T10:00:00.000Z', 'open: at once'],
    ['2026-06-01T05:00:00Z', '2026-06-01T07:00:00.000Z', 'before the morning'],
    ['2026-06-01T15:00:00Z', '2026-06-02T07:00:00.000Z', 'at closing time it is closed'],
    ['2026-06-05T15:00:00Z', '2026-06-08T07:00:00.000Z', 'over the weekend'],
    ['2026-12-24T12:00:00Z', '2026-12-28T08:00:00.000Z', 'over a short day, a holiday and the weekend'],
    ['2027-12-24T12:00:00Z', '2027-12-24T12:00:00.000Z', 'an exception of one year only'],
    ['2026-03-27T17:00:00Z', '2026-03-30T07:00:00.000Z', 'over a change of clocks'],
  ])('%s → %s (%s)', (now, expected) => {
    expect(iso(nextOpening(readyCalendar(office), at(now)))).toBe(expected)
  })

  test('is by the clocks of somebody else where that is wanted', () => {
    const theirs = readyCalendar(office, 'America/New_York')
    expect(iso(nextOpening(theirs, at('2026-06-01T10:00:00Z')))).toBe('2026-06-01T13:00:00.000Z')
  })

  test('of a calendar that never opens there is none', () => {
    expect(nextOpening(readyCalendar({ timeZone: 'UTC', weekly: {}, exceptions: [] }), 0)).toBeNull()
    const never = readyCalendar({ timeZone: 'UTC', weekly: { mon: [] }, exceptions: [] })
    expect([addOpenTime(never, 0, 1), addOpenDays(never, 0, 1)]).toEqual([null, null])
  })

  test('is open, is the first such instant, and stays where it is', () => {
    fc.assert(
      fc.property(rules, anyInstant, fc.nat(10 * 86_400_000), (calendar, now, sooner) => {
        const ready = readyCalendar(calendar)
        const opening = nextOpening(ready, now)
        if (opening === null) return
        expect(opening).toBeGreaterThanOrEqual(now)
        expect(isOpen(calendar, opening)).toBe(true)
        expect(nextOpening(ready, opening)).toBe(opening)
        if (opening > now) {
          expect(isOpen(calendar, opening - 1)).toBe(false)
          expect(isOpen(calendar, Math.max(now, opening - 1 - sooner))).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('business time', () => {
  test.each([
    ['2026-06-01T07:00:00Z', 4, '2026-06-01T11:00:00.000Z'],
    ['2026-06-01T07:00:00Z', 8, '2026-06-02T07:00:00.000Z'],
    ['2026-06-01T14:00:00Z', 2, '2026-06-02T08:00:00.000Z'],
    ['2026-06-05T14:30:00Z', 1, '2026-06-08T07:30:00.000Z'],
    ['2026-06-06T12:00:00Z', 20, '2026-06-10T11:00:00.000Z'],
  ])('%s and %d hours of it are %s', (now, hours, expected) => {
    expect(iso(addOpenTime(readyCalendar(office), at(now), hours * 3_600_000))).toBe(expected)
  })

  test.each([
    ['2026-06-01T09:30:00Z', 1, '2026-06-02T09:30:00.000Z'],
    ['2026-06-04T09:30:00Z', 2, '2026-06-08T09:30:00.000Z'],
    ['2026-06-06T20:00:00Z', 1, '2026-06-09T07:00:00.000Z'],
    ['2026-06-01T09:30:00Z', 0, '2026-06-01T09:30:00.000Z'],
    // The same time of day, and not the same length, over a change of clocks.
    ['2026-03-27T09:30:00Z', 1, '2026-03-30T08:30:00.000Z'],
    // Noon of the day before Christmas Eve is noon of Christmas Eve; two o'clock is after its end.
    ['2026-12-23T11:00:00Z', 1, '2026-12-24T11:00:00.000Z'],
    ['2026-12-23T13:00:00Z', 1, '2026-12-28T08:00:00.000Z'],
  ])('%s and %d days of it are %s', (now, days, expected) => {
    expect(iso(addOpenDays(readyCalendar(office), at(now), days))).toBe(expected)
  })

  test('ends when it is open, and a later now or a longer time never gives an earlier end', () => {
    const length = fc.integer({ min: 0, max: 40 * 3_600_000 })
    fc.assert(
      fc.property(rules, anyInstant, length, fc.nat(200_000_000), fc.nat(6), (calendar, now, ms, later, days) => {
        const ready = readyCalendar(calendar)
        for (const add of [
          (from: number) => addOpenTime(ready, from, ms),
          (from: number) => addOpenDays(ready, from, days),
        ]) {
          const [end, laterEnd] = [add(now), add(now + later)]
          if (end === null || laterEnd === null) continue
          expect(isOpen(calendar, end)).toBe(true)
          expect(laterEnd).toBeGreaterThanOrEqual(end)
        }
        expect(addOpenTime(ready, now, ms + later) ?? Infinity).toBeGreaterThanOrEqual(addOpenTime(ready, now, ms) ?? 0)
      }),
      { numRuns: 200 },
    )
  })

  test('adding it in two parts is adding it in one', () => {
    const part = fc.integer({ min: 0, max: 20 * 3_600_000 })
    fc.assert(
      fc.property(rules, anyInstant, part, part, (calendar, now, one, other) => {
        const ready = readyCalendar(calendar)
        const between = addOpenTime(ready, now, one)
        if (between === null) return
        const whole = addOpenTime(ready, now, one + other)
        const inParts = addOpenTime(ready, between, other)
        // Nothing beyond two years is found from here; from a later instant it may be.
        if (whole === null) expect(inParts ?? Infinity).toBeGreaterThan(now + 731 * 86_400_000)
        else expect(iso(inParts)).toBe(iso(whole))
      }),
      { numRuns: 200 },
    )
  })
})

test('hours that overlap or touch count once', () => {
  const weekly = { mon: [13, 9, 12].map((from) => ({ from: clock(from * 60), to: clock((from + 3) * 60) })) }
  const ready = readyCalendar({ timeZone: 'UTC', weekly, exceptions: [] })
  expect(iso(addOpenTime(ready, at('2026-06-01T00:00:00Z'), 6.5 * 3_600_000))).toBe('2026-06-01T15:30:00.000Z')
})

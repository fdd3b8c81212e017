import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { CalendarRules, OpenHours, Weekday } from '../../worker/contract/calendar.ts'
import { weekdays } from '../../worker/contract/facts/calendar.ts'

/** Zones whose clocks change in every manner there is: north and south, half hours, at midnight, once a whole day. */
export const zones = [
  'UTC',
  '+05:45',
  'Europe/Amsterdam',
  'Europe/London',
  'Europe/Dublin',
  'America/New_York',
  'America/Los_Angeles',
  'America/Sao_Paulo',
  'America/Havana',
  'America/St_Johns',
  'America/Santiago',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Tehran',
  'Asia/Kathmandu',
  'Asia/Gaza',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Atlantic/Azores',
]

export const zone = fc.constantFrom(...zones)

/** From 2010 on, so that Samoa leaves out its day. */
export const instant = fc.integer({ min: Date.parse('2010-01-01Z'), max: Date.parse('2030-12-31Z') })

/** Instants that lie close to a change of some zone's clocks, mixed with any others. */
export const anyInstant = fc.oneof(
  instant,
  fc
    .tuple(
      fc.constantFrom(
        '2026-03-29T01:00Z',
        '2026-10-25T01:00Z',
        '2026-03-08T07:00Z',
        '2026-11-01T06:00Z',
        '2011-12-30T10:00Z',
        '2026-04-04T15:00Z',
        '2026-10-03T15:30Z',
        '2018-11-04T03:00Z',
        '2018-02-18T02:00Z',
        '2026-04-23T22:00Z',
        '2026-10-29T21:00Z',
      ),
      fc.integer({ min: -129_600_000, max: 129_600_000 }),
    )
    .map(([at, ms]) => Date.parse(at) + ms),
)

export const minutes = fc.integer({ min: 0, max: 1_439 })
export const someWeekdays = fc.subarray([...weekdays], { minLength: 1 })

export const clock = (of: number) =>
  `${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`

const hours: fc.Arbitrary<OpenHours[]> = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 1_438 }), fc.integer({ min: 1, max: 1_440 }))
    .map(([from, length]) => ({ from: clock(from), to: clock(Math.min(1_440, from + length)) })),
  { minLength: 1, maxLength: 3 },
)

export const rules: fc.Arbitrary<CalendarRules> = fc
  .tuple(
    zone,
    fc.uniqueArray(fc.tuple(fc.constantFrom(...weekdays), hours), { minLength: 1, selector: ([day]) => day }),
    fc.array(
      fc.record({
        date: instant.map((at) => new Date(at).toISOString().slice(0, 10)),
        everyYear: fc.boolean(),
        name: fc.constant(''),
        hours: fc.oneof(fc.constant<OpenHours[]>([]), hours),
      }),
      { maxLength: 6 },
    ),
  )
  .map(([timeZone, weekly, exceptions]) => ({ timeZone, weekly: Object.fromEntries(weekly), exceptions }))

/**
 * The instant of a wall time, said by another implementation: the first of two, or the first one after a gap.
 * `minutesOfDay` may be 1,440.
 */
export function instantOfWall(timeZone: string, date: Temporal.PlainDate, minutesOfDay: number): number {
  const wall = date.toPlainDateTime().add({ minutes: minutesOfDay })
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  if (earlier.toPlainDateTime().equals(wall)) return earlier.epochMilliseconds
  // In a gap `earlier` is as long before the jump as `wall` lies in the gap: what comes next is the jump.
  return earlier.getTimeZoneTransition('next')!.epochMilliseconds
}

export function dateOf(timeZone: string, epochMs: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone).toPlainDate()
}

export function weekdayOf(date: Temporal.PlainDate): Weekday {
  return weekdays[date.dayOfWeek - 1]!
}

export const at = (text: string) => Date.parse(text)
export const iso = (epochMs: number | null) => (epochMs === null ? null : new Date(epochMs).toISOString())

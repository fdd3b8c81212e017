import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { addTo, dateUnits, endOf, startOf, unitsBetween } from '../../worker/expressions/dates/calendar.ts'
import { DateValue } from '../../worker/expressions/dates/date-value.ts'
import { formatDate, toIso } from '../../worker/expressions/dates/format-date.ts'
import { dateFromNumber, parseDate } from '../../worker/expressions/dates/parse-date.ts'
import { instantOf, isZone, offsetAt } from '../../worker/expressions/dates/zone.ts'
import { errorOf, evaluate } from './evaluate.ts'

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/St_Johns',
  'Africa/Casablanca',
  'Europe/Dublin',
  'Asia/Tehran',
  'Pacific/Chatham',
  '+05:45',
  '-03:30',
]
const zone = fc.constantFrom(...zones)
const instant = fc.integer({ min: Date.UTC(1970, 0, 2), max: Date.UTC(2090, 0, 1) })

/** Around the days on which clocks change, where the mistakes are. */
const nearChange = fc
  .tuple(
    fc.integer({ min: 1975, max: 2060 }),
    fc.constantFrom(2, 3, 9, 10),
    fc.integer({ min: 1, max: 31 }),
    fc.nat(86_399),
  )
  .map(([year, month, day, second]) => Date.UTC(year, month, day, 0, 0, second))
const moment = fc.oneof(instant, nearChange)

describe('the clocks of a time zone', () => {
  test('are those of Temporal', () => {
    fc.assert(
      fc.property(moment, zone, (epochMs, name) => {
        const zoned = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(name)
        expect(offsetAt(name, epochMs)).toBe(zoned.offsetNanoseconds / 1e6)
      }),
      { numRuns: 2_000 },
    )
  })

  test('show a wall time at the instant that Temporal says, also where it occurs twice or not at all', () => {
    fc.assert(
      fc.property(moment, zone, (localMs, name) => {
        const local = new Date(localMs).toISOString().slice(0, -1)
        expect(instantOf(name, localMs)).toBe(
          Temporal.PlainDateTime.from(local).toZonedDateTime(name).epochMilliseconds,
        )
      }),
      { numRuns: 2_000 },
    )
  })

  test('are known by name only', () => {
    for (const name of ['Europe/Berlin', 'UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires', '+02:00'])
      expect(isZone(name)).toBe(true)
    for (const name of ['', 'Berlin', 'Europe/Berln', '+2', '+25:00', '__proto__', 'Europe/Berlin ', 'x'.repeat(100)])
      expect(isZone(name)).toBe(false)
  })
})

describe('calendar arithmetic', () => {
  const toTemporal = (date: DateValue) =>
    Temporal.Instant.fromEpochMilliseconds(date.epochMs).toZonedDateTimeISO(date.zone)

  test('adds as Temporal adds', () => {
    fc.assert(
      fc.property(
        moment,
        zone,
        fc.integer({ min: -400, max: 400 }),
        fc.constantFrom(...dateUnits),
        (epochMs, name, amount, unit) => {
          const date = new DateValue(epochMs, name)
          const [field, times] = unit === 'quarter' ? (['months', 3] as const) : ([`${unit}s`, 1] as const)
          const expected = toTemporal(date).add({ [field]: amount * times })
          expect(addTo(date, amount, unit).epochMs).toBe(expected.epochMilliseconds)
        },
      ),
      { numRuns: 3_000 },
    )
  })

  test('adding nothing leaves the instant as it is, also in the hour that clocks show twice', () => {
    // 02:30 for the second time, at +01:00.
    const date = new DateValue(Date.UTC(2026, 9, 25, 1, 30), 'Europe/Berlin')
    for (const unit of dateUnits) expect(addTo(date, 0, unit).epochMs, unit).toBe(date.epochMs)
    expect(addTo(addTo(date, 1, 'day'), -1, 'day').epochMs).toBe(date.epochMs - 3_600_000)
  })

  test('adds as Temporal adds around the hours that clocks show twice or never, which draws seldom meet', () => {
    const changes = [
      ['Europe/Berlin', Date.UTC(2026, 2, 29, 1)],
      ['Europe/Berlin', Date.UTC(2026, 9, 25, 1)],
      ['America/New_York', Date.UTC(2026, 10, 1, 6)],
      ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 15)],
      ['Africa/Casablanca', Date.UTC(2026, 1, 15, 2)],
      // The day that Samoa left out.
      ['Pacific/Apia', Date.UTC(2011, 11, 30, 10)],
    ] as const
    for (const [name, changeMs] of changes) {
      for (const unit of dateUnits) {
        for (const amount of [-1, 0, 1]) {
          for (let minutes = -120; minutes <= 120; minutes += 15) {
            const date = new DateValue(changeMs + minutes * 60_000, name)
            const [field, times] = unit === 'quarter' ? (['months', 3] as const) : ([`${unit}s`, 1] as const)
            const expected = toTemporal(date).add({ [field]: amount * times }).epochMilliseconds
            expect(addTo(date, amount, unit).epochMs, `${toIso(date)} ${amount} ${unit}`).toBe(expected)
          }
        }
      }
    }
  })

  test('starts days, months and years where Temporal starts them', () => {
    fc.assert(
      fc.property(moment, zone, (epochMs, name) => {
        const date = new DateValue(epochMs, name)
        const zoned = toTemporal(date)
        expect(startOf(date, 'day').epochMs).toBe(zoned.startOfDay().epochMilliseconds)
        expect(startOf(date, 'month').epochMs).toBe(zoned.with({ day: 1 }).startOfDay().epochMilliseconds)
        expect(startOf(date, 'year').epochMs).toBe(zoned.with({ day: 1, month: 1 }).startOfDay().epochMilliseconds)
        expect(startOf(date, 'week').epochMs).toBe(
          zoned.subtract({ days: zoned.dayOfWeek - 1 }).startOfDay().epochMilliseconds,
        )
      }),
      { numRuns: 2_000 },
    )
  })

  test('a unit begins before the instant, ends after it, and the next begins one millisecond later', () => {
    fc.assert(
      fc.property(moment, zone, fc.constantFrom(...dateUnits), (epochMs, name, unit) => {
        // Some zones once changed their clocks by part of an hour. What an hour is on such a day is nobody's guess.
        fc.pre(unit !== 'hour' || ['UTC', 'Europe/Berlin', 'America/New_York', '+05:45'].includes(name))
        const date = new DateValue(epochMs, name)
        const start = startOf(date, unit)
        const end = endOf(date, unit)
        expect(start.epochMs).toBeLessThanOrEqual(epochMs)
        expect(end.epochMs).toBeGreaterThanOrEqual(epochMs)
        expect(startOf(new DateValue(end.epochMs + 1, name), unit).epochMs).toBe(end.epochMs + 1)
        expect(startOf(start, unit).epochMs).toBe(start.epochMs)
      }),
      { numRuns: 3_000 },
    )
  })

  test('whole units between two dates are as many as can be added without passing', () => {
    fc.assert(
      fc.property(instant, instant, fc.constantFrom(...dateUnits), (a, b, unit) => {
        const date = new DateValue(Math.max(a, b))
        const other = new DateValue(Math.min(a, b))
        const count = unitsBetween(date, other, unit)
        expect(addTo(other, count, unit).epochMs).toBeLessThanOrEqual(date.epochMs)
        expect(addTo(other, count + 1, unit).epochMs).toBeGreaterThan(date.epochMs)
        if (unit !== 'month' && unit !== 'quarter' && unit !== 'year')
          expect(unitsBetween(other, date, unit)).toBe(0 - count)
      }),
      { numRuns: 2_000 },
    )
  })

  test.each([
    ['date("2026-01-31").add(1, "month")', '2026-02-28T00:00:00.000Z'],
    ['date("2024-02-29").add(1, "year")', '2025-02-28T00:00:00.000Z'],
    ['date("2026-03-28T09:00", "Europe/Berlin").add(1, "day")', '2026-03-29T09:00:00.000+02:00'],
    ['date("2026-03-28T09:00", "Europe/Berlin").add(24, "hours")', '2026-03-29T10:00:00.000+02:00'],
    ['date("2026-03-28T02:30", "Europe/Berlin").add(1, "day")', '2026-03-29T03:30:00.000+02:00'],
    ['date("2026-10-25T02:30", "Europe/Berlin")', '2026-10-25T02:30:00.000+02:00'],
    ['date("2026-10-25T02:30", "Europe/Berlin").add(1, "hour")', '2026-10-25T02:30:00.000+01:00'],
    ['date("2026-10-25T02:45:00+01:00").in("Europe/Berlin").startOf("hour")', '2026-10-25T02:00:00.000+01:00'],
    [
      'date("2026-03-29").in("Europe/Berlin").endOf("day").epoch() - date("2026-03-29", "Europe/Berlin").epoch()',
      82_799_999,
    ],
    ['date("1986-06-01").in("Asia/Kathmandu").endOf("year")', '1986-12-31T23:59:59.999+05:45'],
    ['date("2011-12-29T12:00", "Pacific/Apia").add(1, "day")', '2011-12-31T12:00:00.000+14:00'],
    ['date("2026-11-01").diff("2026-10-31T23:00:00Z", "day")', 0],
    ['date("2026-03-31").diff("2026-02-28", "month")', 1],
    ['date("2026-02-28").diff("2026-03-31", "month")', -1],
    ['date("2026-01-01").week()', 1],
    ['date("2027-01-01").week()', 53],
    ['date("2026-11-21T23:30:00Z").in("Pacific/Auckland").weekday()', 7],
    ['now.in("Europe/Berlin").startOf("day").at("09:15")', '2026-11-21T09:15:00.000+01:00'],
    ['now.next("sat")', '2026-11-28T09:30:00.000Z'],
    ['now.next("Sunday")', '2026-11-22T09:30:00.000Z'],
    ['[date("2026-02-01"), date("2026-01-01")].sort()[0]', '2026-01-01T00:00:00.000Z'],
    ['[date("2026-02-01"), date("2026-01-01")].max()', '2026-02-01T00:00:00.000Z'],
    ['[now, now.in("Asia/Tokyo")].unique().length', 1],
  ])('%s', (source, result) => {
    expect(evaluate(source)).toBe(result)
  })
})

describe('reading a date', () => {
  test.each([
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T09:30', '2026-11-21T09:30:00.000Z'],
    ['2026-11-21 09:30:15', '2026-11-21T09:30:15.000Z'],
    ['2026-11-21T09:30:15.123456789Z', '2026-11-21T09:30:15.123Z'],
    ['2026-11-21T09:30:15,5Z', '2026-11-21T09:30:15.500Z'],
    ['2026-11-21t09:30:00z', '2026-11-21T09:30:00.000Z'],
    ['2026-11-21T09:30:00+01:00', '2026-11-21T08:30:00.000Z'],
    ['2026-11-21T09:30:00-0330', '2026-11-21T13:00:00.000Z'],
    ['2026-11-21 09:30:00 +01', '2026-11-21T08:30:00.000Z'],
    [' 2024-02-29 ', '2024-02-29T00:00:00.000Z'],
    ['Sat, 21 Nov 2026 09:30:00 GMT', '2026-11-21T09:30:00.000Z'],
    ['1 Jan 2026 00:00 +0100', '2025-12-31T23:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s', (text, iso) => {
    const date = parseDate(text)
    expect(date && toIso(date)).toBe(iso)
  })

  test.each([
    '',
    'today',
    '2026',
    '2026-13-01',
    '2026-02-29',
    '2026-00-10',
    '2026-1-1',
    '21.11.2026',
    '11/21/2026',
    '2026-11-21T24:00',
    '2026-11-21T09:60',
    '2026-11-21T09:30:60Z',
    '2026-11-21T09',
    '2026-11-21T09:30:00+25:00',
    '0000-01-01',
    '10000-01-01',
    '0001-01-01T00:00:00+01:00',
    '20261121',
    '1795219200000',
    'Sat, 31 Feb 2026 09:30:00 GMT',
    'Sat, 21 Foo 2026 09:30:00 GMT',
    '2026-11-21T09:30:00Z[Europe/Berlin]',
  ])('not %s', (text) => {
    expect(parseDate(text)).toBeUndefined()
  })

  test('a date that was written is read back', () => {
    fc.assert(
      fc.property(moment, zone, (epochMs, name) => {
        const text = toIso(new DateValue(epochMs, name))
        expect(parseDate(text)?.epochMs).toBe(epochMs)
        const pattern = "yyyy-MM-dd 'at' HH:mm:ss.SSS xxx"
        expect(
          evaluate(`parseDate(trigger.text, trigger.pattern)`, {
            text: formatDate(new DateValue(epochMs, name), pattern, 'en'),
            pattern,
          }),
        ).toBe(new Date(epochMs).toISOString())
      }),
      { numRuns: 500 },
    )
  })

  test('figures are seconds below 100,000,000,000 and milliseconds from there', () => {
    expect(dateFromNumber(1_795_219_200)?.epochMs).toBe(1_795_219_200_000)
    expect(dateFromNumber(1_795_219_200_000)?.epochMs).toBe(1_795_219_200_000)
    expect(dateFromNumber(0)?.epochMs).toBe(0)
    expect(dateFromNumber(-1)?.epochMs).toBe(-1_000)
    expect(dateFromNumber(1e18)).toBeUndefined()
    expect(dateFromNumber(Number.NaN)).toBeUndefined()
  })

  test.each([
    ['parseDate("21.11.2026 17:05", "dd.MM.yyyy HH:mm", "Europe/Berlin")', '2026-11-21T17:05:00.000+01:00'],
    ['parseDate("1/2/26", "M/d/yy")', '2026-01-02T00:00:00.000Z'],
    ['parseDate("12:05 AM", "hh:mm a")', '1970-01-01T00:05:00.000Z'],
    ['parseDate("2026-11-21T09:30:00-05:00", "yyyy-MM-dd\'T\'HH:mm:ssxxx")', '2026-11-21T14:30:00.000Z'],
  ])('%s', (source, result) => {
    expect(evaluate(source)).toBe(result)
  })

  test.each([
    'parseDate("31.02.2026", "dd.MM.yyyy")',
    'parseDate("21.11.2026x", "dd.MM.yyyy")',
    'parseDate("x", "EEEE")',
    'date("2026-01-01", "Mars/Base")',
    'now.at("25:00")',
    'now.add(1.5, "days")',
    'now.add(9000, "years")',
  ])('%s is refused', (source) => {
    expect(errorOf(() => evaluate(source)).code).toBe('expression.value')
  })
})

describe('writing a date', () => {
  test.each([
    ['now.format("yyyy-MM-dd HH:mm:ss.SSS")', '2026-11-21 09:30:00.000'],
    ['now.format("YYYY/M/D h:mm a")', '2026/11/21 9:30 AM'],
    ['now.in("America/New_York").format("EEE d MMM yy, HH:mm xxx z")', 'Sat 21 Nov 26, 04:30 -05:00 America/New_York'],
    ["now.format(\"'Q'Q yyyy 'week' ww 'o''clock'\")", "Q4 2026 week 47 o'clock"],
    ['now.format("dd. MMMM yyyy", "fr")', '21. novembre 2026'],
    ['now.in("+05:45").iso()', '2026-11-21T15:15:00.000+05:45'],
    ['`${now}`', '2026-11-21T09:30:00.000Z'],
    ['toJson({ at: now })', '{"at":"2026-11-21T09:30:00.000Z"}'],
    ['type(now) + type(text(now))', 'datetext'],
  ])('%s', (source, text) => {
    expect(evaluate(source)).toBe(text)
  })

  test('a local time before standard time is written in UTC, since its offset cannot be', () => {
    expect(evaluate('date("1850-01-01T00:00:00Z").in("Europe/Berlin")')).toBe('1850-01-01T00:00:00.000Z')
  })
})

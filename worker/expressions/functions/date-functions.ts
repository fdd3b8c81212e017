import { parseDuration } from '../../lib/duration.ts'
import {
  addTo,
  daysInMonth,
  endOf,
  fieldsOf,
  readUnit,
  startOf,
  unitsBetween,
  wallTime,
  weekOf,
} from '../dates/calendar.ts'
import { DateValue } from '../dates/date-value.ts'
import { formatDate, toIso } from '../dates/format-date.ts'
import { dateFromNumber, parseDate } from '../dates/parse-date.ts'
import { parseByPattern } from '../dates/parse-pattern.ts'
import { instantOf, isZone, offsetAt } from '../dates/zone.ts'
import { Problem } from '../problem.ts'
import { describeKind, type Value } from '../value.ts'
import { date, defineFunction, defineMethod, number, optional, text, value, type Definition } from './define.ts'

/** Functions that make dates, and methods of dates. `now` is a date. */
export const dateFunctions: readonly Definition[] = [
  defineFunction({
    name: 'date',
    takes: [value('value'), optional(text('zone'))],
    gives: 'date',
    description:
      'A date from ISO text, epoch seconds or milliseconds. Without an offset it is read by the clocks of the zone (UTC).',
    example: 'date("2026-11-21T09:30", "Europe/Berlin")',
    result: '2026-11-21T09:30:00.000+01:00',
    run: ([given, zone]) => toDate(given, zone),
  }),
  defineFunction({
    name: 'parseDate',
    takes: [text('text'), text('pattern'), optional(text('zone'))],
    gives: 'date',
    description: 'A date from text in another form, such as dd/MM/yyyy HH:mm, by the clocks of the zone (UTC).',
    example: 'parseDate("21/11/2026", "dd/MM/yyyy")',
    result: '2026-11-21T00:00:00.000Z',
    run([given, pattern, zone]) {
      const parsed = parseByPattern(given, pattern, checkZone(zone) ?? 'UTC')
      if (parsed !== undefined) return parsed
      throw new Problem('expression.value', `“${given.slice(0, 40)}” is no date in the form ${pattern.slice(0, 40)}.`)
    },
  }),
  defineFunction({
    name: 'isDate',
    takes: [value('value')],
    gives: 'boolean',
    forgiving: true,
    description: 'Whether it is a date or writes one in ISO form.',
    example: 'isDate("2026-02-30")',
    result: false,
    run: ([given]) => given instanceof DateValue || (typeof given === 'string' && parseDate(given) !== undefined),
  }),
  defineFunction({
    name: 'duration',
    takes: [text('length')],
    gives: 'number',
    description: 'The milliseconds of a length of time: "2 days", "1h 30m" or "P1DT2H".',
    example: 'duration("1h 30m")',
    result: 5_400_000,
    run([length]) {
      const ms = parseDuration(length)
      if (ms !== undefined) return ms
      throw new Problem('expression.value', `“${length.slice(0, 40)}” is no length of time such as 2 days or 1h 30m.`)
    },
  }),
  defineMethod('date', {
    name: 'in',
    aliases: ['zone'],
    takes: [text('zone')],
    gives: 'date',
    description: 'The same instant, read by the clocks of a time zone. Everything after it is about that zone.',
    example: 'now.in("Europe/Berlin").format("HH:mm")',
    result: '10:30',
    run: (self, [zone]) => new DateValue(self.epochMs, checkZone(zone)),
  }),
  defineMethod('date', {
    name: 'add',
    aliases: ['plus'],
    takes: [number('amount'), text('unit')],
    gives: 'date',
    description: 'Later by so many milliseconds, seconds, minutes, hours, days, weeks, months, quarters or years.',
    example: 'now.add(2, "days")',
    result: '2026-11-23T09:30:00.000Z',
    run: (self, [amount, unit]) => addTo(self, amount, readUnit(unit)),
  }),
  defineMethod('date', {
    name: 'subtract',
    aliases: ['minus'],
    takes: [number('amount'), text('unit')],
    gives: 'date',
    description: 'Earlier by so many units; see add.',
    example: 'now.subtract(1, "month")',
    result: '2026-10-21T09:30:00.000Z',
    run: (self, [amount, unit]) => addTo(self, -amount, readUnit(unit)),
  }),
  defineMethod('date', {
    name: 'startOf',
    takes: [text('unit')],
    gives: 'date',
    description: 'The first instant of the unit it lies in. Weeks begin on Monday.',
    example: 'now.startOf("month")',
    result: '2026-11-01T00:00:00.000Z',
    run: (self, [unit]) => startOf(self, readUnit(unit)),
  }),
  defineMethod('date', {
    name: 'endOf',
    takes: [text('unit')],
    gives: 'date',
    description: 'The last millisecond of the unit it lies in.',
    example: 'now.endOf("day")',
    result: '2026-11-21T23:59:59.999Z',
    run: (self, [unit]) => endOf(self, readUnit(unit)),
  }),
  defineMethod('date', {
    name: 'at',
    takes: [text('time')],
    gives: 'date',
    description: 'The same day at another time of day.',
    example: 'now.in("Europe/Berlin").at("18:00")',
    result: '2026-11-21T18:00:00.000+01:00',
    run(self, [time]) {
      const parts = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(time.slice(0, 20).trim())
      if (parts === null)
        throw new Problem('expression.value', `“${time.slice(0, 20)}” is no time of day such as 18:00.`)
      const { year, month, day } = fieldsOf(self)
      const local = wallTime(year, month, day, Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0))
      return new DateValue(instantOf(self.zone, local), self.zone)
    },
  }),
  defineMethod('date', {
    name: 'next',
    takes: [text('weekday')],
    gives: 'date',
    description: 'The next such day after this one, at the same time of day.',
    example: 'now.next("monday")',
    result: '2026-11-23T09:30:00.000Z',
    run(self, [weekday]) {
      const wanted = weekdays.findIndex((name) => weekday.length >= 3 && name.startsWith(weekday.toLowerCase())) + 1
      if (wanted === 0)
        throw new Problem(
          'expression.value',
          `“${weekday.slice(0, 20)}” is no day of the week. Use ${weekdays.join(', ')}.`,
        )
      return addTo(self, ((wanted - fieldsOf(self).weekday + 6) % 7) + 1, 'day')
    },
  }),
  defineMethod('date', {
    name: 'diff',
    takes: [date('other'), optional(text('unit'))],
    gives: 'number',
    description: 'How many whole units (days) have passed since the other date; negative when it is later.',
    example: 'now.diff("2026-11-01", "days")',
    result: 20,
    run: (self, [other, unit = 'day']) => unitsBetween(self, other, readUnit(unit)),
  }),
  defineMethod('date', {
    name: 'isBefore',
    takes: [date('other')],
    gives: 'boolean',
    description: 'Whether it is earlier than the other.',
    example: 'now.isBefore("2027-01-01")',
    result: true,
    run: (self, [other]) => self.epochMs < other.epochMs,
  }),
  defineMethod('date', {
    name: 'isAfter',
    takes: [date('other')],
    gives: 'boolean',
    description: 'Whether it is later than the other.',
    example: 'now.isAfter("2027-01-01")',
    result: false,
    run: (self, [other]) => self.epochMs > other.epochMs,
  }),
  defineMethod('date', {
    name: 'isBetween',
    takes: [date('from'), date('to')],
    gives: 'boolean',
    description: 'Whether it lies between two dates or is one of them.',
    example: 'now.isBetween("2026-11-01", "2026-12-01")',
    result: true,
    run: (self, [from, to]) => self.epochMs >= from.epochMs && self.epochMs <= to.epochMs,
  }),
  defineMethod('date', {
    name: 'isSame',
    takes: [date('other'), text('unit')],
    gives: 'boolean',
    description: 'Whether both lie in the same day, month …, by the clocks of this one.',
    example: 'now.isSame("2026-11-21T23:00:00Z", "day")',
    result: true,
    run(self, [other, name]) {
      const unit = readUnit(name)
      return startOf(self, unit).epochMs === startOf(new DateValue(other.epochMs, self.zone), unit).epochMs
    },
  }),
  defineMethod('date', {
    name: 'isWeekend',
    takes: [],
    gives: 'boolean',
    description: 'Whether it is a Saturday or Sunday.',
    example: 'now.isWeekend()',
    result: true,
    run: (self) => fieldsOf(self).weekday > 5,
  }),
  defineMethod('date', {
    name: 'format',
    takes: [optional(text('pattern')), optional(text('language'))],
    gives: 'text',
    description:
      "As text by a pattern (ISO): yyyy MM dd, MMMM month, EEEE weekday, HH mm ss, h a, xxx offset, 'plain words'.",
    example: 'now.format("EEEE, d. MMMM yyyy", "de")',
    result: 'Samstag, 21. November 2026',
    run: (self, [pattern, language = 'en'], evaluation) => {
      if (pattern === undefined) return toIso(self)
      evaluation.spendText(pattern.length * 8)
      return formatDate(self, pattern, language)
    },
  }),
  defineMethod('date', {
    name: 'iso',
    aliases: ['toISOString'],
    takes: [],
    gives: 'text',
    description: 'As ISO 8601 text, with the offset of its zone; the same as when it leaves the expression.',
    example: 'now.iso()',
    result: '2026-11-21T09:30:00.000Z',
    run: (self) => toIso(self),
  }),
  defineMethod('date', {
    name: 'isoDate',
    takes: [],
    gives: 'text',
    description: 'The day alone, as yyyy-MM-dd.',
    example: 'now.isoDate()',
    result: '2026-11-21',
    run: (self) => formatDate(self, 'yyyy-MM-dd', 'en'),
  }),
  defineMethod('date', {
    name: 'epoch',
    aliases: ['getTime'],
    takes: [],
    gives: 'number',
    description: 'Milliseconds since 1970 in UTC.',
    example: 'date("2026-11-21").epoch()',
    result: 1_795_219_200_000,
    run: (self) => self.epochMs,
  }),
  defineMethod('date', {
    name: 'unix',
    takes: [],
    gives: 'number',
    description: 'Seconds since 1970 in UTC.',
    example: 'date("2026-11-21").unix()',
    result: 1_795_219_200,
    run: (self) => Math.floor(self.epochMs / 1_000),
  }),
  ...(
    [
      ['year', 'The year.', 2026],
      ['month', 'The month, 1 to 12.', 11],
      ['day', 'The day of the month.', 21],
      ['hour', 'The hour, 0 to 23.', 9],
      ['minute', 'The minute.', 30],
      ['second', 'The second.', 0],
      ['weekday', 'The day of the week: Monday is 1, Sunday 7.', 6],
    ] as const
  ).map(([name, description, result]) =>
    defineMethod('date', {
      name,
      takes: [],
      gives: 'number',
      description,
      example: `now.${name}()`,
      result,
      run: (self) => fieldsOf(self)[name],
    }),
  ),
  defineMethod('date', {
    name: 'quarter',
    takes: [],
    gives: 'number',
    description: 'The quarter of the year, 1 to 4.',
    example: 'now.quarter()',
    result: 4,
    run: (self) => Math.ceil(fieldsOf(self).month / 3),
  }),
  defineMethod('date', {
    name: 'week',
    takes: [],
    gives: 'number',
    description: 'The week of the year by ISO 8601.',
    example: 'now.week()',
    result: 47,
    run: (self) => weekOf(self).week,
  }),
  defineMethod('date', {
    name: 'dayOfYear',
    takes: [],
    gives: 'number',
    description: 'The day of the year, from 1.',
    example: 'now.dayOfYear()',
    result: 325,
    run(self) {
      const { year, month, day } = fieldsOf(self)
      return (wallTime(year, month, day) - wallTime(year, 1, 1)) / 86_400_000 + 1
    },
  }),
  defineMethod('date', {
    name: 'daysInMonth',
    takes: [],
    gives: 'number',
    description: 'How many days its month has.',
    example: 'now.daysInMonth()',
    result: 30,
    run(self) {
      const { year, month } = fieldsOf(self)
      return daysInMonth(year, month)
    },
  }),
  defineMethod('date', {
    name: 'offset',
    takes: [],
    gives: 'number',
    description: 'How many minutes the clocks of its zone are ahead of UTC.',
    example: 'now.in("Asia/Kolkata").offset()',
    result: 330,
    run: (self) => offsetAt(self.zone, self.epochMs) / 60_000,
  }),
]

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

function checkZone(zone: string | undefined): string | undefined {
  if (zone === undefined || isZone(zone)) return zone
  throw new Problem(
    'expression.value',
    `“${zone.slice(0, 40)}” is not a time zone. Use a name such as Europe/Berlin, or UTC.`,
  )
}

function toDate(given: Value, zoneName: string | undefined): DateValue {
  const zone = checkZone(zoneName)
  if (given instanceof DateValue) return zone === undefined ? given : new DateValue(given.epochMs, zone)
  const parsed =
    typeof given === 'string'
      ? parseDate(given, zone)
      : typeof given === 'number'
        ? dateFromNumber(given, zone)
        : undefined
  if (parsed !== undefined) return parsed
  if (typeof given === 'string') {
    throw new Problem(
      'expression.value',
      `“${given.slice(0, 40)}” is no ISO date such as 2026-01-31 or 2026-01-31T09:30:00Z. For other forms use parseDate(text, "dd/MM/yyyy").`,
    )
  }
  throw new Problem('expression.type', `A date is made from text or a number, and this is ${describeKind(given)}.`)
}

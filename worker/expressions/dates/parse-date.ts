import { DateValue } from './date-value.ts'
import { daysInMonth, wallTime } from './calendar.ts'
import { instantOf } from './zone.ts'

/** The longest text that can be a date. Anything longer is refused unread. */
const longestDate = 64
/** Numbers below are seconds, others milliseconds: as milliseconds they would all lie before March 1973. */
const secondsBelow = 100_000_000_000

const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([Zz]|[+-]\d{2}(?::?\d{2})?))?)?$/
const rfc = /^(?:[A-Za-z]{3}, )?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2})(?::(\d{2}))? (GMT|UTC|Z|[+-]\d{4})$/
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * The date that a text writes, or undefined. Read are ISO 8601 (`2026-11-21`, `2026-11-21T09:30`, with seconds,
 * fractions, and `Z` or an offset) and the form of mail and HTTP headers (`Sat, 21 Nov 2026 09:30:00 GMT`).
 * Without an offset the time is that of the zone's clocks. Never throws, except for an unknown zone.
 */
export function parseDate(text: string, zone = 'UTC'): DateValue | undefined {
  if (text.length > longestDate) return undefined
  const trimmed = text.trim()
  const parts = iso.exec(trimmed)
  if (parts !== null) {
    const [, year, month, day, hour, minute, second, fraction, offset] = parts
    const milliseconds = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'))
    return build(zone, offset, [year, month, day, hour, minute, second].map(toNumber), milliseconds)
  }
  const header = rfc.exec(trimmed)
  if (header === null) return undefined
  const [, day, name, year, hour, minute, second, offset] = header
  const month = months.indexOf((name ?? '').toLowerCase()) + 1
  return build(zone, offset, [toNumber(year), month, ...[day, hour, minute, second].map(toNumber)], 0)
}

/** The date of an epoch figure: seconds below 100,000,000,000, else milliseconds. Undefined out of range. */
export function dateFromNumber(value: number, zone = 'UTC'): DateValue | undefined {
  return build(zone, 'Z', [1970, 1, 1, 0, 0, 0], Math.abs(value) < secondsBelow ? value * 1_000 : value)
}

function toNumber(text: string | undefined): number {
  return Number(text ?? 0)
}

function build(
  zone: string,
  offset: string | undefined,
  fields: number[],
  milliseconds: number,
): DateValue | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const local = wallTime(year, month, day, hour, minute, second, milliseconds)
  const offsetMs = offset === undefined ? undefined : readOffset(offset)
  if (offset !== undefined && offsetMs === undefined) return undefined
  const epochMs = offsetMs === undefined ? instantOf(zone, local) : local - offsetMs
  return DateValue.isInRange(epochMs) ? new DateValue(epochMs, zone) : undefined
}

function readOffset(offset: string): number | undefined {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset)
  if (match === null) return 0
  const [, sign, hours, minutes] = match
  if (toNumber(hours) > 23 || toNumber(minutes) > 59) return undefined
  return (toNumber(hours) * 60 + toNumber(minutes)) * (sign === '-' ? -60_000 : 60_000)
}

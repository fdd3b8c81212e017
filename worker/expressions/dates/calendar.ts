// calendar
//
// Arithmetic on the calendar that people read. Days and longer units follow the clocks of the date's zone, so a day
// added to 9:00 is 9:00 even when the clocks change in between; hours and shorter units are exact lengths.

import { Problem } from '../problem.ts'
import { DateValue } from './date-value.ts'
import { instantOf, localOf } from './zone.ts'

/** Units of time, as functions of dates name them; each may stand in the plural. */
export const dateUnits = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
export type DateUnit = (typeof dateUnits)[number]

const dayMs = 86_400_000
const exactMs = { millisecond: 1, second: 1_000, minute: 60_000, hour: 3_600_000 } as const

/** A unit from its name, singular or plural. */
export function readUnit(name: string): DateUnit {
  const unit = dateUnits.find((candidate) => name === candidate || name === `${candidate}s`)
  if (unit === undefined) {
    throw new Problem('expression.value', `“${name.slice(0, 40)}” is not a unit of time. Use ${dateUnits.join(', ')}.`)
  }
  return unit
}

export interface Fields {
  year: number
  /** From 1. */
  month: number
  day: number
  hour: number
  minute: number
  second: number
  millisecond: number
  /** Monday is 1, Sunday is 7. */
  weekday: number
}

/** What calendar and clock of the date's zone show. */
export function fieldsOf(date: DateValue): Fields {
  const local = new Date(localOf(date.zone, date.epochMs))
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
    weekday: local.getUTCDay() === 0 ? 7 : local.getUTCDay(),
  }
}

/** Wall time from its parts, as if it were UTC. Months and days beyond their range run over. */
export function wallTime(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, ms = 0): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime() + hour * 3_600_000 + minute * 60_000 + second * 1_000 + ms
}

/** Days of a month; month counts from 1. */
export function daysInMonth(year: number, month: number): number {
  return new Date(wallTime(year, month + 1, 0)).getUTCDate()
}

/** The date moved by an amount. A day that the target month lacks becomes its last day. */
export function addTo(date: DateValue, amount: number, unit: DateUnit): DateValue {
  if (unit === 'millisecond' || unit === 'second' || unit === 'minute' || unit === 'hour') {
    return new DateValue(date.epochMs + amount * exactMs[unit], date.zone)
  }
  if (!Number.isSafeInteger(amount)) {
    throw new Problem('expression.value', `Only a whole number of ${unit}s can be added, not ${amount}.`)
  }
  // The hour that clocks show twice is told apart by its instant only: by wall time, nothing added would go back to the first.
  if (amount === 0) return date
  const local = localOf(date.zone, date.epochMs)
  if (unit === 'day') return atWall(date.zone, local + amount * dayMs)
  if (unit === 'week') return atWall(date.zone, local + amount * 7 * dayMs)
  return atWall(date.zone, addMonths(local, amount * (unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12)))
}

/** The first instant of the unit that the date lies in. Weeks begin on Monday. */
export function startOf(date: DateValue, unit: DateUnit): DateValue {
  const { year, month, day, weekday } = fieldsOf(date)
  switch (unit) {
    case 'year':
      return atWall(date.zone, wallTime(year, 1, 1))
    case 'quarter':
      return atWall(date.zone, wallTime(year, month - ((month - 1) % 3), 1))
    case 'month':
      return atWall(date.zone, wallTime(year, month, 1))
    case 'week':
      return atWall(date.zone, wallTime(year, month, day - weekday + 1))
    case 'day':
      return atWall(date.zone, wallTime(year, month, day))
    default: {
      // Back from the instant, not from wall time: when clocks are set back the same hour occurs twice.
      const local = localOf(date.zone, date.epochMs)
      return new DateValue(date.epochMs - (local - Math.floor(local / exactMs[unit]) * exactMs[unit]), date.zone)
    }
  }
}

/** The last millisecond of the unit that the date lies in. */
export function endOf(date: DateValue, unit: DateUnit): DateValue {
  const next = addTo(startOf(date, unit), 1, unit)
  // A day may begin at 0:15 where clocks are set forward at midnight; the next one does not.
  const isExact = unit === 'millisecond' || unit === 'second' || unit === 'minute' || unit === 'hour'
  return new DateValue((isExact ? next : startOf(next, unit)).epochMs - 1, date.zone)
}

/** How many whole units lie between two dates, negative when `date` is the earlier. Read in the zone of `date`. */
export function unitsBetween(date: DateValue, other: DateValue, unit: DateUnit): number {
  if (unit === 'millisecond' || unit === 'second' || unit === 'minute' || unit === 'hour') {
    return whole((date.epochMs - other.epochMs) / exactMs[unit])
  }
  const local = localOf(date.zone, date.epochMs)
  const otherLocal = localOf(date.zone, other.epochMs)
  if (unit === 'day') return whole((local - otherLocal) / dayMs)
  if (unit === 'week') return whole((local - otherLocal) / (7 * dayMs))
  const to = new Date(local)
  const from = new Date(otherLocal)
  let months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()
  const reached = addMonths(otherLocal, months)
  if (local >= otherLocal && reached > local) months--
  if (local < otherLocal && reached < local) months++
  return whole(months / (unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12))
}

/** Monday of week 1 is in the week of January 4th (ISO 8601). */
export function weekOf(date: DateValue): { year: number; week: number } {
  const { year, month, day, weekday } = fieldsOf(date)
  const thursday = new Date(wallTime(year, month, day - weekday + 4))
  const weekYear = thursday.getUTCFullYear()
  return { year: weekYear, week: 1 + Math.floor((thursday.getTime() - wallTime(weekYear, 1, 1)) / (7 * dayMs)) }
}

function addMonths(local: number, months: number): number {
  const from = new Date(local)
  const timeOfDay = local - Math.floor(local / dayMs) * dayMs
  const monthIndex = from.getUTCFullYear() * 12 + from.getUTCMonth() + months
  const year = Math.floor(monthIndex / 12)
  const month = monthIndex - year * 12 + 1
  return wallTime(year, month, Math.min(from.getUTCDate(), daysInMonth(year, month))) + timeOfDay
}

function atWall(zone: string, local: number): DateValue {
  // Checked before the zone is asked: its clocks are only known for instants that exist.
  return new DateValue(instantOf(zone, new DateValue(local).epochMs), zone)
}

/** Towards zero, and never the negative zero. */
function whole(value: number): number {
  return Math.trunc(value) + 0
}

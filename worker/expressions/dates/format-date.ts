import { BoundedMap } from '../../lib/bounded-map.ts'
import { Problem } from '../problem.ts'
import { fieldsOf, weekOf, type Fields } from './calendar.ts'
import type { DateValue } from './date-value.ts'
import { readPieces } from './pattern-pieces.ts'
import { localOf, offsetAt } from './zone.ts'

/**
 * The date as ISO 8601 with milliseconds: `…Z` in UTC, else with the offset of its zone. Offsets that are no whole
 * minute (local times before standard time) cannot be written and give `…Z`.
 */
export function toIso(date: DateValue): string {
  const offsetMs = date.zone === 'UTC' ? 0 : offsetAt(date.zone, date.epochMs)
  if (date.zone === 'UTC' || offsetMs % 60_000 !== 0 || !isPlain(date.epochMs + offsetMs)) {
    return new Date(date.epochMs).toISOString()
  }
  return new Date(date.epochMs + offsetMs).toISOString().slice(0, -1) + writeOffset(offsetMs)
}

function isPlain(localMs: number): boolean {
  const year = new Date(localMs).getUTCFullYear()
  return year >= 0 && year <= 9_999
}

function writeOffset(offsetMs: number): string {
  const minutes = Math.abs(Math.trunc(offsetMs / 60_000))
  return `${offsetMs < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}`
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0')
}

interface Shown {
  date: DateValue
  fields: Fields
  locale: string
}

const hour12 = (fields: Fields): number => fields.hour % 12 || 12
const shortYear = (year: number): string => pad(year % 100, 2)

/** What each letter group of a pattern writes. */
const groups: Record<string, (shown: Shown) => string> = {
  yyyy: ({ fields }) => pad(fields.year, 4),
  YYYY: ({ fields }) => pad(fields.year, 4),
  yy: ({ fields }) => shortYear(fields.year),
  YY: ({ fields }) => shortYear(fields.year),
  Q: ({ fields }) => String(Math.ceil(fields.month / 3)),
  MMMM: ({ date, locale }) => nameOf(date, locale, { month: 'long' }),
  MMM: ({ date, locale }) => nameOf(date, locale, { month: 'short' }),
  MM: ({ fields }) => pad(fields.month, 2),
  M: ({ fields }) => String(fields.month),
  ww: ({ date }) => pad(weekOf(date).week, 2),
  w: ({ date }) => String(weekOf(date).week),
  dd: ({ fields }) => pad(fields.day, 2),
  DD: ({ fields }) => pad(fields.day, 2),
  d: ({ fields }) => String(fields.day),
  D: ({ fields }) => String(fields.day),
  EEEE: ({ date, locale }) => nameOf(date, locale, { weekday: 'long' }),
  EEE: ({ date, locale }) => nameOf(date, locale, { weekday: 'short' }),
  HH: ({ fields }) => pad(fields.hour, 2),
  H: ({ fields }) => String(fields.hour),
  hh: ({ fields }) => pad(hour12(fields), 2),
  h: ({ fields }) => String(hour12(fields)),
  mm: ({ fields }) => pad(fields.minute, 2),
  m: ({ fields }) => String(fields.minute),
  ss: ({ fields }) => pad(fields.second, 2),
  s: ({ fields }) => String(fields.second),
  SSS: ({ fields }) => pad(fields.millisecond, 3),
  a: ({ fields }) => (fields.hour < 12 ? 'AM' : 'PM'),
  xxx: ({ date }) => writeOffset(offsetAt(date.zone, date.epochMs)),
  z: ({ date }) => date.zone,
}

/** Letter groups that a pattern may use, for documentation and messages. */
export const dateLetters: readonly string[] = Object.keys(groups)

/**
 * The date written by a pattern of letter groups (`dd.MM.yyyy HH:mm`). Text between single quotes stands for itself
 * and two single quotes are one. Names of months and days are in the locale's language.
 */
export function formatDate(date: DateValue, pattern: string, locale: string): string {
  const shown: Shown = { date, fields: fieldsOf(date), locale }
  return readPieces(pattern)
    .map((piece) => {
      if ('plain' in piece) return piece.plain
      const write = Object.hasOwn(groups, piece.letters) ? groups[piece.letters] : undefined
      if (write !== undefined) return write(shown)
      throw new Problem(
        'expression.value',
        `“${piece.letters.slice(0, 20)}” means nothing in a date pattern. Put plain words in single quotes; ` +
          `letters with a meaning are ${dateLetters.join(' ')}.`,
      )
    })
    .join('')
}

const names = new BoundedMap<string, Intl.DateTimeFormat>(200)

/** The name of the month or weekday, from wall time so that one formatter serves all zones. */
function nameOf(
  date: DateValue,
  locale: string,
  part: { month?: 'long' | 'short'; weekday?: 'long' | 'short' },
): string {
  const key = `${locale} ${part.month} ${part.weekday}`
  let format = names.get(key)
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat(locale, { ...part, timeZone: 'UTC', calendar: 'gregory' })
    } catch {
      throw new Problem(
        'expression.value',
        `“${locale.slice(0, 40)}” is not a language. Use a code such as en, de or pt-BR.`,
      )
    }
    names.set(key, format)
  }
  return format.format(localOf(date.zone, date.epochMs))
}

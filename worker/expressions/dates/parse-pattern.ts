import { Problem } from '../problem.ts'
import { daysInMonth, wallTime } from './calendar.ts'
import { DateValue } from './date-value.ts'
import { readPieces } from './pattern-pieces.ts'
import { instantOf } from './zone.ts'

type Part = 'year' | 'month' | 'day' | 'hour' | 'hour12' | 'minute' | 'second' | 'millisecond' | 'half' | 'offset'

/** Letter groups that can be read, with the most digits of each. */
const groups: Record<string, { part: Part; least: number; most: number }> = {
  yyyy: { part: 'year', least: 4, most: 4 },
  YYYY: { part: 'year', least: 4, most: 4 },
  yy: { part: 'year', least: 2, most: 2 },
  MM: { part: 'month', least: 2, most: 2 },
  M: { part: 'month', least: 1, most: 2 },
  dd: { part: 'day', least: 2, most: 2 },
  DD: { part: 'day', least: 2, most: 2 },
  d: { part: 'day', least: 1, most: 2 },
  D: { part: 'day', least: 1, most: 2 },
  HH: { part: 'hour', least: 2, most: 2 },
  H: { part: 'hour', least: 1, most: 2 },
  hh: { part: 'hour12', least: 2, most: 2 },
  h: { part: 'hour12', least: 1, most: 2 },
  mm: { part: 'minute', least: 2, most: 2 },
  m: { part: 'minute', least: 1, most: 2 },
  ss: { part: 'second', least: 2, most: 2 },
  s: { part: 'second', least: 1, most: 2 },
  SSS: { part: 'millisecond', least: 3, most: 3 },
  a: { part: 'half', least: 2, most: 2 },
  xxx: { part: 'offset', least: 6, most: 6 },
}

/**
 * The date that a text writes in the form of a pattern (`dd.MM.yyyy HH:mm`, see `formatDate`), by the clocks of a zone
 * unless the text has an offset. Undefined when the text does not have that form or there is no such day.
 */
export function parseByPattern(text: string, pattern: string, zone: string): DateValue | undefined {
  if (text.length > 100 || pattern.length > 100) return undefined
  const fields = new Map<Part, number>()
  let at = 0
  for (const piece of readPieces(pattern)) {
    if ('plain' in piece) {
      if (!text.startsWith(piece.plain, at)) return undefined
      at += piece.plain.length
      continue
    }
    const group = Object.hasOwn(groups, piece.letters) ? groups[piece.letters] : undefined
    if (group === undefined) {
      throw new Problem(
        'expression.value',
        `“${piece.letters.slice(0, 20)}” cannot be read from a text. Letters that can: ${Object.keys(groups).join(' ')}.`,
      )
    }
    const read = readPart(text, at, group)
    if (read === undefined) return undefined
    fields.set(group.part, read.value)
    at += read.length
  }
  return at === text.length ? build(fields, zone) : undefined
}

function readPart(
  text: string,
  at: number,
  { part, least, most }: { part: Part; least: number; most: number },
): { value: number; length: number } | undefined {
  if (part === 'half') {
    const half = text.slice(at, at + 2).toUpperCase()
    return half === 'AM' || half === 'PM' ? { value: half === 'PM' ? 1 : 0, length: 2 } : undefined
  }
  if (part === 'offset') {
    if (/^[Zz]/.test(text.slice(at))) return { value: 0, length: 1 }
    const match = /^([+-])(\d{2}):(\d{2})/.exec(text.slice(at))
    if (match === null) return undefined
    const minutes = Number(match[2]) * 60 + Number(match[3])
    return { value: (match[1] === '-' ? -minutes : minutes) * 60_000, length: 6 }
  }
  let end = at
  while (end - at < most && /\d/.test(text.charAt(end))) end++
  if (end - at < least) return undefined
  const value = Number(text.slice(at, end))
  return { value: part === 'year' && most === 2 ? 2_000 + value : value, length: end - at }
}

function build(fields: ReadonlyMap<Part, number>, zone: string): DateValue | undefined {
  const get = (part: Part, otherwise: number): number => fields.get(part) ?? otherwise
  const [year, month, day] = [get('year', 1970), get('month', 1), get('day', 1)]
  const hour12 = fields.get('hour12')
  if (hour12 !== undefined && (hour12 < 1 || hour12 > 12)) return undefined
  const hour = hour12 === undefined ? get('hour', 0) : (hour12 % 12) + get('half', 0) * 12
  const [minute, second] = [get('minute', 0), get('second', 0)]
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const local = wallTime(year, month, day, hour, minute, second, get('millisecond', 0))
  const offset = fields.get('offset')
  return new DateValue(offset === undefined ? instantOf(zone, local) : local - offset, zone)
}

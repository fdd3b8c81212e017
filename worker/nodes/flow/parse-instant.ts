import { dateFromNumber, parseDate } from '../../expressions/dates/parse-date.ts'
import { isZone } from '../../expressions/dates/zone.ts'

/**
 * The instant that a text writes, in epoch ms, or null: a date as expressions read it, or an epoch figure in seconds or
 * milliseconds. A date that does not say its offset is one of `timeZone`'s clocks; an unknown zone gives null.
 */
export function parseInstant(text: string, timeZone: string): number | null {
  if (!isZone(timeZone)) return null
  const date = /^\s*-?\d{1,16}(?:\.\d+)?\s*$/.test(text) ? dateFromNumber(Number(text)) : parseDate(text, timeZone)
  return date?.epochMs ?? null
}

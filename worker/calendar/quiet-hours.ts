import type { Weekday } from '../contract/calendar.ts'
import { weekdayOf } from './weekdays.ts'
import { instantOfDay, localTime } from './zone-time.ts'

/** A time of each of some days in which nothing goes on. */
export interface QuietHours {
  zone: string
  /** The days on which it begins. */
  weekdays: readonly Weekday[]
  /** Minutes after midnight. An end that is not later than the beginning is one of the next day. */
  from: number
  to: number
}

/** `now` when it is not quiet then, else when it no longer is; null when it always is. */
export function endOfQuiet({ zone, weekdays, from, to }: QuietHours, now: number): number | null {
  let at = now
  // One quiet time may begin where another ends, but not for more than a week of days.
  for (let round = 0; round <= 8; round++) {
    const { day: today } = localTime(zone, at)
    const ends = [today - 2, today - 1, today]
      .filter((day) => weekdays.includes(weekdayOf(day)) && instantOfDay(zone, day, from) <= at)
      .map((day) => instantOfDay(zone, to > from ? day : day + 1, to))
    const end = Math.max(at, ...ends)
    if (end === at) return at
    at = end
  }
  return null
}

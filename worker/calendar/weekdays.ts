import { weekdays, type Weekday } from '../contract/calendar.ts'

/** The weekday of a local day, counted from 1970-01-01, which was a Thursday. */
export function weekdayOf(day: number): Weekday {
  return weekdays[(((day + 3) % 7) + 7) % 7]!
}

import type { Weekday } from '../contract/calendar.ts'

/** A week, from Monday on. As in the contract, whose schemas the browser need not load to know them. */
export const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** The weekday of a local day, counted from 1970-01-01, which was a Thursday. */
export function weekdayOf(day: number): Weekday {
  return weekdays[(((day + 3) % 7) + 7) % 7]!
}

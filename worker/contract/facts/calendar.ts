import type { CalendarSnapshot } from '../calendar.ts'

/** Weekdays, as a week begins on Monday. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** What an execution keeps of an organization without calendars. */
export const noCalendars: CalendarSnapshot = { default: null, calendars: {} }

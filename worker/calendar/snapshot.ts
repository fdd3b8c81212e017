import type { Calendar, CalendarSnapshot } from '../contract/calendar.ts'

/** Calendars as an execution is given them: their rules by id, and which one is the default. */
export function snapshotOf(calendars: readonly Calendar[]): CalendarSnapshot {
  return {
    default: calendars.find(({ isDefault }) => isDefault)?.id ?? null,
    calendars: Object.fromEntries(
      calendars.map(({ id, timeZone, weekly, exceptions }) => [id, { timeZone, weekly, exceptions }]),
    ),
  }
}

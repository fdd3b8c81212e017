import type { CalendarSnapshot } from '../contract/calendar.ts'
import { noCalendars } from '../contract/facts/calendar.ts'

/** What a node reads that is not in its graph: the organization's, as it is when the plan is compiled. */
export interface Surroundings {
  readonly calendars: CalendarSnapshot
}

export const nowhere: Surroundings = { calendars: noCalendars }

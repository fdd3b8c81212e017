import type { CalendarException, OpenHours, WeeklyHours } from '#contract/calendar.ts'
import { weekdays } from '../../../../worker/calendar/weekdays.ts'
import { isZone } from '../../../../worker/calendar/zone-time.ts'
import { weekdayNames } from './calendar-words.ts'

/** What keeps a calendar from being saved, by the part of its form. */
export interface CalendarProblems {
  name?: string
  timeZone?: string
  hours?: string
  days?: string
}

/** Empty when the server will take it. */
export function calendarProblems(calendar: {
  name: string
  timeZone: string
  weekly: WeeklyHours
  exceptions: readonly CalendarException[]
}): CalendarProblems {
  const { name, timeZone, weekly, exceptions } = calendar
  const problems: CalendarProblems = {}
  if (name.trim() === '') problems.name = 'Enter a name.'
  if (!isZone(timeZone)) problems.timeZone = 'Choose a time zone, such as Europe/Amsterdam.'
  const wrong = weekdays.find((day) => (weekly[day] ?? []).some(isTurned))
  if (wrong !== undefined) problems.hours = `${weekdayNames[wrong]}: hours must end after they begin.`
  if (exceptions.some(({ date }) => !/^\d{4}-\d\d-\d\d$/.test(date))) problems.days = 'Each day needs a date.'
  else if (exceptions.some(({ hours }) => hours.some(isTurned))) problems.days = 'Hours must end after they begin.'
  return problems
}

/** Also of times that are not filled in. */
function isTurned({ from, to }: OpenHours): boolean {
  return from === '' || to === '' || from >= to
}

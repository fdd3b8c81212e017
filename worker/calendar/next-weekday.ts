import type { Weekday } from '../contract/calendar.ts'
import { weekdayOf } from './weekdays.ts'
import { instantOfDay, localTime } from './zone-time.ts'

/**
 * The first instant, from `now` on, at which the zone's clocks show a time (minutes after midnight) on one of some
 * weekdays. `now` itself counts. Null without a weekday.
 */
export function nextWeekdayTime(
  { zone, weekdays, minutes }: { zone: string; weekdays: readonly Weekday[]; minutes: number },
  now: number,
): number | null {
  if (weekdays.length === 0) return null
  const { day: today } = localTime(zone, now)
  // From yesterday on: its midnight may be today's. Sixteen days, because clocks have left out a whole day.
  for (let day = today - 1; day <= today + 15; day++) {
    if (!weekdays.includes(weekdayOf(day))) continue
    const instant = instantOfDay(zone, day, minutes)
    if (instant >= now) return instant
  }
  return null
}

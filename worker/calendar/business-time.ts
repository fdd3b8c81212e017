// business-time
//
// Instants at which a calendar is open. All are the same for the same calendar and instant, lie within opening hours
// (the closing time itself does not), and a later instant never gives an earlier one. Null: it does not open within
// two years.

import type { ReadyCalendar, Span } from './ready-calendar.ts'
import { dayMs, instantAt, localTime } from './zone-time.ts'

/** How far it looks ahead for an opening, in days. */
const horizonDays = 732

/** The instant itself when the calendar is open then, else when it opens next. */
export function nextOpening(calendar: ReadyCalendar, at: number): number | null {
  for (const { opensAt, closesAt } of spansFrom(calendar, at)) if (closesAt > at) return Math.max(opensAt, at)
  return null
}

/** When it will have been open for so long. What ends exactly at closing time goes on when it opens next. */
export function addOpenTime(calendar: ReadyCalendar, at: number, lengthMs: number): number | null {
  let left = lengthMs
  for (const { opensAt, closesAt } of spansFrom(calendar, at)) {
    const from = Math.max(opensAt, at)
    if (closesAt <= from) continue
    if (left < closesAt - from) return from + left
    left -= closesAt - from
  }
  return null
}

/**
 * The same time of day so many open days later, counted from the day on which it is or next becomes open; when it is
 * closed at that time, when it opens next.
 */
export function addOpenDays(calendar: ReadyCalendar, at: number, days: number): number | null {
  const start = nextOpening(calendar, at)
  if (start === null || days === 0) return start
  const { day: first, timeMs } = localTime(calendar.zone, start)
  let left = days
  for (let day = first + 1; day <= first + horizonDays; day++) {
    if (calendar.spansOf(day).length === 0) continue
    left -= 1
    if (left === 0) return nextOpening(calendar, instantAt(calendar.zone, day * dayMs + timeMs))
  }
  return null
}

function* spansFrom(calendar: ReadyCalendar, at: number): Generator<Span> {
  const { day: today } = localTime(calendar.zone, at)
  // From yesterday on: when clocks are set back over midnight, it has not ended yet.
  for (let day = today - 1; day <= today + horizonDays; day++) yield* calendar.spansOf(day)
}

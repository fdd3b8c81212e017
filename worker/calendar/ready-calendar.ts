// ready-calendar
//
// A calendar made ready to be asked: when is it open on a day? Spans of one day are in order and apart from each other.
// An exception replaces what its weekday says, one of a single date replaces one of every year.

import type { CalendarRules, OpenHours } from '../contract/calendar.ts'
import { parseClockTime } from './clock-time.ts'
import { weekdayOf } from './weekdays.ts'
import { dayMs, instantOfDay } from './zone-time.ts'

/** From an instant up to, and without, another. */
export interface Span {
  opensAt: number
  closesAt: number
}

export interface ReadyCalendar {
  readonly zone: string
  /** When it is open on a local day; empty when it is not. */
  spansOf(day: number): Span[]
}

type Minutes = readonly { from: number; to: number }[]

/** `zone` reads the hours by other clocks than the calendar's own: those of the person they are meant for. */
export function readyCalendar(rules: CalendarRules, zone: string = rules.timeZone): ReadyCalendar {
  const weekly = new Map(Object.entries(rules.weekly).map(([weekday, hours = []]) => [weekday, inMinutes(hours)]))
  const dated = new Map<string, Minutes>()
  for (const { date, everyYear, hours } of rules.exceptions) {
    dated.set(everyYear ? date.slice('2026-'.length) : date, inMinutes(hours))
  }

  function minutesOf(day: number): Minutes {
    const date = new Date(day * dayMs).toISOString().slice(0, 10)
    return dated.get(date) ?? dated.get(date.slice('2026-'.length)) ?? weekly.get(weekdayOf(day)) ?? []
  }

  return {
    zone,
    spansOf: (day) =>
      minutesOf(day)
        .map(({ from, to }) => ({ opensAt: instantOfDay(zone, day, from), closesAt: instantOfDay(zone, day, to) }))
        // Hours that the clocks have left out.
        .filter(({ opensAt, closesAt }) => closesAt > opensAt),
  }
}

/** In order; what overlaps or touches is one. */
function inMinutes(hours: readonly OpenHours[]): Minutes {
  const sorted = hours
    .map(({ from, to }) => ({ from: parseClockTime(from) ?? 0, to: parseClockTime(to) ?? 0 }))
    .sort((one, other) => one.from - other.from)
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

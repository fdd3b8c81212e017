import type { CalendarRules, OpenHours, Weekday, WeeklyHours } from '#contract/calendar.ts'
import { nextOpening } from '../../../../worker/calendar/business-time.ts'
import { readyCalendar } from '../../../../worker/calendar/ready-calendar.ts'
import { weekdays } from '../../../../worker/calendar/weekdays.ts'

export const weekdayNames: Readonly<Record<Weekday, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

/** A week in one line, days with the same hours together: `Mon–Fri 09:00–17:00, Sat 10:00–14:00`. */
export function weekWords(weekly: WeeklyHours): string {
  const runs: { from: Weekday; to: Weekday; hours: string }[] = []
  for (const day of weekdays) {
    const hours = hoursWords(weekly[day] ?? [])
    const last = runs.at(-1)
    if (last?.hours === hours) last.to = day
    else runs.push({ from: day, to: day, hours })
  }
  const open = runs.filter(({ hours }) => hours !== '')
  if (open.length === 0) return 'Never open'
  return open.map(({ from, to, hours }) => `${daysWords(from, to)} ${hours}`).join(', ')
}

export function hoursWords(hours: readonly OpenHours[]): string {
  return hours.map(({ from, to }) => `${from}–${to}`).join(' and ')
}

/** Whether a calendar is open at an instant (epoch ms), and when it opens next; undefined when it never does. */
export function openingAt(rules: CalendarRules, now: number): { isOpen: boolean; opensAt: number } | undefined {
  const opensAt = nextOpening(readyCalendar(rules), now)
  return opensAt === null ? undefined : { isOpen: opensAt === now, opensAt }
}

/** A date in a zone, as people there read it: `Tue 2 Jun, 09:00`. */
export function dateInZone(at: number, timeZone: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).format(at)
}

function daysWords(from: Weekday, to: Weekday): string {
  const short = (day: Weekday) => weekdayNames[day].slice(0, 3)
  return from === to ? short(from) : `${short(from)}–${short(to)}`
}

import { z } from 'zod'
import { weekdays } from './facts/calendar.ts'
import { CalendarId } from './id.ts'
import { wholeText } from './whole-text.ts'

/** A day of the week, by its first three letters. */
export const Weekday = z.enum(weekdays).meta({ id: 'Weekday' })
export type Weekday = z.infer<typeof Weekday>

/** An IANA name such as `Europe/Amsterdam`, `UTC`, or an offset such as `+02:00`. */
export const TimeZone = z
  .string()
  .min(1)
  .max(64)
  .refine(isTimeZone, 'must be a time zone such as Europe/Amsterdam')
  .meta({ id: 'TimeZone', example: 'Europe/Amsterdam' })

const opening = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 09:00')
const closing = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time such as 17:00, or 24:00')

/** Open from one time up to, and without, a later one of the same day. `24:00` is the midnight that ends it. */
export const OpenHours = z
  .strictObject({ from: opening, to: closing })
  .refine(({ from, to }) => from < to, { message: 'must end after it begins', path: ['to'] })
  .meta({ id: 'OpenHours' })
export type OpenHours = z.infer<typeof OpenHours>

const hoursOfDay = z.array(OpenHours).max(8)

/** Hours by weekday; a day that is missing is closed. */
export const WeeklyHours = z
  .strictObject({
    mon: hoursOfDay.optional(),
    tue: hoursOfDay.optional(),
    wed: hoursOfDay.optional(),
    thu: hoursOfDay.optional(),
    fri: hoursOfDay.optional(),
    sat: hoursOfDay.optional(),
    sun: hoursOfDay.optional(),
  })
  .meta({ id: 'WeeklyHours' })
export type WeeklyHours = z.infer<typeof WeeklyHours>

/** A day that is not as its weekday says: closed when it has no hours (a holiday), else open at those. */
export const CalendarException = z
  .strictObject({
    date: z.iso.date(),
    /** On this day of every year; an exception of the single date goes before it. */
    everyYear: z.boolean().default(false),
    name: wholeText().trim().max(120).default(''),
    hours: hoursOfDay.default([]),
  })
  .meta({ id: 'CalendarException' })
export type CalendarException = z.infer<typeof CalendarException>

/** When a calendar is open: all that deciding needs of it. */
export const CalendarRules = z
  .strictObject({
    timeZone: TimeZone.describe('By whose clocks its hours are: an IANA name such as `Europe/Amsterdam`.'),
    weekly: WeeklyHours.describe('Its hours by weekday; a day that is missing is closed.'),
    exceptions: z
      .array(CalendarException)
      .max(400)
      .default([])
      .describe('Days that are not as their weekday says: holidays, and days with other hours.'),
  })
  .meta({ id: 'CalendarRules' })
export type CalendarRules = z.infer<typeof CalendarRules>

/** A business calendar of the organization. The default one also says which zone the organization is in. */
export const Calendar = CalendarRules.extend({
  id: CalendarId,
  name: z.string(),
  isDefault: z.boolean(),
  /** Counts changes: send it as `If-Match`. */
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).meta({ id: 'Calendar' })
export type Calendar = z.infer<typeof Calendar>

const name = wholeText().trim().min(1).max(120)

/** The first calendar of an organization is its default, whatever this says. */
export const CreateCalendarRequest = CalendarRules.extend({
  name: name.describe('What it is called.'),
  isDefault: z.boolean().default(false).describe('Makes it the default in place of another; the first one always is.'),
}).meta({
  id: 'CreateCalendarRequest',
})
export type CreateCalendarRequest = z.infer<typeof CreateCalendarRequest>

/** What is absent stays. `isDefault: true` makes it the default in place of another. */
export const UpdateCalendarRequest = z
  .strictObject({
    name: name.optional().describe('What it is called.'),
    timeZone: TimeZone.optional().describe('By whose clocks its hours are: an IANA name such as `Europe/Amsterdam`.'),
    weekly: WeeklyHours.optional().describe('Its hours by weekday, all of them; a day that is missing is closed.'),
    exceptions: z
      .array(CalendarException)
      .max(400)
      .optional()
      .describe('Days that are not as their weekday says, all of them.'),
    isDefault: z.literal(true).optional().describe('Makes it the default in place of another.'),
  })
  .meta({ id: 'UpdateCalendarRequest' })
export type UpdateCalendarRequest = z.infer<typeof UpdateCalendarRequest>

/** Calendars as an execution has them, by id, and which one is meant where none is named. */
export const CalendarSnapshot = z.strictObject({
  default: CalendarId.nullable(),
  calendars: z.record(z.string(), CalendarRules),
})
export type CalendarSnapshot = z.infer<typeof CalendarSnapshot>

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

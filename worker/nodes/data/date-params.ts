import { z } from 'zod'
import { anyJson } from '../params/any-json.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { askedBy, operationParam, type OperationForm } from './operation-form.ts'
import { sourceParams } from './source.ts'

const amount = { amount: 'Say how much.' }

/** Every operation of `data.date`, in the order in which the form offers them. */
export const dateOperations = {
  format: { label: 'Write', asks: ['as'] },
  add: { label: 'Add time', asks: ['amount', 'unit', 'as'], needs: amount },
  subtract: { label: 'Subtract time', asks: ['amount', 'unit', 'as'], needs: amount },
  difference: { label: 'Time between two dates', asks: ['other', 'unit'], needs: { other: 'Give the other date.' } },
  startOf: { label: 'Start of', asks: ['unit', 'as'] },
  endOf: { label: 'End of', asks: ['unit', 'as'] },
  at: { label: 'Set the time of day', asks: ['time', 'as'], needs: { time: 'Say which time of day.' } },
  next: { label: 'Next weekday', asks: ['weekday', 'as'] },
  part: { label: 'Take a part', asks: ['part'] },
  isBetween: {
    label: 'Lies between',
    asks: ['from', 'to'],
    needs: { from: 'Say from when.', to: 'Say until when.' },
  },
  isBefore: { label: 'Is before', asks: ['other'], needs: { other: 'Give the other date.' } },
  isAfter: { label: 'Is after', asks: ['other'], needs: { other: 'Give the other date.' } },
  isSame: { label: 'Is in the same', asks: ['other', 'unit'], needs: { other: 'Give the other date.' } },
} as const satisfies Record<string, OperationForm>

const units = {
  millisecond: 'Milliseconds',
  second: 'Seconds',
  minute: 'Minutes',
  hour: 'Hours',
  day: 'Days',
  week: 'Weeks',
  month: 'Months',
  quarter: 'Quarters',
  year: 'Years',
} as const

const parts = {
  year: 'Year',
  quarter: 'Quarter',
  month: 'Month',
  week: 'Week of the year',
  day: 'Day of the month',
  weekday: 'Weekday, Monday is 1',
  weekdayName: 'Weekday by name',
  monthName: 'Month by name',
  dayOfYear: 'Day of the year',
  daysInMonth: 'Days in its month',
  hour: 'Hour',
  minute: 'Minute',
  second: 'Second',
  offset: 'Minutes ahead of UTC',
  isWeekend: 'Whether it is a weekend',
} as const

/** How a date is written: patterns, or words of their own. */
export const forms = {
  iso: 'ISO 8601: 2026-01-31T09:30:00.000Z',
  'yyyy-MM-dd': '2026-01-31',
  'dd.MM.yyyy': '31.01.2026',
  'dd/MM/yyyy': '31/01/2026',
  'MM/dd/yyyy': '01/31/2026',
  'd MMMM yyyy': '31 January 2026',
  'MMMM d, yyyy': 'January 31, 2026',
  'EEEE, d MMMM yyyy': 'Saturday, 31 January 2026',
  'yyyy-MM-dd HH:mm': '2026-01-31 09:30',
  'HH:mm': '09:30',
  'h:mm a': '9:30 AM',
  unix: 'Seconds since 1970',
  epoch: 'Milliseconds since 1970',
  own: 'A pattern of your own',
} as const

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
const keysOf = <Key extends string>(labels: Readonly<Record<Key, string>>) => Object.keys(labels) as [Key, ...Key[]]
const shown = (param: string) => ({ showWhen: askedBy(dateOperations, param) })
const aDate = (title: string, param: string) =>
  anyJson
    .optional()
    .meta(
      field({ title, control: 'dateTime', placeholder: '{{ trigger.body.date }}', isNeeded: true, ...shown(param) }),
    )

export const dateParams = lazySchema(() =>
  z.strictObject({
    operation: operationParam(dateOperations, { title: 'Do', first: 'format' }),
    source: sourceParams({
      title: 'Date',
      placeholder: 'trigger.body.createdAt',
      description: 'Left empty, now. Read are ISO 8601, mail dates and seconds or milliseconds since 1970.',
    }).source,
    other: aDate('Other date', 'other'),
    from: aDate('From', 'from'),
    to: aDate('Until', 'to'),
    amount: z
      .number()
      .optional()
      .meta(field({ title: 'How much', control: 'number', placeholder: '3', isNeeded: true, ...shown('amount') })),
    unit: z
      .enum(keysOf(units))
      .default('day')
      .meta(field({ title: 'Unit', control: 'select', labels: units, ...shown('unit') })),
    time: z
      .string()
      .max(80)
      .default('')
      .meta(field({ title: 'Time', control: 'text', placeholder: '09:00', ...shown('time') })),
    weekday: z
      .enum(weekdays)
      .default('monday')
      .meta(
        field({
          title: 'Weekday',
          control: 'select',
          labels: Object.fromEntries(weekdays.map((day) => [day, capital(day)])),
          ...shown('weekday'),
        }),
      ),
    part: z
      .enum(keysOf(parts))
      .default('year')
      .meta(field({ title: 'Part', control: 'select', labels: parts, ...shown('part') })),
    timeZone: z
      .string()
      .max(80)
      .default('UTC')
      .meta(
        field({
          title: 'Time zone',
          description: 'Whose clocks and days count, and those of a date that does not say its own.',
          control: 'timeZone',
        }),
      ),
    as: z
      .enum(keysOf(forms))
      .default('iso')
      .meta(field({ title: 'Written as', control: 'select', labels: forms, group: 'Result', ...shown('as') })),
    pattern: z
      .string()
      .max(100)
      .default('')
      .meta(
        field({
          title: 'Pattern',
          description: "Such as EEEE, d MMMM yyyy 'at' HH:mm.",
          control: 'text',
          placeholder: 'd MMMM yyyy',
          group: 'Result',
          showWhen: { ...askedBy(dateOperations, 'as'), as: 'own' },
        }),
      ),
    language: z
      .string()
      .max(80)
      .default('en')
      .meta(
        field({
          title: 'Language',
          description: 'Of the names of months and days, such as en, de or pt-BR.',
          control: 'text',
          placeholder: 'en',
          group: 'Result',
          showWhen: { operation: ['format', 'add', 'subtract', 'startOf', 'endOf', 'at', 'next', 'part'] },
        }),
      ),
    readAs: z
      .string()
      .max(100)
      .default('')
      .meta(
        field({
          title: 'The date is given as',
          description: 'A pattern, where the text is none of those that are read anyway.',
          control: 'text',
          placeholder: 'dd/MM/yyyy HH:mm',
          group: 'Reading',
        }),
      ),
    fallback: anyJson.optional().meta(
      field({
        title: 'If missing',
        description: 'Taken when the date above leads nowhere or to null. Left empty, the step fails then.',
        control: 'json',
        lines: 1,
        group: 'Reading',
      }),
    ),
  }),
)

export type DateParams = ParamsOf<typeof dateParams>
export type DateOperation = keyof typeof dateOperations

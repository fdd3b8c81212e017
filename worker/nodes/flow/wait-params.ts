import { z } from 'zod'
import { weekdays } from '../../contract/facts/calendar.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'

const dayNames = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' } as const

const zoned = ['until', 'weekday', 'quietHours'] as const

/** Texts, because any of them may be an expression; what they say is read when the step begins. */
const text = () => z.string().max(4_096)

export const waitParams = lazySchema(() =>
  z.strictObject({
    mode: z
      .enum(['duration', 'until', 'weekday', 'businessHours', 'quietHours', 'random'])
      .default('duration')
      .meta(
        field({
          title: 'Wait',
          control: 'select',
          labels: {
            duration: 'For a time',
            until: 'Until a date',
            weekday: 'Until a weekday and time',
            businessHours: 'For business hours',
            quietHours: 'While it is quiet hours',
            random: 'For a random time',
          },
          expressions: false,
        }),
      ),
    duration: text()
      .default('')
      .meta(
        field({
          title: 'How long',
          description: 'An expression may give it as text, such as 1h 30m or 2 days, or as a number of seconds.',
          control: 'duration',
          placeholder: '1 hour',
          showWhen: { mode: 'duration' },
        }),
      ),
    until: text()
      .default('')
      .meta(
        field({
          title: 'Until',
          description: 'A date and time.',
          control: 'dateTime',
          placeholder: '{{ trigger.body.startsAt }}',
          showWhen: { mode: 'until' },
        }),
      ),
    whenPast: z
      .enum(['continue', 'skip'])
      .default('continue')
      .meta(
        field({
          title: 'When it has passed',
          control: 'select',
          labels: { continue: 'Go on at once', skip: 'End this branch' },
          showWhen: { mode: 'until' },
          expressions: false,
        }),
      ),
    weekdays: z
      .array(z.enum(weekdays))
      .max(7)
      .default([])
      .meta(
        field({
          title: 'On',
          control: 'multiSelect',
          labels: dayNames,
          showWhen: { mode: 'weekday' },
          expressions: false,
        }),
      ),
    time: text()
      .default('09:00')
      .meta(
        field({
          title: 'At',
          description: 'The next such day and time; one that is now goes on at once.',
          control: 'time',
          showWhen: { mode: 'weekday' },
        }),
      ),
    calendar: z
      .string()
      .max(80)
      .default('')
      .meta(
        field({
          title: 'Calendar',
          description: 'Opening hours and holidays, as set up under Settings.',
          control: 'calendar',
          showWhen: { mode: 'businessHours' },
          expressions: false,
        }),
      ),
    hoursIn: z
      .enum(['calendar', 'contact'])
      .default('calendar')
      .meta(
        field({
          title: 'Hours are those of',
          control: 'select',
          labels: { calendar: 'The calendar’s time zone', contact: 'The contact’s time zone' },
          showWhen: { mode: 'businessHours' },
          expressions: false,
        }),
      ),
    count: z
      .enum(['none', 'hours', 'days'])
      .default('none')
      .meta(
        field({
          title: 'Go on',
          control: 'select',
          labels: { none: 'In business hours', hours: 'business hours later', days: 'business days later' },
          showWhen: { mode: 'businessHours' },
          expressions: false,
        }),
      ),
    amount: z
      .number()
      .min(0)
      .max(2_000)
      .default(1)
      .meta(
        field({
          title: 'How many',
          control: 'number',
          showWhen: { mode: 'businessHours', count: ['hours', 'days'] },
        }),
      ),
    quietFrom: text()
      .default('21:00')
      .meta(field({ title: 'Quiet from', control: 'time', showWhen: { mode: 'quietHours' } })),
    quietTo: text()
      .default('08:00')
      .meta(
        field({
          title: 'Quiet until',
          description: 'One that is not later is a time of the next day. Outside of quiet hours it goes on at once.',
          control: 'time',
          showWhen: { mode: 'quietHours' },
        }),
      ),
    quietDays: z
      .array(z.enum(weekdays))
      .max(7)
      .default([...weekdays])
      .meta(
        field({
          title: 'Beginning on',
          control: 'multiSelect',
          labels: dayNames,
          showWhen: { mode: 'quietHours' },
          expressions: false,
        }),
      ),
    atLeast: text()
      .default('')
      .meta(
        field({
          title: 'At least',
          control: 'duration',
          placeholder: '5 minutes',
          showWhen: { mode: 'random' },
        }),
      ),
    atMost: text()
      .default('')
      .meta(
        field({
          title: 'At most',
          description: 'Drawn once for each execution and step.',
          control: 'duration',
          placeholder: '2 hours',
          showWhen: { mode: 'random' },
        }),
      ),
    zone: z
      .enum(['fixed', 'contact', 'organization'])
      .default('fixed')
      .meta(
        field({
          title: 'By whose clocks',
          description:
            'Of a contact whose time zone is not known, the organization’s, which is that of its default calendar.',
          control: 'select',
          labels: { fixed: 'Those of one time zone', contact: 'The contact’s', organization: 'The organization’s' },
          showWhen: { mode: [...zoned] },
          expressions: false,
        }),
      ),
    timeZone: z
      .string()
      .max(80)
      .default('UTC')
      .meta(field({ title: 'Time zone', control: 'timeZone', showWhen: { mode: [...zoned], zone: 'fixed' } })),
  }),
)
export type WaitParams = ParamsOf<typeof waitParams>

import { z } from 'zod'
import { ConditionGroup } from '../../contract/condition.ts'
import { defineTrigger } from '../define.ts'
import { emptyConditions } from '../params/empty-conditions.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'

export const eventParams = lazySchema(() =>
  z.strictObject({
    eventType: z
      .string()
      .min(1)
      .max(120)
      .regex(
        /^(?:\*|[a-zA-Z0-9_]+(?:[.:/-][a-zA-Z0-9_]+)*(?:[.:/-]\*)?)$/,
        'must be words joined by dots, such as order.paid, and may end in .*',
      )
      .meta(
        field({
          title: 'Event',
          description: 'One type, such as order.paid, or all that begin alike, such as order.*.',
          control: 'eventType',
          placeholder: 'order.paid',
          expressions: false,
        }),
      ),
    conditions: ConditionGroup.optional().meta(
      field({
        title: 'Only when',
        description: 'Other events start nothing. The event is trigger, its content trigger.data.',
        control: 'conditions',
      }),
    ),
  }),
)

export const event = defineTrigger({
  type: 'trigger.event',
  title: 'Event',
  description: 'Starts when an event of this type is sent to the API or happens inside.',
  family: 'trigger',
  icon: 'radio',
  aliases: ['listen', 'subscribe', 'message', 'signal'],
  params: eventParams,
  check: ({ conditions }) => emptyConditions(conditions, ['conditions']),
  defaultParams: { eventType: '' },
  ports: [out],
  summary: 'On {eventType}',
  sampleOutput: { type: 'order.paid', data: { total: 120 }, id: 'evt-1', occurredAt: '2026-01-15T09:30:00Z' },
})

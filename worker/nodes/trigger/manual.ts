import { z } from 'zod'
import { defineTrigger } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'

export const manual = defineTrigger({
  type: 'trigger.manual',
  title: 'Manual start',
  description: 'Starts when a person presses run, or when a program calls the API.',
  family: 'trigger',
  icon: 'play',
  aliases: ['button', 'run', 'start', 'api'],
  params: lazySchema(() =>
    z.strictObject({
      sample: anyJson.optional().meta(
        field({
          title: 'Example data',
          description: 'Filled in when you press run; a program sends its own.',
          control: 'json',
          expressions: false,
        }),
      ),
    }),
  ),
  defaultParams: {},
  ports: [out],
  summary: 'Started by hand or by API',
  sampleOutput: { type: 'manual', data: {} },
})

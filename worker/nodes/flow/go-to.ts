import { z } from 'zod'
import type { Port } from '../../contract/node-type.ts'
import { defineInline } from '../define.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { parseParams } from '../params/parse-params.ts'

/** To the node that is to be done (again): the one way out that may lead back. */
export const jump: Port = { name: 'jump', label: 'Go to' }
const onward: Port = { name: 'onward', label: 'When that was enough' }

/** How often one node may be gone to: unless it says otherwise, and at most. */
const jumpLimits = { usual: 10, most: 1_000 } as const

const goToParams = lazySchema(() =>
  z.strictObject({
    limit: z
      .int()
      .min(1)
      .max(jumpLimits.most)
      .default(jumpLimits.usual)
      .meta(
        field({
          title: 'At most',
          description: 'Times, counted by where it goes to; in a loop, for each iteration anew.',
          control: 'number',
          expressions: false,
        }),
      ),
    atLimit: z
      .enum(['fail', 'goOn'])
      .default('fail')
      .meta(
        field({
          title: 'When that was enough',
          control: 'select',
          labels: { fail: 'This step fails', goOn: 'It goes on' },
          expressions: false,
        }),
      ),
  }),
)

export const goTo = defineInline({
  type: 'flow.goTo',
  title: 'Go to',
  description: 'Goes on at another step, which may be an earlier one, a limited number of times.',
  family: 'flow',
  icon: 'corner-up-left',
  aliases: ['goto', 'jump', 'go back', 'again', 'redo', 'retry', 'repeat'],
  params: goToParams,
  defaultParams: { limit: jumpLimits.usual },
  ports: [jump, onward],
  goesOnAt: onward.name,
  summary: 'At most {limit} times',
  sampleOutput: { ok: true },
  compile({ params }) {
    try {
      const { limit, atLimit } = parseParams(goToParams(), params).params
      return { kind: 'goTo', jump: jump.name, onward: onward.name, limit, failsAtLimit: atLimit === 'fail' }
    } catch (failure) {
      return {
        kind: 'pure',
        evaluate() {
          throw failure
        },
      }
    }
  },
})

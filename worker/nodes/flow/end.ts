import { z } from 'zod'
import { defineInline } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { compileParams } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'

const endParams = lazySchema(() =>
  z.strictObject({
    status: z
      .enum(['completed', 'failed', 'cancelled'])
      .default('completed')
      .meta(
        field({
          title: 'As',
          control: 'select',
          labels: { completed: 'Completed', failed: 'Failed', cancelled: 'Cancelled' },
        }),
      ),
    output: anyJson
      .optional()
      .meta(field({ title: 'Output', description: 'The result of the workflow.', control: 'json' })),
    reason: z
      .string()
      .max(1_000)
      .optional()
      .meta(field({ title: 'Reason', control: 'text', placeholder: 'Order {{ trigger.body.id }} has no items' })),
  }),
)

export const end = defineInline({
  type: 'flow.end',
  title: 'End',
  description: 'Ends the whole workflow here, with a status and an output; other branches are cancelled.',
  family: 'flow',
  icon: 'circle-stop',
  aliases: ['stop', 'finish', 'return', 'exit', 'fail', 'throw', 'stop_workflow'],
  params: endParams,
  defaultParams: { status: 'completed' },
  ports: [],
  summary: '{status}',
  compile(node) {
    const resolve = compileParams(endParams(), node.params)
    return {
      kind: 'pure',
      evaluate(scope) {
        const { status, output, reason } = resolve(scope).params
        return {
          output: output ?? null,
          port: 'end',
          end: { status, ...(reason === undefined || reason === '' ? {} : { reason }) },
        }
      },
    }
  },
})

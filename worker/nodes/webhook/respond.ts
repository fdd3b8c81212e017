import { z } from 'zod'
import { defineInline } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { compileParams } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'

const respondParams = lazySchema(() =>
  z.strictObject({
    status: z
      .int()
      .min(200)
      .max(599)
      .default(200)
      .meta(field({ title: 'Status', control: 'number' })),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]{1,80}$/), z.string().max(8_192))
      .default({})
      .meta(field({ title: 'Headers', control: 'keyValue' })),
    body: anyJson
      .optional()
      .meta(field({ title: 'Body', description: 'A text is sent as it is, anything else as JSON.', control: 'json' })),
  }),
)

export const respond = defineInline({
  type: 'webhook.respond',
  title: 'Respond to webhook',
  description: 'Answers the sender of the webhook that started this, and goes on.',
  family: 'flow',
  icon: 'reply',
  aliases: ['answer', 'reply', 'return', 'response', 'status'],
  params: respondParams,
  defaultParams: { status: 200 },
  ports: [out],
  summary: 'Answer {status}',
  sampleOutput: { status: 200 },
  compile(node) {
    const resolve = compileParams(respondParams(), node.params)
    return {
      kind: 'pure',
      evaluate(scope) {
        const { status, headers, body } = resolve(scope).params
        return {
          output: { status },
          port: out.name,
          response: { status, headers: lowerCased(headers), body: body ?? null },
        }
      },
    }
  },
})

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

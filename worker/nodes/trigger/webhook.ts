import { z } from 'zod'
import type { JsonObject } from '../../contract/json.ts'
import { defineTrigger, type ParamProblem } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { field } from '../params/field.ts'
import { holdsExpression } from '../params/holds-expression.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'

const headerName = () => z.string().regex(/^[A-Za-z0-9-]{1,80}$/, 'must be a header name: letters, digits and -')

export const webhookParams = lazySchema(() =>
  z.strictObject({
    methods: z
      .array(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']))
      .min(1)
      .default(['POST'])
      .meta(field({ title: 'Methods', control: 'multiSelect', expressions: false })),

    verification: z
      .enum(['none', 'standard', 'github', 'stripe', 'slack', 'shopify', 'hmac', 'basic', 'header'])
      .default('none')
      .meta(
        field({
          title: 'Who may send',
          description:
            'How a sender proves who it is. The secret is set once the workflow is saved, and never shown again.',
          control: 'select',
          labels: {
            none: 'Anyone who knows the address',
            standard: 'Standard Webhooks signature',
            github: 'GitHub signature',
            stripe: 'Stripe signature',
            slack: 'Slack signature',
            shopify: 'Shopify signature',
            hmac: 'Other HMAC signature',
            basic: 'User name and password',
            header: 'Secret in a header',
          },
          group: 'Security',
          expressions: false,
        }),
      ),
    signatureHeader: headerName()
      .default('X-Signature')
      .meta(
        field({
          title: 'Signature header',
          control: 'text',
          placeholder: 'X-Signature',
          group: 'Security',
          showWhen: { verification: 'hmac' },
          expressions: false,
        }),
      ),
    signatureEncoding: z
      .enum(['hex', 'base64'])
      .default('hex')
      .meta(
        field({
          title: 'Written in',
          control: 'select',
          group: 'Security',
          showWhen: { verification: 'hmac' },
          labels: { hex: 'Hexadecimal', base64: 'Base64' },
          expressions: false,
        }),
      ),
    signaturePrefix: z
      .string()
      .max(40)
      .default('')
      .meta(
        field({
          title: 'Text before the signature',
          control: 'text',
          placeholder: 'sha256=',
          group: 'Security',
          showWhen: { verification: 'hmac' },
          expressions: false,
        }),
      ),
    tokenHeader: headerName()
      .default('X-Webhook-Token')
      .meta(
        field({
          title: 'Header with the secret',
          control: 'text',
          placeholder: 'X-Webhook-Token',
          group: 'Security',
          showWhen: { verification: 'header' },
          expressions: false,
        }),
      ),

    respond: z
      .enum(['immediately', 'finished', 'node'])
      .default('immediately')
      .meta(
        field({
          title: 'Answer',
          description: 'When the sender gets its answer; 25 seconds is the longest it waits.',
          control: 'select',
          labels: {
            immediately: 'At once: received',
            finished: 'When the workflow has finished',
            node: 'By a Respond step',
          },
          group: 'Answer',
          expressions: false,
        }),
      ),
    responseStatus: z
      .int()
      .min(200)
      .max(299)
      .default(202)
      .meta(
        field({
          title: 'Status',
          control: 'number',
          group: 'Answer',
          showWhen: { respond: 'immediately' },
          expressions: false,
        }),
      ),
    responseBody: anyJson.optional().meta(
      field({
        title: 'Body',
        description: 'Left empty, the answer tells the ids of the event and the execution.',
        control: 'json',
        group: 'Answer',
        showWhen: { respond: 'immediately' },
        expressions: false,
      }),
    ),
    finishedBody: z
      .enum(['output', 'execution', 'none'])
      .default('output')
      .meta(
        field({
          title: 'Body',
          control: 'select',
          labels: {
            output: 'The output of the workflow',
            execution: 'Status, output and ids',
            none: 'Nothing',
          },
          group: 'Answer',
          showWhen: { respond: 'finished' },
          expressions: false,
        }),
      ),

    dedupeBy: z
      .string()
      .max(4_096)
      .optional()
      .meta(
        field({
          title: 'Same event when equal',
          description:
            'Where the sender writes its own id of the event, such as trigger.body.id. A second delivery with the same id starts nothing. ' +
            'Left empty, the usual headers are looked at, then the whole body.',
          control: 'field',
          placeholder: 'trigger.body.id',
          group: 'Delivery',
        }),
      ),
  }),
)
export type WebhookParams = ParamsOf<typeof webhookParams>

export const webhook = defineTrigger({
  type: 'trigger.webhook',
  title: 'Webhook',
  description: 'Starts when another system calls the address of this workflow.',
  family: 'trigger',
  icon: 'webhook',
  aliases: ['http', 'hook', 'callback', 'post', 'url', 'endpoint', 'github', 'stripe', 'slack', 'shopify'],
  params: webhookParams,
  check: checkWebhook,
  defaultParams: { methods: ['POST'], verification: 'none', respond: 'immediately' },
  ports: [out],
  summary: '{methods} · {verification}',
  sampleOutput: {
    type: 'webhook',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    query: {},
    body: { id: 42, email: 'ada@example.com' },
  },
})

function checkWebhook({ respond = 'immediately', responseBody }: JsonObject): ParamProblem[] {
  if (respond !== 'immediately' || !holdsExpression(responseBody)) return []
  const message =
    'It is sent as it is written: nothing is computed before this answer. Let a “Respond to webhook” step answer instead.'
  return [{ path: ['responseBody'], severity: 'warning', code: 'webhook.body_not_computed', message }]
}

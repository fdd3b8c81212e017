import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idChooser } from '../../../worker/nodes/trigger/id-chooser.ts'
import { dedupeOf, now, seconds, secret, settingsFor, triggerOf, type Sent } from './support.ts'

// Whoever got hold of one delivery can send its bytes and its signature again, with any other header, query and method.
// Signatures are made by node:crypto here, as the providers' documents describe them.

const key = Buffer.alloc(32, 7)
const mac = (message: string, by: string | Buffer = secret) => createHmac('sha256', by).update(message).digest('hex')

interface Scheme {
  secret: string
  headersFor(body: string): Record<string, string>
}

const signedHeaders = (body: string, prefix = 'webhook') => ({
  [`${prefix}-id`]: 'msg_1',
  [`${prefix}-timestamp`]: String(seconds),
  [`${prefix}-signature`]: `v1,${createHmac('sha256', key).update(`msg_1.${seconds}.${body}`).digest('base64')}`,
})

const schemes: Record<string, Scheme> = {
  standard: { secret: `whsec_${key.toString('base64')}`, headersFor: (body) => signedHeaders(body) },
  stripe: {
    secret,
    headersFor: (body) => ({ 'stripe-signature': `t=${seconds},v1=${mac(`${seconds}.${body}`)}` }),
  },
  slack: {
    secret,
    headersFor: (body) => ({
      'x-slack-request-timestamp': String(seconds),
      'x-slack-signature': `v0=${mac(`v0:${seconds}:${body}`)}`,
    }),
  },
  github: { secret, headersFor: (body) => ({ 'x-hub-signature-256': `sha256=${mac(body)}` }) },
}

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const stripeEvent = '{"object":"event","id":"evt_1","data":{"object":{"id":"in_1"}}}'
const slackEvent = '{"type":"event_callback","event_id":"Ev1","event":{"ts":"1.2"}}'
const slackCommand = 'token=x&command=%2Fgo&text=ol%C3%A9&trigger_id=13.1'

/** The deliveries whose signature covers a time: within it they can be sent again, and are to be told then. */
const captured: [name: string, scheme: string, body: string, declared: Record<string, string>, dedupeBy?: string][] = [
  ['Standard Webhooks', 'standard', '{"a":1}', json],
  ['Standard Webhooks with a choice', 'standard', '{"a":1}', json, 'trigger.body.a'],
  ['Stripe', 'stripe', stripeEvent, json],
  ['Stripe with a choice', 'stripe', stripeEvent, json, 'trigger.body.data.object.id'],
  ['Stripe without an id', 'stripe', '{"a":1}', json],
  ['Slack', 'slack', slackEvent, json],
  ['Slack with a choice', 'slack', slackEvent, json, 'trigger.body.event.ts'],
  ['a command of Slack', 'slack', slackCommand, form],
  ['a command of Slack with a choice', 'slack', slackCommand, form, 'trigger.body.text'],
]

function keyOf(scheme: string, { body, headers = {}, ...sent }: Sent & { body: string }, dedupeBy?: string) {
  const { secret: shared, headersFor } = schemes[scheme]!
  return dedupeOf(
    { method: 'POST', ...sent, body, headers: { ...headers, ...headersFor(body) } },
    {
      settings: settingsFor({ verification: scheme, methods: ['POST', 'PUT', 'GET'] }),
      secrets: [shared],
      now,
      chooseId: idChooser(dedupeBy),
    },
  )
}

const unsignedHeaders = [
  'idempotency-key',
  'x-github-delivery',
  'x-shopify-webhook-id',
  'x-amz-sns-message-id',
  'ce-id',
  'x-mine',
]
const types = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'text/plain; charset=windows-1252',
  'application/x-www-form-urlencoded; charset=windows-1252',
  'image/png',
]

describe('D3: a delivery that is sent again within its time is the same event, whatever is put around it', () => {
  test.each(captured)('%s', async (_, scheme, body, headers, dedupeBy) => {
    const { key: first, windowMs } = await keyOf(scheme, { body, headers }, dedupeBy)
    expect(windowMs).toBeGreaterThanOrEqual(600_000)
    const around = fc.record({
      added: fc.dictionary(fc.constantFrom(...unsignedHeaders), fc.stringMatching(/^[a-z0-9-]{1,12}$/)),
      type: fc.constantFrom(...types),
      search: fc.constantFrom('', '?x=1', '?id=2'),
      method: fc.constantFrom('POST', 'PUT'),
    })
    await fc.assert(
      fc.asyncProperty(around, async ({ added, type, ...rest }) => {
        const again = { ...rest, body, headers: { ...added, 'content-type': type } }
        const same = await keyOf(scheme, again, dedupeBy).catch((error: { code: string }) => error.code)
        // A body that cannot be read as it is said to be starts nothing either.
        if (typeof same === 'string') expect(same).toMatch(/^request\./)
        else expect(same.key).toBe(first)
      }),
      { numRuns: 100 },
    )
  })

  test.each([
    ['standard', '{"a":1}', 'hook/webhook-id:msg_1'],
    ['stripe', stripeEvent, 'hook/stripe:evt_1'],
    ['slack', slackEvent, 'hook/slack:Ev1'],
  ])('%s: by the id that is signed', async (scheme, body, expected) => {
    for (const added of [{}, { 'idempotency-key': 'again-1' }, { 'ce-id': 'again-2' }]) {
      expect((await keyOf(scheme, { body, headers: { ...json, ...added } })).key).toBe(expected)
    }
  })

  test('Standard Webhooks: also under its headers’ other names', async () => {
    const body = '{"a":1}'
    const settings = settingsFor({ verification: 'standard' })
    const input = { settings, secrets: [schemes['standard']!.secret] }
    const [one, other] = await Promise.all(
      ['webhook', 'svix'].map((prefix) =>
        dedupeOf({ body, headers: { ...json, ...signedHeaders(body, prefix) } }, input),
      ),
    )
    expect(one!.key).toBe(other!.key)
  })
})

test('a choice of the author’s own comes before what is not signed, also where only the body is', async () => {
  const body = '{"order":7}'
  const sent = (header: string) => ({ body, headers: { ...json, 'idempotency-key': header } })
  for (const header of ['k1', 'k2']) {
    expect((await keyOf('github', sent(header), 'trigger.body.order')).key).toBe('hook/chosen:7')
    expect((await keyOf('github', sent(header))).key).toBe(`hook/idempotency-key:${header}`)
  }
})

test('the same id with another body is a mistake of its sender, with Standard Webhooks as with a key of one’s own', async () => {
  const [one, other] = await Promise.all(
    ['{"a":1}', '{"a":2}'].map((body) => keyOf('standard', { body, headers: json })),
  )
  expect(one!.key).toBe(other!.key)
  expect(one!.bodyHash).not.toBe(other!.bodyHash)
})

test('two that Stripe or Slack sign without an id are two events when their bodies differ', async () => {
  const keys = await Promise.all(['{"a":1}', '{"a":2}'].map((body) => keyOf('stripe', { body, headers: json })))
  expect(keys[0]!.key).not.toBe(keys[1]!.key)
})

test.each([
  ['stripe', stripeEvent, 'text/plain', JSON.parse(stripeEvent)],
  ['slack', slackEvent, 'application/x-www-form-urlencoded', JSON.parse(slackEvent)],
  ['slack', slackCommand, 'application/json', { token: 'x', command: '/go', text: 'olé', trigger_id: '13.1' }],
])('D6: what %s sends is read as it writes it, for its header is not signed', async (scheme, body, type, read) => {
  const { secret: shared, headersFor } = schemes[scheme]!
  const sent = { body, headers: { 'content-type': type, ...headersFor(body) } }
  const trigger = await triggerOf(sent, { settings: settingsFor({ verification: scheme }), secrets: [shared] })
  expect(trigger.body).toEqual(read)
})

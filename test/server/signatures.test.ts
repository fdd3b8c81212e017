// Signature schemes against the running product, computed here by other code than its own: node:crypto for Stripe's and
// a scheme of one's own, the reference package for Standard Webhooks. D1, D3 and D4 of the security cases; GitHub's scheme
// is in github-payloads.

import { createHmac, randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import type { PublishedWorkflow } from '../../scripts/client/leat-client.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { finishedExecutions, startProduct, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.stop())

function echoing(params: JsonObject) {
  return graph(
    [
      node('hook', 'trigger.webhook', { respond: 'finished', ...params }),
      node('echo', 'data.set', { fields: [{ name: 'id', value: '{{ trigger.body.id }}' }] }),
    ],
    'hook>echo',
  )
}

type Headers = Record<string, string>

function post({ hookPath }: PublishedWorkflow, body: string, headers: Headers): Promise<Response> {
  const all = { 'content-type': 'application/json', ...headers }
  return fetch(product.url + hookPath, { method: 'POST', headers: all, body })
}

/** What was answered: the echoed id, or the reason of a refusal. */
async function say(response: Response): Promise<string> {
  const answer = await response.json<{ id?: string; error?: { code: string; details: { reason: string } } }>()
  if (response.status === 200) return String(answer.id)
  expect([response.status, answer.error?.code]).toEqual([401, 'hook.unauthorized'])
  return answer.error?.details.reason ?? ''
}

const nowSeconds = () => Math.floor(Date.now() / 1_000)

test('Standard Webhooks: signed by the reference package, accepted; changed, unsigned, old or by another key, refused', async () => {
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  const workflow = await product.client.publish('Standard', echoing({ verification: 'standard' }), secret)
  const body = JSON.stringify({ id: 'order 1', note: 'ünïcode\r\n' })
  const signedBy = (key: string, id: string, at: Date, text = body): Headers => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(key).sign(id, at, text),
  })
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  const good = signedBy(secret, 'msg_1', new Date())
  const { 'webhook-signature': signature = '', ...unsigned } = good
  const other = `whsec_${randomBytes(32).toString('base64')}`

  expect(await say(await post(workflow, body, good))).toBe('order 1')
  expect(await say(await post(workflow, `${body} `, signedBy(secret, 'msg_2', new Date(), body)))).toBe(
    'wrong_signature',
  )
  expect(await say(await post(workflow, body, unsigned))).toBe('missing_signature')
  expect(await say(await post(workflow, body, { ...good, 'webhook-id': 'msg_3' }))).toBe('wrong_signature')
  expect(await say(await post(workflow, body, signedBy(other, 'msg_4', new Date())))).toBe('wrong_signature')
  for (const minutes of [6, -6]) {
    expect(await say(await post(workflow, body, signedBy(secret, 'msg_5', minutesAgo(minutes))))).toBe(
      'timestamp_outside_tolerance',
    )
  }
  expect(await say(await post(workflow, body, { ...good, 'webhook-timestamp': 'yesterday' }))).toBe('missing_timestamp')
  const list = `v2,AAAA ${signature.replace('v1,', 'v1,AAAA')} ${signature}`
  expect(await say(await post(workflow, body, { ...good, 'webhook-signature': list }))).toBe('order 1')

  // D3: the same message again, even signed anew, starts nothing; neither did anything that was refused.
  expect(await say(await post(workflow, body, signedBy(secret, 'msg_1', new Date())))).toBe('order 1')
  expect(await say(await post(workflow, body, { ...good, 'idempotency-key': 'another' }))).toBe('order 1')
  expect((await finishedExecutions(product, workflow.id, 1)).length).toBe(1)
})

test('Standard Webhooks: while a secret is being replaced, the old and the new one count', async () => {
  const secrets = [1, 2].map(() => `whsec_${randomBytes(32).toString('base64')}`)
  const [before = '', after = ''] = secrets
  const workflow = await product.client.publish('Rotated', echoing({ verification: 'standard' }), before)
  await product.client.call('PUT', `/workflows/${workflow.id}/hooks/hook/secret`, { secret: after })
  for (const [index, secret] of secrets.entries()) {
    const body = JSON.stringify({ id: `order ${index}` })
    const at = new Date()
    const response = await post(workflow, body, {
      'webhook-id': `msg_${index}`,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(`msg_${index}`, at, body),
    })
    expect(await say(response)).toBe(`order ${index}`)
  }
})

test('Stripe: t and v1 over the raw body, several v1, nothing but v1, and five minutes', async () => {
  const secret = `whsec_${randomBytes(24).toString('hex')}`
  const workflow = await product.client.publish('Stripe', echoing({ verification: 'stripe' }), secret)
  const event = (id: string) =>
    JSON.stringify({ id, object: 'event', type: 'charge.succeeded', livemode: false }, null, 2)
  const mac = (at: number, body: string, key = secret) =>
    createHmac('sha256', key).update(`${at}.${body}`).digest('hex')
  const now = nowSeconds()
  const body = event('evt_1')

  const send = async (text: string, signature?: string, beside: Headers = {}) =>
    say(
      await post(workflow, text, { ...beside, ...(signature === undefined ? {} : { 'stripe-signature': signature }) }),
    )
  expect(await send(body, `t=${now},v1=${mac(now, body)},v0=${'0'.repeat(64)}`)).toBe('evt_1')
  expect(await send(event('evt_2'), `t=${now},v1=${'0'.repeat(64)},v1=${mac(now, event('evt_2'))}`)).toBe('evt_2')
  expect(await send(body)).toBe('missing_signature')
  expect(await send(body, `t=${now},v0=${mac(now, body)}`)).toBe('malformed_signature')
  expect(await send(body, `t=${now},v1=${mac(now, body, 'another secret, just as long')}`)).toBe('wrong_signature')
  expect(await send(JSON.stringify(JSON.parse(body)), `t=${now},v1=${mac(now, body)}`)).toBe('wrong_signature')
  expect(await send(body, `v1=${mac(now, body)}`)).toBe('missing_timestamp')
  for (const at of [now - 310, nowSeconds() + 600]) {
    expect(await send(body, `t=${at},v1=${mac(at, body)}`)).toBe('timestamp_outside_tolerance')
  }
  // Stripe signs every attempt anew; its event's id says that it is the same event.
  expect(await send(body, `t=${now + 1},v1=${mac(now + 1, body)}`)).toBe('evt_1')
  // D3: nor is it another event because of what nobody signed.
  for (const beside of [{ 'idempotency-key': 'another' }, { 'ce-id': 'another' }, { 'content-type': 'text/plain' }]) {
    expect(await send(body, `t=${now},v1=${mac(now, body)}`, beside)).toBe('evt_1')
  }
  expect((await finishedExecutions(product, workflow.id, 2)).length).toBe(2)
})

test('another HMAC: header, prefix and base64 as the workflow says', async () => {
  const secret = 'shared with one partner and nobody else'
  const workflow = await product.client.publish(
    'Partner',
    echoing({
      verification: 'hmac',
      signatureHeader: 'X-Partner-Mac',
      signatureEncoding: 'base64',
      signaturePrefix: 'mac:',
    }),
    secret,
  )
  const body = JSON.stringify({ id: 'p1' })
  const mac = createHmac('sha256', secret).update(body).digest('base64')
  expect(await say(await post(workflow, body, { 'x-partner-mac': `mac:${mac}` }))).toBe('p1')
  expect(await say(await post(workflow, body, { 'x-partner-mac': mac }))).toBe('malformed_signature')
  expect(await say(await post(workflow, body, { 'x-signature': `mac:${mac}` }))).toBe('missing_signature')
})

test('D1: a hook that asks for signatures and has no secret refuses everything', async () => {
  const workflow = await product.client.publish('Without a secret', echoing({ verification: 'github' })).catch(String)
  // Publishing it may be refused as well; what counts is that it never runs.
  if (typeof workflow === 'string') return expect(workflow).toMatch(/workflow\.invalid/)
  const body = JSON.stringify({ id: 'x' })
  const mac = createHmac('sha256', '').update(body).digest('hex')
  expect(await say(await post(workflow, body, { 'x-hub-signature-256': `sha256=${mac}` }))).toBe('no_secret')
})

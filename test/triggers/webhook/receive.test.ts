import { describe, expect, test } from 'vitest'
import { hookResponse } from '../../../worker/triggers/webhook/index.ts'
import { codeOf, dedupeOf, receive, requestOf, secret, settingsFor, triggerOf } from './support.ts'

const json = { 'content-type': 'application/json' }
const weekMs = 7 * 86_400_000

describe('what makes two deliveries one event', () => {
  test.each([
    [
      'Idempotency-Key',
      { 'Idempotency-Key': 'k1', 'webhook-id': 'm1', 'x-github-delivery': 'g1' },
      'hook/idempotency-key:k1',
    ],
    ['webhook-id', { 'webhook-id': 'm1', 'x-github-delivery': 'g1' }, 'hook/webhook-id:m1'],
    ['GitHub', { 'X-GitHub-Delivery': 'g1' }, 'hook/x-github-delivery:g1'],
    ['Shopify', { 'X-Shopify-Webhook-Id': 's1' }, 'hook/x-shopify-webhook-id:s1'],
    ['GitLab', { 'X-Gitlab-Event-UUID': 'l1' }, 'hook/x-gitlab-event-uuid:l1'],
    ['CloudEvents', { 'ce-id': 'c1' }, 'hook/ce-id:c1'],
  ])('the id of %s, for a week', async (_, headers, key) => {
    expect(await dedupeOf({ body: '{}', headers: { ...json, ...headers } })).toMatchObject({ key, windowMs: weekMs })
  })

  test.each([
    ['Stripe', { object: 'event', id: 'evt_1', data: {} }, 'hook/stripe:evt_1'],
    ['Slack', { type: 'event_callback', event_id: 'Ev1' }, 'hook/slack:Ev1'],
  ])('the id that %s writes into the body', async (_, body, key) => {
    expect(await dedupeOf({ body: JSON.stringify(body), headers: json })).toMatchObject({ key, windowMs: weekMs })
  })

  test("an id of the workflow's own choice wins over those that are guessed, not over the sender's key", async () => {
    const chooseId = () => 'order-7'
    const github = { ...json, 'x-github-delivery': 'g1' }
    expect(await dedupeOf({ body: '{}', headers: github }, { chooseId })).toMatchObject({ key: 'hook/chosen:order-7' })
    expect(await dedupeOf({ body: '{}', headers: { ...github, 'idempotency-key': 'k' } }, { chooseId })).toMatchObject({
      key: 'hook/idempotency-key:k',
    })
    expect(await dedupeOf({ body: '{}', headers: github }, { chooseId: () => undefined })).toMatchObject({
      key: 'hook/x-github-delivery:g1',
    })
  })

  test('else the whole of it, for a minute: equal bodies are one event, others are not', async () => {
    const of = (body: string, search = '', hookKey = 'hook') => dedupeOf({ body, headers: json, search }, { hookKey })
    const first = await of('{"a":1}')
    expect(first).toMatchObject({ windowMs: 60_000 })
    expect(await of('{"a":1}')).toEqual(first)
    const others = await Promise.all([of('{"a":2}'), of('{"a": 1}'), of('{"a":1}', '?x=1'), of('{"a":1}', '', 'other')])
    expect(new Set([first, ...others].map(({ key }) => key)).size).toBe(5)
  })

  test('a GET is told from another by its query', async () => {
    expect(await dedupeOf({ search: '?a=1' })).not.toEqual(await dedupeOf({ search: '?a=2' }))
  })

  test('a sender that uses its key for another body is seen; a provider may change the body of a redelivery', async () => {
    const hash = async (body: string, headers: Record<string, string>) =>
      (await dedupeOf({ body, headers: { ...json, ...headers } })).bodyHash
    expect(await hash('{"a":1}', { 'idempotency-key': 'k' })).not.toBe(
      await hash('{"a":2}', { 'idempotency-key': 'k' }),
    )
    expect(await hash('{"try":1}', { 'x-github-delivery': 'g' })).toBe(
      await hash('{"try":2}', { 'x-github-delivery': 'g' }),
    )
  })

  test('a long id is kept as its hash, and is still told from another', async () => {
    const of = async (id: string) => (await dedupeOf({ body: '{}', headers: { ...json, 'webhook-id': id } })).key
    const [one, two] = [await of(`${'x'.repeat(5_000)}1`), await of(`${'x'.repeat(5_000)}2`)]
    expect(one).toMatch(/^hook\/sha256:[0-9a-f]{64}$/)
    expect(one).not.toBe(two)
  })
})

describe('what the workflow reads', () => {
  test('method, headers in lower case, query and body', async () => {
    const trigger = await triggerOf({
      body: '{"a":1}',
      headers: { ...json, 'X-GitHub-Event': 'push' },
      search: '?a=1&b=2&b=3',
    })
    expect(trigger).toEqual({
      type: 'webhook',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-github-event': 'push' },
      query: { a: '1', b: ['2', '3'] },
      body: { a: 1 },
    })
  })

  test("credentials are masked, and the platform's own headers left out", async () => {
    const settings = settingsFor({ verification: 'header', tokenHeader: 'X-Door' })
    const headers = {
      ...json,
      'X-Door': secret,
      Authorization: 'Bearer abc',
      Cookie: 'session=1',
      'X-Hub-Signature-256': 'sha256=00',
      'Stripe-Signature': 't=1',
      'X-Api-Key': 'k',
      'X-Gitlab-Token': 't',
      'CF-Ray': '1',
      'CF-Connecting-IP': '203.0.113.1',
      'X-Forwarded-For': '203.0.113.1',
      'X-Event-Key': 'repo:push',
    }
    const trigger = await triggerOf({ body: '{}', headers }, { settings, secrets: [secret] })
    expect(trigger.headers).toEqual({
      'content-type': 'application/json',
      'x-door': '***',
      authorization: '***',
      cookie: '***',
      'x-hub-signature-256': '***',
      'stripe-signature': '***',
      'x-api-key': '***',
      'x-gitlab-token': '***',
      'cf-connecting-ip': '203.0.113.1',
      'x-event-key': 'repo:push',
    })
    expect(JSON.stringify(trigger)).not.toContain(secret)
  })

  test('a query without measure is refused', async () => {
    expect(await codeOf(receive({ search: `?${'a=1&'.repeat(1_001)}` }))).toBe('request.too_large')
  })
})

test('a method the hook does not take is refused', async () => {
  const settings = settingsFor({ methods: ['POST'] })
  expect(await codeOf(receive({ method: 'PUT', body: '{}', headers: json }, { settings }))).toBe(
    'hook.method_not_allowed',
  )
  expect(await codeOf(receive({ body: '{}', headers: json }, { settings }))).toBe('received')
})

test("bytes that were read before are checked again without the request's body", async () => {
  const kept = {}
  const first = await receive({ body: '{"a":1}', headers: { ...json, 'webhook-id': 'm' } }, { kept })
  const again = await receive({ method: 'POST', headers: { ...json, 'webhook-id': 'm' } }, { kept })
  expect(again).toEqual(first)
})

describe('the answer to the sender', () => {
  const answer = async (response: Response) => ({
    status: response.status,
    type: response.headers.get('content-type'),
    body: await response.text(),
  })

  test.each([
    [{ ok: true }, {}, { status: 200, type: 'application/json', body: '{"ok":true}' }],
    ['hello', {}, { status: 200, type: 'text/plain; charset=utf-8', body: 'hello' }],
    ['<b>x</b>', { 'content-type': 'text/html' }, { status: 200, type: 'text/html', body: '<b>x</b>' }],
    [null, { 'content-type': 'text/html' }, { status: 200, type: null, body: '' }],
    [7, {}, { status: 200, type: 'application/json', body: '7' }],
  ])('%j with %j', async (body, headers, expected) => {
    expect(await answer(hookResponse({ status: 200, headers, body }))).toEqual(expected)
  })

  test('any status that a workflow may give is an answer; a 204, a 205 and a 304 have no body', async () => {
    const bodiless: number[] = []
    for (let status = 200; status <= 599; status++) {
      const response = hookResponse({ status, headers: {}, body: { a: 1 } })
      expect(response.status).toBe(status)
      if ((await response.text()) === '') bodiless.push(status)
    }
    expect(bodiless).toEqual([204, 205, 304])
  })

  test('H4: cannot act on this site: no cookie, no script, no guessed type, nothing that a browser keeps for all of it', () => {
    const headers = {
      'Set-Cookie': 'session=stolen',
      'content-security-policy': 'default-src *',
      'X-Content-Type-Options': 'sniff',
      'clear-site-data': '"*"',
      'service-worker-allowed': '/',
      NEL: '{"report_to":"x","max_age":31536000,"success_fraction":1}',
      'Report-To': '{"group":"x","max_age":31536000,"endpoints":[{"url":"https://elsewhere.example/r"}]}',
      'reporting-endpoints': 'x="https://elsewhere.example/r"',
      'alt-svc': 'h2="elsewhere.example:443"; ma=86400',
      'accept-ch': 'Sec-CH-UA-Model',
      'x-mine': 'yes',
      'bad name': 'x',
      'x-bad': 'a\nb',
    }
    const response = hookResponse({ status: 200, headers, body: '<script>alert(1)</script>' })
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; .*; sandbox allow-forms allow-popups$/,
      ) as string,
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-mine': 'yes',
    })
  })

  test.each([
    'text/html',
    'TEXT/HTML; charset=utf-8',
    'image/svg+xml',
    'application/xhtml+xml',
    'application/jsonp',
    'any',
  ])('H4: as %s it may be a page, and is kept apart from this site', (type) => {
    const { headers } = hookResponse({ status: 200, headers: { 'content-type': type }, body: '<script></script>' })
    expect([headers.get('content-security-policy'), headers.get('x-content-type-options')]).toEqual([
      expect.stringContaining('sandbox'),
      'nosniff',
    ])
  })
})

test('a request is what the tests say it is', () => {
  expect(requestOf({ body: 'x' }).method).toBe('POST')
})

import { describe, expect, test } from 'vitest'
import { parseRetryAfter } from '../../worker/nodes/http/retry-after.ts'
import { isExpected, parseExpectation } from '../../worker/nodes/http/expected-status.ts'
import { failureOf, request, requestError, resolve, scopeOf } from './support.ts'

const url = 'https://api.example.com/orders'
const json = { 'content-type': 'application/json; charset=utf-8' }

describe('what is sent', () => {
  test("method, address and the key of the step, which a header of one's own replaces", async () => {
    const { sent } = await request({ url })
    expect(sent).toMatchObject({
      method: 'GET',
      url,
      headers: { 'idempotency-key': 'fx_key' },
      maxRedirects: 5,
      maxResponseBytes: 262_144,
    })
    expect(sent.body).toBeUndefined()
    const own = await request({ url, headers: { 'Idempotency-Key': 'mine', ' X-A ': '1' } })
    expect(own.sent.headers).toMatchObject({ 'idempotency-key': 'mine', 'x-a': '1' })
  })

  test('the query is encoded and added to the one there is', async () => {
    const query = { q: 'a b&c', tag: ['x', 'y'], none: null, page: 2 }
    expect((await request({ url, query })).sent.url).toBe(`${url}?q=a+b%26c&tag=x&tag=y&page=2`)
    expect((await request({ url: `${url}?a=1#part`, query: { b: '2' } })).sent.url).toBe(`${url}?a=1&b=2`)
    expect((await request({ url: `${url}?`, query: { b: '2' } })).sent.url).toBe(`${url}?b=2`)
    expect((await request({ url: `${url}?a=1#part` })).sent.url).toBe(`${url}?a=1#part`)
  })

  test.each([
    [{ bodyType: 'json', json: { a: 1 } }, '{"a":1}', 'application/json'],
    [{ bodyType: 'json', json: '{"a": 1}' }, '{"a": 1}', 'application/json'],
    [{ bodyType: 'json', json: '{not json' }, '"{not json"', 'application/json'],
    [{ bodyType: 'json', json: '{{ trigger.body }}' }, '{"id":7}', 'application/json'],
    [{ bodyType: 'json' }, 'null', 'application/json'],
    [
      { bodyType: 'form', form: { a: 'x y', b: [1, true], c: null } },
      'a=x+y&b=1&b=true',
      'application/x-www-form-urlencoded',
    ],
    [{ bodyType: 'text', text: 'id {{ trigger.body.id }}' }, 'id 7', 'text/plain; charset=utf-8'],
    [{ bodyType: 'text', text: '<a/>', contentType: 'application/xml' }, '<a/>', 'application/xml'],
  ])('the body of %j', async (params, body, contentType) => {
    const { sent } = await request({ method: 'POST', url, ...params }, {}, scopeOf({ body: { id: 7 } }))
    expect(sent).toMatchObject({ body, headers: { 'content-type': contentType } })
  })

  test("a content type of one's own stays", async () => {
    const params = {
      method: 'POST',
      url,
      bodyType: 'json',
      json: {},
      headers: { 'Content-Type': 'application/vnd.api+json' },
    }
    expect((await request(params)).sent.headers['content-type']).toBe('application/vnd.api+json')
  })
})

describe('params after expressions', () => {
  const scope = scopeOf({ body: { id: 7, ok: true, none: null, tags: ['a'] } })

  test('become what is asked for where nothing else can be meant', () => {
    const params = {
      url: 'https://x.example.com/{{ trigger.body.id }}',
      maxResponseKb: '{{ "64" }}',
      text: '{{ trigger.body.tags }}',
      bodyType: 'text',
    }
    expect(resolve('http.request', params, scope)).toEqual({
      url: 'https://x.example.com/7',
      maxResponseKb: 64,
      text: '["a"]',
      bodyType: 'text',
    })
  })

  test.each([
    [{ url: '{{ trigger.body.none }}' }, 'url', 'must be text'],
    [{ url: '' }, 'url', 'must not be empty'],
    [{}, 'url', 'is missing'],
    [{ url, method: '{{ "BREW" }}' }, 'method', 'must be one of GET'],
    [{ url, maxRedirects: '{{ 9 }}' }, 'maxRedirects', 'must be at most 5'],
    [{ url, expected: '{{ "fine" }}' }, 'expected', 'must be statuses'],
    [{ url, headers: { a: '{{ trigger.body.tags }}' } }, 'headers.a', 'has none of the forms'],
    [{ url, nonsense: 1 }, '', 'has no param "nonsense"'],
  ])('%j fails and names the param', (params, param, words) => {
    const failure = failureOf(() => resolve('http.request', params, scope))
    expect(failure).toMatchObject({ kind: 'terminal', code: 'params.invalid', details: { param } })
    expect(failure.message).toContain(words)
  })

  test('C10: a body or an address that is an object is text, never something to look into', async () => {
    const file = scopeOf({ body: { path: '/etc/passwd', href: 'file:///etc/passwd' } })
    expect(
      (await request({ method: 'POST', url, bodyType: 'text', text: '{{ trigger.body }}' }, {}, file)).sent.body,
    ).toBe('{"path":"/etc/passwd","href":"file:///etc/passwd"}')
    expect(resolve('http.request', { url: '{{ trigger.body }}' }, file)['url']).toMatch(/^\{/)
  })
})

describe('what comes back', () => {
  test.each([
    ['auto', json, '{"a":[1]}', { a: [1] }],
    ['auto', { 'content-type': 'application/problem+json' }, '{"a":1}', { a: 1 }],
    ['auto', { 'content-type': 'text/plain' }, '{"a":1}', '{"a":1}'],
    ['auto', {}, 'plain', 'plain'],
    ['auto', json, '', null],
    ['auto', { 'content-type': 'image/png' }, new Uint8Array([0x89, 0x50, 0xff]), 'iVD/'],
    ['auto', { 'content-type': 'text/plain; charset=iso-8859-1' }, new Uint8Array([0xfc]), 'ü'],
    ['json', { 'content-type': 'text/plain' }, '[1]', [1]],
    ['text', json, '{"a":1}', '{"a":1}'],
    ['text', json, '', ''],
    ['base64', {}, 'hi', 'aGk='],
  ])('read as %s with %j', async (parse, headers, body, value) => {
    const { outcome } = await request({ url, parse }, { headers, body })
    expect(outcome).toEqual({ output: { status: 200, headers, body: value, url }, port: 'out' })
  })

  test('what says it is JSON and is not is an error that trying again does not mend', async () => {
    expect(await requestError({ url }, { headers: json, body: '<html>' })).toMatchObject({
      name: 'TerminalError',
      code: 'http.invalid_json',
      details: { body: '<html>' },
    })
  })

  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

  test('D9: JSON that is nested too deep to be kept is refused, as an answer that nobody could read', async () => {
    expect((await request({ url }, { headers: json, body: nested(64) })).outcome.port).toBe('out')
    for (const levels of [65, 5_000, 100_000]) {
      expect(await requestError({ url }, { headers: json, body: nested(levels) })).toMatchObject({
        code: 'http.invalid_json',
        message: 'The answer is JSON nested more than 64 levels deep.',
        sent: 'unknown',
      })
    }
  })

  test('a number that no double holds is refused: written down and read again it would be null', async () => {
    expect(await requestError({ url }, { headers: json, body: '{"n":[1,1e999]}' })).toMatchObject({
      code: 'http.invalid_json',
      message: 'The answer has a number that is too large.',
    })
  })
})

describe('a status that is no success', () => {
  test.each([400, 401, 403, 404, 409, 410, 422, 300, 304])('%i is not tried again', async (status) => {
    expect(await requestError({ url }, { status, body: 'because' })).toMatchObject({
      name: 'TerminalError',
      code: 'http.unexpected_status',
      message: `The answer was ${status}.`,
      details: { status, body: 'because' },
    })
  })

  test.each([408, 425, 429, 500, 502, 503, 504, 599])('%i is', async (status) => {
    expect(await requestError({ url }, { status })).toMatchObject({
      name: 'RetryableError',
      code: 'http.unexpected_status',
    })
  })

  test("what counts as success is the workflow's to say", async () => {
    expect((await request({ url, expected: '2xx, 404' }, { status: 404 })).outcome.output).toMatchObject({
      status: 404,
    })
    expect(await requestError({ url, expected: '201' }, { status: 200 })).toMatchObject({ details: { status: 200 } })
  })

  test('what it says is read like an answer that is wanted, for whoever decides by it', async () => {
    const told = (params: object, headers: Record<string, string>, body: string) =>
      requestError({ url, ...params }, { status: 422, headers, body }).then(({ details }) => details)
    expect(await told({}, { ...json, 'x-reason': 'stock' }, '{"left":0}')).toEqual({
      status: 422,
      headers: { ...json, 'x-reason': 'stock' },
      body: { left: 0 },
    })
    expect(await told({ parse: 'text' }, json, '{"left":0}')).toMatchObject({ body: '{"left":0}' })
    expect(await told({}, json, '{"left":')).toMatchObject({ body: '{"left":' })
    expect(await told({}, json, '')).toMatchObject({ body: null })
    const deep = `${'['.repeat(40)}${']'.repeat(40)}`
    expect(await told({}, json, deep)).toMatchObject({ body: deep })
  })

  test('only the beginning of a long body goes into the error, as text', async () => {
    const long = JSON.stringify('x'.repeat(4_095))
    const { details } = await requestError({ url }, { status: 400, headers: json, body: long })
    expect(details).toMatchObject({ body: long.slice(0, 1_000), cut: true })
    const whole = long.slice(1)
    expect((await requestError({ url }, { status: 400, body: whole })).details).toEqual({
      status: 400,
      headers: {},
      body: whole,
    })
  })

  test('what speaks for somebody stays out of the error, and so does what is too much', async () => {
    const headers = { 'set-cookie': 'session=1', 'x-auth-token': 'abc', 'x-long': 'x'.repeat(2_000), 'x-short': 'a' }
    expect((await requestError({ url }, { status: 401, headers })).details).toMatchObject({
      headers: { 'x-short': 'a' },
    })
  })

  test("the other side's wish to be left alone is kept", async () => {
    expect(await requestError({ url }, { status: 429, headers: { 'retry-after': '30' } })).toMatchObject({
      retryAfterMs: 30_000,
    })
    expect(await requestError({ url }, { status: 503 })).toMatchObject({ retryAfterMs: undefined })
  })
})

describe('Retry-After', () => {
  const date = 'Mon, 01 Jun 2026 12:00:00 GMT'
  test.each([
    ['120', 120_000],
    ['0', 0],
    [' 5 ', 5_000],
    ['1.5', 1_500],
    ['Mon, 01 Jun 2026 12:01:00 GMT', 60_000],
    ['Monday, 01-Jun-26 12:00:30 GMT', 30_000],
    ['Mon, 01 Jun 2026 11:00:00 GMT', 0],
    ['99999999999999', 365 * 86_400_000],
    ['soon', null],
    ['-5', null],
    ['5 minutes', null],
    ['2026-06-01T13:00:00Z', null],
    ['', null],
  ])('%j', (value, ms) => {
    expect(parseRetryAfter({ 'retry-after': value, date })).toBe(ms)
  })

  test('a date says nothing without the clock it was written by', () => {
    expect(parseRetryAfter({ 'retry-after': 'Mon, 01 Jun 2026 12:01:00 GMT' })).toBe(null)
    expect(parseRetryAfter({})).toBe(null)
  })
})

test.each([
  ['', [[200, 299]]],
  ['2xx', [[200, 299]]],
  [
    '2XX, 404',
    [
      [200, 299],
      [404, 404],
    ],
  ],
  ['301-308', [[301, 308]]],
  ['200 - 204', [[200, 204]]],
  ['fine', null],
  ['6xx', null],
  ['2000', null],
  ['2xx;404', null],
])('the statuses %j', (text, ranges) => {
  expect(parseExpectation(text)).toEqual(ranges)
  expect(isExpected(204, parseExpectation('2xx')!)).toBe(true)
})

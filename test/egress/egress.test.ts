import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createEgress, fetchesOf, type Egress } from '../../worker/egress/index.ts'
import { RetryableError, TerminalError } from '../../worker/lib/step-errors.ts'
import type { EgressRequest } from '../../worker/nodes/define.ts'

// Real servers on this machine: `target` is on the allow list, `other` too (another origin), `closed` is not.

interface Received {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

class Site {
  readonly received: Received[] = []
  answer: (request: Received, response: ServerResponse) => void = (_, response) => response.end('ok')
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { method = '', url = '', headers } = request
        const received = { method, url, headers, body: Buffer.concat(chunks).toString() }
        this.received.push(received)
        this.answer(received, response)
      })
    })
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get origin(): string {
    return `http://${this.host}`
  }
}

const target = new Site()
const other = new Site()
const closed = new Site()
let egress: Egress

beforeAll(async () => {
  await Promise.all([target.open(), other.open(), closed.open()])
  egress = createEgress({ allow: [target.host, other.host] })
})
afterAll(() => {
  for (const site of [target, other, closed]) site.close()
})
beforeEach(() => {
  for (const site of [target, other, closed]) {
    site.received.length = 0
    site.answer = (_, response) => response.end('ok')
  }
})

const never = new AbortController().signal

function send(request: Partial<EgressRequest>, signal: AbortSignal = never) {
  return egress({ url: `${target.origin}/`, method: 'GET', headers: {}, ...request }, signal)
}

async function failureOf(
  call: Promise<unknown>,
): Promise<{ code: string; retryable: boolean; message: string; details: string }> {
  try {
    await call
  } catch (error) {
    if (error instanceof TerminalError || error instanceof RetryableError) {
      const details = JSON.stringify(error.details ?? null)
      return { code: error.code, retryable: error instanceof RetryableError, message: error.message, details }
    }
    throw error
  }
  throw new Error('the call did not fail')
}

test('sends method, headers and body, and gives what came back', async () => {
  target.answer = (_, response) => {
    response.writeHead(201, { 'content-type': 'application/json', 'x-two': ['a', 'b'] })
    response.end('{"id":1}')
  }
  const answer = await send({
    url: `${target.origin}/orders?a=1`,
    method: 'post',
    headers: { 'X-Key': 'k' },
    body: '{"x":"ü"}',
  })

  expect(target.received).toMatchObject([{ method: 'POST', url: '/orders?a=1', body: '{"x":"ü"}' }])
  expect(target.received[0]!.headers).toMatchObject({ 'x-key': 'k', 'user-agent': 'Leat/1', host: target.host })
  expect({ ...answer, body: new TextDecoder().decode(answer.body) }).toMatchObject({
    status: 201,
    headers: { 'content-type': 'application/json', 'x-two': 'a, b' },
    body: '{"id":1}',
    url: `${target.origin}/orders?a=1`,
  })
})

test('K1: every call says that it went through us, and why where that is known; a workflow can say neither', async () => {
  const request = {
    url: `${target.origin}/redirect`,
    method: 'GET',
    headers: { 'Leat-Cause': 'made up', 'CDN-Loop': 'other' },
  }
  target.answer = (_, response) => response.writeHead(302, { location: `${other.origin}/` }).end()
  await egress(request, never, undefined, 'k1.claims.mac')
  for (const { headers } of [target.received[0]!, other.received[0]!]) {
    expect([headers['leat-cause'], headers['cdn-loop']]).toEqual(['k1.claims.mac', 'leat'])
  }
  target.answer = (_, response) => response.end()
  await egress(request, never)
  const { headers } = target.received.at(-1)!
  expect([headers['leat-cause'], headers['cdn-loop']]).toEqual([undefined, 'leat'])
})

test('an answer of any status is an answer', async () => {
  target.answer = (_, response) => response.writeHead(503).end('busy')
  expect(await send({})).toMatchObject({ status: 503 })
})

test('C8: a private address is refused before anything is sent, unless the operator named it', async () => {
  expect(await failureOf(send({ url: `${closed.origin}/` }))).toMatchObject({
    code: 'egress.refused_address',
    retryable: false,
  })
  expect(closed.received).toEqual([])
})

describe('C4: redirects', () => {
  test.each([301, 302, 303, 307, 308])(
    'a %i to a private address is refused, and nothing arrives there',
    async (status) => {
      target.answer = (_, response) => response.writeHead(status, { location: `${closed.origin}/secret` }).end()
      expect(await failureOf(send({}))).toMatchObject({ code: 'egress.refused_address' })
      expect(closed.received).toEqual([])
    },
  )

  test.each(['http://169.254.169.254/', 'file:///etc/passwd', '//[::1]/', 'http://user:word@127.0.0.1/'])(
    'one to %s is refused',
    async (location) => {
      target.answer = (_, response) => response.writeHead(302, { location }).end()
      expect(await failureOf(send({}))).toMatchObject({ code: 'egress.refused_address' })
    },
  )

  test('one within the origin keeps credentials, and the final address is told', async () => {
    target.answer = ({ url }, response) =>
      url === '/a' ? response.writeHead(302, { location: 'b?x=1' }).end() : response.end('there')
    const answer = await send({ url: `${target.origin}/a`, headers: { authorization: 'Bearer s' } })
    expect(answer.url).toBe(`${target.origin}/b?x=1`)
    expect(target.received[1]!.headers.authorization).toBe('Bearer s')
  })

  test('one to another origin loses everything that speaks for somebody, and keeps the rest', async () => {
    target.answer = (_, response) => response.writeHead(307, { location: `${other.origin}/` }).end()
    const headers = {
      authorization: 'Bearer s',
      cookie: 'a=1',
      'x-api-key': 'k',
      'X-Auth-Token': 't',
      'idempotency-key': 'fx_1',
    }
    await send({ method: 'POST', body: 'b', headers })
    const { headers: arrived, method, body } = other.received[0]!
    expect({ method, body }).toEqual({ method: 'POST', body: 'b' })
    expect(arrived).toMatchObject({ 'idempotency-key': 'fx_1' })
    for (const name of ['authorization', 'cookie', 'x-api-key', 'x-auth-token']) expect(arrived[name]).toBeUndefined()
  })

  test.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [302, 'PUT', 'PUT'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
  ])('a %i after %s is followed by %s', async (status, method, next) => {
    target.answer = ({ url }, response) =>
      url === '/a' ? response.writeHead(status, { location: '/b' }).end() : response.end()
    const body = method === 'HEAD' ? {} : { body: '{}' }
    await send({ url: `${target.origin}/a`, method, headers: { 'content-type': 'application/json' }, ...body })
    const second = target.received[1]!
    expect(second.method).toBe(next)
    expect(second.body).toBe(next === method && method !== 'HEAD' ? '{}' : '')
    if (next !== method) expect(second.headers['content-type']).toBeUndefined()
  })

  test('five are followed, the sixth is too many', async () => {
    let hops = 0
    target.answer = ({ url }, response) => {
      const left = Number(url.slice(1))
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end()
      else response.end(`after ${++hops}`)
    }
    expect(await send({ url: `${target.origin}/5` })).toMatchObject({ status: 200 })
    expect(await failureOf(send({ url: `${target.origin}/6` }))).toMatchObject({
      code: 'egress.too_many_redirects',
      retryable: false,
    })
    expect(await failureOf(send({ url: `${target.origin}/3`, maxRedirects: 2 }))).toMatchObject({
      code: 'egress.too_many_redirects',
    })
  })

  test('where none are to be followed, the redirect is the answer', async () => {
    target.answer = (_, response) => response.writeHead(302, { location: `${closed.origin}/` }).end()
    expect(await send({ maxRedirects: 0 })).toMatchObject({ status: 302, headers: { location: `${closed.origin}/` } })
  })

  test('an address in a redirect that is none is an error, a missing one an answer', async () => {
    target.answer = (_, response) => response.writeHead(302, { location: 'http://' }).end()
    expect(await failureOf(send({}))).toMatchObject({ code: 'egress.invalid_redirect' })
    target.answer = (_, response) => response.writeHead(302).end()
    expect(await send({})).toMatchObject({ status: 302 })
  })
})

describe('C11: headers', () => {
  test.each([
    ['a\r\nx-injected: 1', 'v'],
    ['x-a', 'v\r\nx-injected: 1'],
    ['x-a', 'v\nx-injected: 1'],
    ['x a', 'v'],
    ['', 'v'],
    ['x-a', 'nul\u0000'],
    ['x-a', 'snow ☃'],
  ])('%j: %j is refused', async (name, value) => {
    expect(await failureOf(send({ headers: { [name]: value } }))).toMatchObject({ code: 'egress.invalid_header' })
    expect(target.received).toEqual([])
  })

  test('managed ones are dropped, whatever their case', async () => {
    const managed = {
      Host: 'evil.example.com',
      'X-Forwarded-For': '10.0.0.1',
      'x-forwarded-host': 'evil',
      'CF-Connecting-IP': '10.0.0.1',
      Forwarded: 'for=1',
      'Transfer-Encoding': 'chunked',
      TE: 'trailers',
      Upgrade: 'h2c',
      'Proxy-Authorization': 'Basic x',
      'True-Client-IP': '10.0.0.1',
      'content-length': '1',
      Via: '1.1 x',
    }
    await send({ method: 'POST', body: 'four', headers: { ...managed, 'x-mine': 'yes' } })
    const { headers, body } = target.received[0]!
    expect(body).toBe('four')
    expect(headers).toMatchObject({ host: target.host, 'content-length': '4', 'x-mine': 'yes' })
    for (const name of [
      'x-forwarded-for',
      'x-forwarded-host',
      'cf-connecting-ip',
      'forwarded',
      'upgrade',
      'true-client-ip',
      'via',
    ]) {
      expect(headers[name]).toBeUndefined()
    }
  })

  test('a flood of them is refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`x-${index}`, 'v']))
    expect(await failureOf(send({ headers: many }))).toMatchObject({ code: 'egress.invalid_header' })
    expect(await failureOf(send({ headers: { 'x-a': 'v'.repeat(40_000) } }))).toMatchObject({
      code: 'egress.invalid_header',
    })
  })

  test('credentials never leave over plain http, except to an address the operator opened', async () => {
    const plain = { url: 'http://api.example.com/', headers: { Authorization: 'Bearer s' } }
    expect(await failureOf(send(plain))).toMatchObject({ code: 'egress.insecure_credentials', retryable: false })
    expect(await send({ headers: { Authorization: 'Bearer s' } })).toMatchObject({ status: 200 })
  })
})

describe('C13: answers without measure', () => {
  test('a small body that unpacks to a huge one is given up at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
    target.answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    expect(await failureOf(send({ maxResponseBytes: 100_000 }))).toMatchObject({
      code: 'egress.too_large',
      retryable: false,
    })
  })

  test('an endless stream is given up at the limit, and the connection is closed', async () => {
    let sent = 0
    const gone = new Promise<void>((resolve) => {
      target.answer = (_, response) => {
        response.on('close', resolve)
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536
          if (!response.destroyed) response.once('drain', more)
        }
        more()
      }
    })
    expect(await failureOf(send({ maxResponseBytes: 100_000 }))).toMatchObject({ code: 'egress.too_large' })
    await gone
    expect(sent).toBeLessThan(50 * 1024 * 1024)
  })

  test('a body that says it is too large is not even read', async () => {
    target.answer = (_, response) => response.writeHead(200, { 'content-length': '999999' }).end(Buffer.alloc(999_999))
    expect(await failureOf(send({ maxResponseBytes: 1_000 }))).toMatchObject({ code: 'egress.too_large' })
  })

  test('a body of exactly the limit is an answer', async () => {
    target.answer = (_, response) => response.end(Buffer.alloc(1_000))
    expect((await send({ maxResponseBytes: 1_000 })).body).toHaveLength(1_000)
  })

  test('an answer that never comes ends with the deadline, one that was cancelled with the reason', async () => {
    target.answer = () => undefined
    expect(await failureOf(send({}, AbortSignal.timeout(50)))).toMatchObject({
      code: 'egress.timeout',
      retryable: true,
    })
    const controller = new AbortController()
    const call = send({}, controller.signal)
    controller.abort(new Error('not wanted any more'))
    await expect(call).rejects.toThrow('not wanted any more')
  })

  test('a body that stalls ends with the deadline too', async () => {
    target.answer = (_, response) => response.writeHead(200).write('half')
    expect(await failureOf(send({}, AbortSignal.timeout(80)))).toMatchObject({ code: 'egress.timeout' })
  })

  test('headers without end are refused', async () => {
    const flood = Array.from({ length: 2_000 }, (_, index) => [`x-${index}`, 'v'.repeat(50)] as [string, string])
    const egress = createEgress({ fetch: () => Promise.resolve(new Response('', { headers: flood })) })
    const call = egress({ url: 'https://api.example.com/', method: 'GET', headers: {} }, never)
    expect(await failureOf(call)).toMatchObject({ code: 'egress.too_large' })
  })
})

describe('C14: what goes wrong is told without the query', () => {
  test('when nobody answers', async () => {
    const gone = new Site()
    await gone.open()
    const { host, origin } = gone
    gone.close()
    const egress = createEgress({ allow: [host] })
    const failure = await failureOf(egress({ url: `${origin}/x?api_key=hunter2`, method: 'GET', headers: {} }, never))
    expect(failure).toMatchObject({ code: 'egress.unreachable', retryable: true })
    expect(failure.message).toBe(`Could not reach ${host}: it refused the connection. The request did not get there.`)
  })

  test('when the connection breaks in the middle', async () => {
    target.answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
      setTimeout(() => response.destroy(), 10)
    }
    const failure = await failureOf(send({ url: `${target.origin}/?token=hunter2` }))
    expect(failure).toMatchObject({ code: 'egress.answer_broken', retryable: true })
    expect(failure.message).not.toContain('hunter2')
  })

  test('when the address is refused', async () => {
    const failure = await failureOf(send({ url: 'https://10.0.0.1/?token=hunter2&page=1' }))
    expect(failure.message + failure.details).not.toContain('hunter2')
    expect(failure.details).toContain('page=1')
  })
})

describe('it tells as it goes whether the other side may have got the request', () => {
  async function told(request: Partial<EgressRequest>, { by = egress, signal = never } = {}) {
    const sent: string[] = []
    const call = by(
      { url: `${target.origin}/`, method: 'POST', headers: {}, body: '{"a":1}', ...request },
      signal,
      (now) => sent.push(now),
    )
    await call.catch(() => undefined)
    return sent
  }

  test('an address that is refused was not sent to, one that answers has answered', async () => {
    expect(await told({ url: `${closed.origin}/` })).toEqual(['no'])
    expect((await told({})).at(-1)).toBe('answered')
  })

  test('a connection that is refused was never made; one that breaks may have carried the request', async () => {
    const gone = new Site()
    await gone.open()
    const { host, origin } = gone
    gone.close()
    expect((await told({ url: `${origin}/` }, { by: createEgress({ allow: [host] }) })).at(-1)).toBe('no')
    target.answer = (_, response) => response.destroy()
    expect((await told({})).at(-1)).toBe('unknown')
  })

  test('an answer that breaks off or does not come is none; one that is too large is one, unless it said yes', async () => {
    target.answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.destroy())
    }
    expect((await told({})).at(-1)).toBe('unknown')
    target.answer = () => undefined
    expect((await told({}, { signal: AbortSignal.timeout(50) })).at(-1)).toBe('unknown')
    for (const [status, sent] of [
      [200, 'unknown'],
      [500, 'answered'],
    ] as const) {
      target.answer = (_, response) => response.writeHead(status).end(Buffer.alloc(2_000))
      expect((await told({ maxResponseBytes: 1_000 })).at(-1)).toBe(sent)
    }
  })

  test.each([
    [307, 'answered'],
    [303, 'unknown'],
  ])('a %i to an address that is refused leaves it at %s', async (status, sent) => {
    target.answer = (_, response) => response.writeHead(status, { location: 'http://10.0.0.1/' }).end()
    expect((await told({})).at(-1)).toBe(sent)
  })
})

test.each(['CONNECT', 'TRACE', 'FETCH', ''])('the method %j is refused', async (method) => {
  expect(await failureOf(send({ method }))).toMatchObject({ code: 'egress.invalid_method', retryable: false })
})

test('a GET with a body is refused in our words', async () => {
  expect(await failureOf(send({ body: 'x' }))).toMatchObject({ code: 'egress.invalid_method' })
})

test('a redirect from https to http is refused', async () => {
  const egress = createEgress({
    fetch: () => Promise.resolve(new Response(null, { status: 302, headers: { location: 'http://api.example.com/' } })),
  })
  const call = egress({ url: 'https://api.example.com/', method: 'GET', headers: {} }, never)
  expect(await failureOf(call)).toMatchObject({ code: 'egress.refused_address' })
})

describe('on the networks of one machine', () => {
  /** Networks that write down what went through them; the public one answers a POST with a redirect to what is open. */
  function networks() {
    const went: string[] = []
    const network = (name: string): Fetcher => ({
      fetch: (input) => {
        went.push(`${name} ${String(input)}`)
        const isMoved = String(input).endsWith('/moved')
        return Promise.resolve(
          isMoved
            ? new Response(null, { status: 302, headers: { location: `${target.origin}/` } })
            : new Response('ok'),
        )
      },
      connect: () => {
        throw new Error('nothing connects')
      },
    })
    return { went, PUBLIC_NETWORK: network('public'), ALLOWED_NETWORK: network('allowed') }
  }
  const get = (url: string, by: Egress) => by({ url, method: 'GET', headers: {} }, never)

  test('C8: only what the operator opened goes by the network for it, also after a redirect', async () => {
    const given = networks()
    const by = createEgress({ allow: [target.host], ...fetchesOf(given) })
    await get(`${target.origin}/`, by)
    await get('https://api.example.com/', by)
    await get('https://api.example.com/moved', by)
    await failureOf(get(`${closed.origin}/`, by))
    expect(given.went).toEqual([
      `allowed ${target.origin}/`,
      'public https://api.example.com/',
      'public https://api.example.com/moved',
      `allowed ${target.origin}/`,
    ])
    expect(target.received).toEqual([])
  })

  test('C8: what was opened goes by the public network where there is no other', async () => {
    const { went, PUBLIC_NETWORK } = networks()
    await get(`${target.origin}/`, createEgress({ allow: [target.host], ...fetchesOf({ PUBLIC_NETWORK }) }))
    expect(went).toEqual([`public ${target.origin}/`])
    expect(target.received).toEqual([])
  })
})

// What is known of a call that failed, on the running server, with a real outside world that breaks connections in each way.
// The platform says no more than that a connection was lost; so this is also the proof that what is said to be not sent can
// still be told from the rest.

import { createServer as createSite } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import type { EffectLedger } from '../../worker/contract/effect.ts'
import type { NodeSettings } from '../../worker/contract/graph.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { finishedExecution, startProduct, type Product } from '../support/product.ts'

let product: Product
/** Takes a connection and breaks it before anything is read. */
let rude: Server
/** Keeps what arrives, and answers. */
let attentive: Server
const arrived: { length: string | undefined; chunked: string | undefined; body: string }[] = []
/** Nobody listens there. */
let deserted: string

const hostOf = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`
const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))

beforeAll(async () => {
  rude = createServer((socket: Socket) => void socket.on('error', () => undefined).destroy())
  attentive = createSite((request, response) => {
    const { 'content-length': length, 'transfer-encoding': chunked } = request.headers
    void text(request).then((body) => {
      arrived.push({ length, chunked, body })
      response.end()
    })
  })
  const placeholder = createServer()
  await Promise.all([listen(rude), listen(attentive), listen(placeholder)])
  deserted = hostOf(placeholder)
  await new Promise((resolve) => placeholder.close(resolve))
  product = await startProduct({ allow: [hostOf(rude), hostOf(attentive), deserted, 'nowhere.invalid:80'] })
  for (const host of [hostOf(rude), deserted, 'nowhere.invalid']) {
    await product.client.call('PUT', '/outbound-rules', { host, breaker: false })
  }
})
afterAll(async () => {
  await product.stop()
  rude.close()
  attentive.close()
})

/** As long as a busy machine may need for an answer that comes. */
const once: NodeSettings = { timeoutMs: 20_000, retry: { maxRetries: 0 } }
/** Where none comes. */
const hurried: NodeSettings = { ...once, timeoutMs: 1_000 }
const order = { bodyType: 'json', json: { order: 'a book' } }

interface Call {
  /** Code, kind and `sent` of the failure. */
  said: (string | undefined)[]
  /** The state of the effect, and the outcome of each attempt. */
  ledger: (string | undefined)[]
  isUndone: boolean
  message: string
}

//  start ─► call
//            ┊undo
//           take back
async function callOnce(
  url: string,
  { params = order, settings = once }: { params?: JsonObject; settings?: NodeSettings },
): Promise<Call> {
  const drawn = graph(
    [
      node('start', 'trigger.manual'),
      node(
        'call',
        'http.request',
        { method: 'POST', url, ...params },
        { ...settings, undo: true, undoWhenUnknown: true },
      ),
      node('back', 'data.set', { fields: [{ name: 'undone', value: true }] }),
    ],
    'start>call',
    'call:undo>back',
  )
  const { id } = await product.client.publish(url.slice(0, 100), drawn)
  const { executionId } = await product.client.call<{ executionId: string }>('POST', `/workflows/${id}/execute`, {})
  const execution = await finishedExecution(product, executionId)
  const ledger = await product.client.call<EffectLedger>('GET', `/executions/${executionId}/effects`)
  const failure = execution.failure
  return {
    said: [failure?.code, failure?.kind, failure?.sent],
    ledger: [ledger.effects[0]?.state, ...(ledger.effects[0]?.attempts.map(({ outcome }) => outcome) ?? [])],
    isUndone: execution.steps.some(({ nodeId }) => nodeId === 'back'),
    message: failure?.message ?? '',
  }
}

const at = (path: string) => product.sink.url + path

const unreachable = ['egress.unreachable', 'retryable', 'no']
const lost = ['egress.unreachable', 'unknown', 'unknown']

describe('a call that cannot have gone out is not sent, and there is nothing to undo', () => {
  test.each([
    ['nobody listens', (): string => `http://${deserted}/`, unreachable],
    ['nobody listens, over TLS', (): string => `https://${deserted}/`, unreachable],
    ['the name is not known', (): string => 'http://nowhere.invalid/', unreachable],
    ['the other side does not speak TLS', (): string => at('/ok').replace('http:', 'https:'), unreachable],
    ['the address is refused', (): string => 'http://10.0.0.1/', ['egress.refused_address', 'terminal', 'no']],
  ] as const)('when %s', async (_, url, said) => {
    const call = await callOnce(url(), {})
    expect(call).toMatchObject({ said, ledger: ['not_sent', 'not_sent'], isUndone: false })
    expect(call.message).not.toContain('may have happened')
  })
})

test('a body of four bytes is enough to tell, and one of three is not', async () => {
  const params = (text: string) => ({ params: { bodyType: 'text', text } })
  expect(await callOnce(`http://${deserted}/`, params('four'))).toMatchObject({ said: unreachable, isUndone: false })
  expect(await callOnce(`http://${deserted}/`, params('one'))).toMatchObject({ said: lost, isUndone: true })
})

test('what goes out in pieces arrives whole, its length announced', async () => {
  for (const body of ['one', 'four', 'äöü, and more than a few bytes', 'long'.repeat(50_000)]) {
    await callOnce(`http://${hostOf(attentive)}/`, { params: { bodyType: 'text', text: body } })
    expect(arrived.pop()).toEqual({ length: String(Buffer.byteLength(body)), chunked: undefined, body })
  }
})

describe('a call without a whole answer may have happened, and is undone', () => {
  test.each([
    ['the connection breaks before an answer', '/drop', lost],
    ['what comes back is no HTTP', '/nonsense', lost],
    ['the answer breaks off', '/half', ['egress.answer_broken', 'unknown', 'unknown']],
    ['no answer comes in time', '/hang', ['attempt.timed_out', 'timedOut', 'unknown']],
    ['the answer stops in its middle', '/stall', ['attempt.timed_out', 'timedOut', 'unknown']],
    ['a gateway had no answer', '/status/504', ['http.unexpected_status', 'unknown', 'unknown']],
    ['the answer says yes and cannot be read', '/garbage', ['http.invalid_json', 'terminal', 'unknown']],
    ['the answer says yes and is too large', '/big/300000', ['egress.too_large', 'terminal', 'unknown']],
  ] as const)('when %s', async (_, path, said) => {
    const settings = said[0] === 'attempt.timed_out' ? hurried : once
    expect(await callOnce(at(path), { settings })).toMatchObject({
      said,
      ledger: ['unknown', 'unknown'],
      isUndone: true,
    })
  })

  test('when nothing tells whether a request without a body went out', async () => {
    const params = { bodyType: 'none' }
    expect(await callOnce(`http://${deserted}/`, { params })).toMatchObject({ said: lost, isUndone: true })
  })
})

describe('a call that was answered is failed, and known', () => {
  test.each([
    ['no', '/status/404', ['http.unexpected_status', 'terminal', 'answered']],
    ['that it is down', '/status/503', ['http.unexpected_status', 'retryable', 'answered']],
    ['where else to ask, in a circle', '/circle', ['egress.too_many_redirects', 'terminal', 'answered']],
  ] as const)('when the answer is %s', async (_, path, said) => {
    const params = { ...order, method: 'PUT' }
    expect(await callOnce(at(path), { params })).toMatchObject({ said, ledger: ['failed', 'failed'], isUndone: false })
  })
})

test('a connection that breaks while the request goes out is never called answered, and never a success', async () => {
  const { said, isUndone } = await callOnce(`http://${hostOf(rude)}/`, {})
  expect([unreachable, lost]).toContainEqual(said)
  expect(isUndone).toBe(said[2] === 'unknown')
})

test('a call that must not happen twice is not repeated after its connection broke, and is when it was not sent', async () => {
  const settings: NodeSettings = {
    onAmbiguous: 'fail',
    retry: { maxRetries: 2, backoff: 'fixed', delayMs: 50, jitter: 'none' },
  }
  expect((await callOnce(at('/drop'), { settings })).ledger).toEqual(['unknown', 'unknown'])
  expect((await callOnce(`http://${deserted}/`, { settings })).ledger).toEqual(Array(4).fill('not_sent'))
})

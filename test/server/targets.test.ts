// Targets that misbehave, with the sink as witness: each fault becomes a typed failure, what may help is tried again under
// the same key, and what cannot help is not.

import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import type { SinkCall } from '../../scripts/prove/sink/ledger.ts'
import type { NodeSettings } from '../../worker/contract/graph.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { finishedExecution, startProduct, until, type Product } from '../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.stop())

/** Calls are tried again soon. How long one may take is more than a busy machine needs, but where none comes to an end. */
const quick: NodeSettings = {
  timeoutMs: 20_000,
  retry: { maxRetries: 2, backoff: 'fixed', delayMs: 100, jitter: 'none' },
}
const hurried: NodeSettings = { ...quick, timeoutMs: 1_000 }

let calls = 0

/** Sends one event to `hook ─► call` and waits until it is over. The outside world's part is told by the body. */
async function callOnce(
  address: string,
  { params = {}, settings = quick }: { params?: JsonObject; settings?: NodeSettings } = {},
) {
  calls += 1
  const mark = `call ${calls}`
  const drawn = graph(
    [
      node('hook', 'trigger.webhook', { respond: 'immediately' }),
      node(
        'call',
        'http.request',
        { method: 'POST', url: address, bodyType: 'json', json: { mark }, ...params },
        settings,
      ),
      node('after', 'data.set', { fields: [{ name: 'saw', value: '{{ steps.call.status }}' }] }),
    ],
    'hook>call>after',
  )
  const { hookPath } = await product.client.publish(mark, drawn)
  const startedAt = Date.now()
  const accepted = await product.client.post(hookPath, {})
  const execution = await finishedExecution(product, accepted.headers.get('x-leat-execution-id') ?? '')
  const step = execution.steps.find(({ nodeId }) => nodeId === 'call')
  const tookMs = Date.now() - startedAt
  // How a call ended is written down a moment after who made it knows.
  const made = await until(async () => {
    const seen = product.sink.calls().filter(({ body }) => (body as { mark?: string }).mark === mark)
    return seen.every(({ end }) => end !== undefined) && seen
  })
  return { execution, step, failure: step?.failure, made, startedAt, tookMs }
}

const at = (path: string) => product.sink.url + path
const keysOf = (made: SinkCall[]) => new Set(made.map(({ key }) => key))

/** All that one fault must look like. */
async function expectFailure(
  address: string,
  code: string,
  attempts: number,
  { params = {}, settings = quick }: { params?: JsonObject; settings?: NodeSettings } = {},
) {
  const { execution, step, failure, made, ...rest } = await callOnce(address, { params, settings })
  expect([execution.status, step?.status, failure?.code]).toEqual(['failed', 'failed', code])
  expect(execution.failure?.code).toBe(code)
  expect(step?.attempt).toBe(attempts)
  expect(step?.failures?.length ?? 0).toBe(attempts - 1)
  expect(execution.steps.map(({ nodeId }) => nodeId)).toEqual(['hook', 'call'])
  return { failure, made, ...rest }
}

/** All that a fault that passes must look like: one key, and then the answer. */
async function expectRecovery(path: string, attempts: number, settings = quick) {
  const { execution, step, made, ...rest } = await callOnce(at(path), { settings })
  expect([execution.status, execution.output, step?.attempt]).toEqual(['completed', { saw: 200 }, attempts])
  expect(made.length).toBe(attempts)
  expect(keysOf(made).size).toBe(1)
  expect([...keysOf(made)][0]).toMatch(/^fx_[0-9a-z]{32}$/)
  return { made, ...rest }
}

describe('a target that fails for a while', () => {
  test('with 500 is called again under the same key', async () => {
    await expectRecovery('/status/500?first=2', 3)
  })

  test('by breaking the connection after it did what it was asked is called again under the same key', async () => {
    const { made } = await expectRecovery('/drop?first=1', 2)
    expect(made.map(({ end }) => end?.kind)).toEqual(['dropped', 'answered'])
  })

  test('by not answering is cut off when its time is over, and called again under the same key', async () => {
    const { made, startedAt } = await expectRecovery('/hang?first=1', 2, { ...quick, timeoutMs: 3_000 })
    expect(made[0]?.end?.kind).toBe('unanswered')
    expect(made[1]!.at - startedAt).toBeGreaterThanOrEqual(3_000)
  })

  test('with 429 and Retry-After is called again no sooner than it asked', async () => {
    const { made } = await expectRecovery('/limited/2?first=1', 2)
    expect(made[1]!.at - made[0]!.at).toBeGreaterThanOrEqual(1_990)
  })
})

describe('a target that keeps failing', () => {
  test('with 503 is a failure that says so, after as many calls as the workflow allows, under one key', async () => {
    const { failure, made } = await expectFailure(at('/status/503'), 'http.unexpected_status', 3)
    expect(failure).toMatchObject({ kind: 'retryable', details: { status: 503, body: { ok: false } } })
    expect([made.length, keysOf(made).size]).toEqual([3, 1])
  })

  test('by never answering is a failure that says that what it was asked may have happened', async () => {
    const { failure, made } = await expectFailure(at('/hang'), 'attempt.timed_out', 3, { settings: hurried })
    expect(failure).toMatchObject({ kind: 'timedOut', timeoutMs: 1_000 })
    expect([made.length, keysOf(made).size]).toEqual([3, 1])
  })

  test('by dropping connections is unreachable', async () => {
    const { made } = await expectFailure(at('/drop'), 'egress.unreachable', 3)
    expect([made.length, keysOf(made).size]).toEqual([3, 1])
  })
})

describe('a target that cannot be helped by trying again is called once', () => {
  test('when it answers 404', async () => {
    const { made } = await expectFailure(at('/status/404'), 'http.unexpected_status', 1)
    expect(made.length).toBe(1)
  })

  test('when what it calls JSON is none', async () => {
    const { failure, made } = await expectFailure(at('/garbage'), 'http.invalid_json', 1)
    expect(failure?.kind).toBe('terminal')
    expect(made.length).toBe(1)
  })

  test('D9: when its JSON is nested too deep to be kept', async () => {
    const { failure, made } = await expectFailure(at('/deep/5000'), 'http.invalid_json', 1)
    expect(failure).toMatchObject({ kind: 'terminal', sent: 'unknown' })
    expect(made.length).toBe(1)
  })

  test('when its answer is larger than the workflow takes, however large that is', async () => {
    const { made } = await expectFailure(at('/big/300000'), 'egress.too_large', 1)
    expect(made.length).toBe(1)
    const { tookMs } = await expectFailure(at('/big/2000000000'), 'egress.too_large', 1, {
      params: { maxResponseKb: 1_024 },
    })
    expect(tookMs).toBeLessThan(20_000)
    expect((await fetch(`${product.url}/health`)).status).toBe(200)
  })

  test('C4: when it redirects to an address that is not allowed', async () => {
    for (const target of ['http://169.254.169.254/latest/meta-data/', 'http://127.0.0.1:1/', `${product.url}/health`]) {
      const { made } = await expectFailure(
        at(`/redirect?to=${encodeURIComponent(target)}`),
        'egress.refused_address',
        1,
      )
      expect(made.length).toBe(1)
    }
  })

  test('when it redirects in a circle', async () => {
    await expectFailure(at('/circle'), 'egress.too_many_redirects', 1, {
      params: { method: 'GET', bodyType: 'none' },
    })
  })
})

test('C1: an address of this machine that nobody opened is refused, and nobody is called', async () => {
  let connections = 0
  const listener = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as { port: number }
  for (const host of ['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]']) {
    await expectFailure(`http://${host}:${port}/`, 'egress.refused_address', 1)
  }
  listener.close()
  expect(connections).toBe(0)
})

test('a redirect that is allowed is followed, and the key goes with it', async () => {
  const { execution, made } = await callOnce(at('/redirect?to=/ok'), { params: { method: 'GET', bodyType: 'none' } })
  expect([execution.status, execution.output]).toEqual(['completed', { saw: 200 }])
  expect(made).toEqual([])
})

test('a failure can be an answer: the error branch gets it, and the execution ends well', async () => {
  const drawn = graph(
    [
      node('hook', 'trigger.webhook', { respond: 'finished' }),
      node('call', 'http.request', { method: 'POST', url: at('/status/500') }, { ...quick, onError: 'branch' }),
      node('fine', 'data.set', { fields: [{ name: 'took', value: 'the good way' }] }),
      node('mended', 'data.set', { fields: [{ name: 'took', value: 'the error branch' }] }),
    ],
    'hook>call>fine',
    'call:error>mended',
  )
  const { hookPath } = await product.client.publish('Branch', drawn)
  const response = await product.client.post(hookPath, {})
  expect([response.status, await response.json()]).toEqual([200, { took: 'the error branch' }])
})

test('a webhook that waits for a workflow that fails is told so, with the code of the failure', async () => {
  const drawn = graph(
    [
      node('hook', 'trigger.webhook', { respond: 'finished' }),
      node('call', 'http.request', { method: 'POST', url: at('/status/404') }),
    ],
    'hook>call',
  )
  const { hookPath } = await product.client.publish('Fails', drawn)
  const response = await product.client.post(hookPath, {})
  expect([response.status, await response.json()]).toMatchObject([
    502,
    { success: false, error: { code: 'hook.failed', details: { status: 'failed', code: 'http.unexpected_status' } } },
  ])
})

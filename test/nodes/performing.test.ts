// What one attempt says of itself when it fails: whether what it called may have got the call.

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Json } from '../../worker/contract/json.ts'
import type { Sent } from '../../worker/contract/failure.ts'
import { HeldBackError, RetryableError, TerminalError } from '../../worker/lib/step-errors.ts'
import { defineEffect, type EgressResponse, type PerformContext } from '../../worker/nodes/define.ts'
import { performInvocation, type PerformRequest } from '../../worker/runtime/calls/perform-invocation.ts'
import { noContacts } from '../support/no-contacts.ts'

const anything = z.record(z.string(), z.json())
type Perform = (context: PerformContext<z.output<typeof anything>>) => Promise<{ output: Json; port: string }>

const effect = (perform: Perform) =>
  defineEffect({
    type: 'test.call',
    title: 'Call',
    description: 'Calls.',
    family: 'service',
    icon: 'globe',
    params: () => anything,
    defaultParams: {},
    ports: [{ name: 'out', label: 'Out' }],
    summary: 'Call',
    perform,
  })

const done = { output: null, port: 'out' }
const answer: EgressResponse = { status: 200, headers: {}, body: new Uint8Array(), url: 'https://a.example/' }
const out = { url: 'https://a.example/', method: 'POST', headers: {} }
const sendsOnce: Perform = ({ fetch }) => fetch(out).then(() => done)

async function failureOf(perform: Perform, fetch: PerformRequest['fetch'], timeoutMs = 30_000) {
  const result = await performInvocation({
    invocation: { key: 'send/1', path: 'send', node: 'send', attempt: 1, generation: 1, input: {}, timeoutMs },
    definition: effect(perform),
    idempotencyKey: 'fx_1',
    fetch,
    contacts: noContacts,
    cancelled: new AbortController().signal,
  })
  if (result.ok) throw new Error('it did not fail')
  return result.failure
}

/** Says in turn what is known, and then fails with this or never ends. */
const telling =
  (sent: readonly Sent[], error?: Error): PerformRequest['fetch'] =>
  (_, signal, tell) => {
    for (const each of sent) tell(each)
    if (error !== undefined) return Promise.reject(error)
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('cut off'))))
  }

const broken = new RetryableError('egress.unreachable', 'It broke.', { retryAfterMs: 5 })

describe('a request that failed', () => {
  test('and was not sent may be tried again', async () => {
    expect(await failureOf(sendsOnce, telling(['no'], broken))).toEqual({
      kind: 'retryable',
      code: 'egress.unreachable',
      message: 'It broke.',
      sent: 'no',
      retryAfterMs: 5,
    })
  })

  test('and may have gone out is of unknown outcome', async () => {
    const failure = await failureOf(sendsOnce, telling(['no', 'unknown'], broken))
    expect(failure).toMatchObject({ kind: 'unknown', code: 'egress.unreachable', sent: 'unknown', retryAfterMs: 5 })
  })

  test('and of which nobody said anything may have gone out', async () => {
    expect(await failureOf(sendsOnce, telling([], broken))).toMatchObject({ kind: 'unknown', sent: 'unknown' })
  })

  test('counts although the node made something else of it', async () => {
    const hides: Perform = ({ fetch }) =>
      fetch(out).then(
        () => done,
        () => Promise.reject(new TerminalError('shop.closed', 'No.')),
      )
    expect(await failureOf(hides, telling(['unknown'], broken))).toMatchObject({ kind: 'terminal', sent: 'unknown' })
  })
})

test('of several requests the furthest counts, and what an error knows more', async () => {
  let requests = 0
  const second: PerformRequest['fetch'] = (request, signal, tell) =>
    ++requests === 1 ? Promise.resolve(answer) : telling(['no'], broken)(request, signal, tell)
  const twice: Perform = ({ fetch }) => fetch(out).then(() => fetch(out).then(() => done))
  expect(await failureOf(twice, second)).toMatchObject({ kind: 'retryable', sent: 'answered' })
  const unreadable: Perform = async ({ fetch }) => {
    await fetch(out)
    throw new TerminalError('http.invalid_json', 'No JSON.', { sent: 'unknown' })
  }
  expect(await failureOf(unreadable, () => Promise.resolve(answer))).toMatchObject({ sent: 'unknown' })
})

describe('an attempt that ran out of time', () => {
  test('before anything was sent says so', async () => {
    const failure = await failureOf(sendsOnce, telling(['no']), 20)
    expect(failure).toMatchObject({ kind: 'timedOut', sent: 'no' })
    expect(failure.message).toContain('Nothing it asked for was sent')
  })

  test('afterwards says that it may have happened, also after an answer with which it did not come to an end', async () => {
    const failure = await failureOf(sendsOnce, telling(['no', 'unknown']), 20)
    expect(failure).toMatchObject({ kind: 'timedOut', sent: 'unknown' })
    expect(failure.message).toContain('may have happened')
    const stuck: Perform = async ({ fetch }) => {
      await fetch(out)
      return new Promise(() => undefined)
    }
    expect(await failureOf(stuck, () => Promise.resolve(answer), 20)).toMatchObject({ sent: 'unknown' })
  })

  test('while it changed a contact says that it may have happened', async () => {
    const changes: Perform = ({ contacts }) => new Promise(() => void contacts)
    expect(await failureOf(changes, telling([]), 20)).toMatchObject({ kind: 'timedOut', sent: 'unknown' })
  })
})

test('what is held back, refused before a request, or crashed before one was not sent', async () => {
  const held = new HeldBackError('outbound.circuit_open', 'Held.', { until: 1, free: false })
  expect(await failureOf(sendsOnce, telling([], held))).toMatchObject({ kind: 'retryable', sent: 'no' })
  const invalid: Perform = () => Promise.reject(new TerminalError('shop.invalid', 'No.'))
  expect(await failureOf(invalid, telling([]))).toMatchObject({ kind: 'terminal', sent: 'no' })
  const crashes: Perform = () => Promise.reject(new TypeError('oops'))
  expect(await failureOf(crashes, telling([]))).toMatchObject({ code: 'node.crashed', kind: 'retryable', sent: 'no' })
  const crashesLater: Perform = ({ fetch }) => fetch(out).then(() => Promise.reject(new TypeError('oops')))
  const late = await failureOf(crashesLater, () => Promise.resolve(answer))
  expect(late).toMatchObject({ code: 'node.crashed', kind: 'unknown', sent: 'unknown' })
})

describe('what a node gives and nobody could write down', () => {
  const deep = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)) as Json

  test.each([
    ['nested too deep', deep],
    ['a number that is none', { n: [Infinity] }],
  ])('is a failure that is not tried again: %s', async (_, output) => {
    const given: Perform = ({ fetch }) => fetch(out).then(() => ({ output, port: 'out' }))
    const failure = await failureOf(given, () => Promise.resolve(answer))
    expect(failure).toMatchObject({ code: 'node.bad_outcome', kind: 'terminal', sent: 'unknown' })
    const unasked = await failureOf(() => Promise.resolve({ output, port: 'out' }), telling([]))
    expect(unasked).toMatchObject({ code: 'node.bad_outcome', sent: 'no' })
  })
})

import { describe, expect, test } from 'vitest'
import { env } from 'cloudflare:workers'
import type { Execution } from '../../worker/contract/execution.ts'
import type { ExecutionId, OrganizationId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { outboundObjectOf } from '../../worker/runtime/outbound/outbound-stub.ts'
import { eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

const host = 'sink.example.com'
const atOnce = { backoff: 'fixed', delayMs: 0, jitter: 'none' } as const

//  start ─► send
const sending = (path: string, maxRetries = 0) =>
  graph(
    [
      node('start', 'trigger.manual'),
      node('send', 'http.request', { url: `https://${host}${path}` }, { retry: { ...atOnce, maxRetries } }),
    ],
    'start>send',
  )

async function start({ organizationId, ...published }: Published): Promise<ExecutionId> {
  const trigger = { nodeId: 'start', kind: 'manual', data: null } as const
  return (await runtime().start({ organizationId, ...published, trigger })).executionId
}

function when(
  { organizationId }: Published,
  id: ExecutionId,
  is: (execution: Execution) => boolean,
): Promise<Execution> {
  return eventually(async () => {
    const execution = await runtime().findLive(organizationId, id)
    return execution !== undefined && is(execution) ? execution : undefined
  }, 30_000)
}

const stepOf = (execution: Execution) => execution.steps.find(({ nodeId }) => nodeId === 'send')
const isHeld = (execution: Execution) => stepOf(execution)?.deferred !== undefined
const isOver = (execution: Execution) => execution.finishedAt !== undefined

const keysOf = async (name: string): Promise<string[]> => (await fetch(`https://${host}/ledger/${name}`)).json()

const setRule = (organizationId: OrganizationId, limit: object | null, breaker: boolean) =>
  env.DB.prepare('INSERT INTO outbound_rules VALUES (?, ?, ?, ?, ?, 0)')
    .bind(organizationId, host, limit === null ? null : JSON.stringify(limit), breaker ? 1 : 0, newId('user'))
    .run()

describe('a host that fails', () => {
  test('is not called any more after five times; the step waits, says why, and goes on when calls are let through', async () => {
    const failing = newId('event')
    const down = await publish(sending(`/fail/5/${failing}`, 5))
    const held = await when(down, await start(down), isHeld)
    expect(held.status).toBe('waiting')
    expect(stepOf(held)).toMatchObject({
      status: 'waiting',
      attempt: 6,
      deferred: {
        code: 'outbound.circuit_open',
        message: expect.stringContaining(`Calls to ${host} are held back`) as string,
      },
    })
    expect(stepOf(held)!.failures).toHaveLength(5)
    expect(Date.parse(stepOf(held)!.dueAt!)).toBeGreaterThan(Date.now())

    // Another workflow of the organization meets the same breaker; another organization does not.
    const other = newId('event')
    const sibling = await publish(sending(`/ok/${other}`), down.organizationId)
    const waiting = await when(sibling, await start(sibling), isHeld)
    expect(await keysOf(other)).toEqual([])
    const stranger = await publish(sending(`/ok/${other}`))
    expect((await when(stranger, await start(stranger), isOver)).status).toBe('completed')

    const { organizationId } = down
    expect(await outboundObjectOf(env, { organizationId, host }).close(organizationId)).toBe(true)
    for (const [published, { id }] of [[down, held] as const, [sibling, waiting] as const]) {
      // Those who wait are told, and do not come at the time that they were given.
      const over = await when(published, id, isOver)
      expect([over.status, stepOf(over)!.deferred]).toEqual(['completed', undefined])
      expect(over.finishedAt! < stepOf(held)!.dueAt!).toBe(true)
    }
    // Six calls of one step, under one key.
    const keys = await keysOf(failing)
    expect([keys.length, new Set(keys).size]).toEqual([6, 1])
  })

  test('emits an event, by which a workflow starts', async () => {
    const listening = graph(
      [
        node('start', 'trigger.event', { eventType: 'breaker.opened' }),
        node('saw', 'data.set', { fields: [{ name: 'host', value: '{{ trigger.data.host }}' }] }),
      ],
      'start>saw',
    )
    const published = await publish(listening)
    const { organizationId } = published
    const down = await publish(sending(`/status/503/${newId('event')}`, 9), organizationId)
    await when(down, await start(down), isHeld)
    const journal = await eventually(async () => {
      const found = await env.LOGS.prepare(
        'SELECT text FROM journals WHERE execution_id = (SELECT id FROM executions WHERE workflow_id = ?)',
      )
        .bind(published.workflowId)
        .first<{ text: string }>()
      return found?.text
    }, 30_000)
    expect(journal).toContain('"breaker.opened"')
    expect(journal).toContain(`{"host":"${host}"}`)
  })

  test('is called all the same where it is excepted', async () => {
    const name = newId('event')
    const published = await publish(sending(`/status/503/${name}`, 7))
    await setRule(published.organizationId, null, false)
    const execution = await when(published, await start(published), isOver)
    expect([execution.status, (await keysOf(name)).length]).toEqual(['failed', 8])
  })

  test('in a test run counts for nothing', async () => {
    const published = await publish(sending(`/ok/${newId('event')}`))
    const call = {
      organizationId: published.organizationId,
      executionId: 'a test',
      nodeType: 'http.request',
      invocation: {
        key: 'send/1',
        path: 'send',
        node: 'send',
        attempt: 1,
        generation: 1,
        input: { url: `https://${host}/status/503/${newId('event')}` },
        timeoutMs: 5_000,
      },
      cancelled: new AbortController().signal,
    }
    for (let i = 0; i < 8; i++) {
      expect(await runtime().perform(call)).toMatchObject({ ok: false, failure: { code: 'http.unexpected_status' } })
    }
    expect((await when(published, await start(published), isOver)).status).toBe('completed')
  })
})

describe('a host with a limit', () => {
  test('is called so often and no more; who comes later waits for its turn and says so', async () => {
    const name = newId('event')
    const published = await publish(sending(`/ok/${name}`))
    await setRule(published.organizationId, { calls: 1, per: 'hour', burst: 1 }, true)
    expect((await when(published, await start(published), isOver)).status).toBe('completed')
    const waiting = await when(published, await start(published), isHeld)
    expect(stepOf(waiting)!.deferred).toEqual({
      code: 'outbound.rate_limited',
      message: `It waits for its turn: ${host} takes 1 call per hour, as your organization’s rules say.`,
    })
    expect((await keysOf(name)).length).toBe(1)
  })
})

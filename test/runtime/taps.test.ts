import { expect, test } from 'vitest'
import type { HookKey, TapId } from '../../worker/contract/id.ts'
import type { WebhookTrigger } from '../../worker/contract/trigger.ts'
import { newHookKey, newId } from '../../worker/lib/id.ts'
import { webhookParams } from '../../worker/nodes/trigger/webhook.ts'
import { Taps } from '../../worker/runtime/inbox/taps.ts'

const settings = webhookParams().parse({})
const trigger: WebhookTrigger = { type: 'webhook', method: 'POST', headers: {}, query: {}, body: null }
const minute = 60_000

function open(taps: Taps, hookKey: HookKey, { now = Date.now(), until }: { now?: number; until?: number } = {}): TapId {
  const id = newId('tap')
  taps.open({ id, hookKey, settings, until: until ?? now + 5 * minute }, now)
  return id
}

test('a tap that nobody asks for does not listen any more, and one that is asked does', async () => {
  const taps = new Taps()
  const [left, held] = [newHookKey(), newHookKey()]
  const now = Date.now()
  open(taps, left, { now })
  const id = open(taps, held, { now })
  const waiting = taps.wait({ id, hookKey: held, after: 0, timeoutMs: 20_000 })
  expect([...taps.hooks(now + 9_000)]).toEqual([left, held])
  expect([...taps.hooks(now + 11_000)]).toEqual([held])
  expect(taps.hear(left, { at: now + 11_000, outcome: 'test', trigger })).toBe(false)
  expect(taps.hear(held, { at: now + 12_000, outcome: 'test', trigger })).toBe(true)
  expect(await waiting).toMatchObject({ state: 'received' })
  // Whoever holds it does not come back for it.
  expect([...taps.hooks(now + 40_000)]).toEqual([])
  expect(taps.isEmpty).toBe(true)
})

test('a tap receives one request, and what came is there for as long as it would have listened', async () => {
  const taps = new Taps()
  const hookKey = newHookKey()
  const id = open(taps, hookKey)
  const hear = (body: number) => taps.hear(hookKey, { at: Date.now(), outcome: 'test', trigger: { ...trigger, body } })
  expect([hear(1), hear(2)]).toEqual([true, false])
  const ask = () => taps.wait({ id, hookKey, after: 0, timeoutMs: 20_000 })
  expect(await ask()).toMatchObject({ state: 'received', trigger: { body: 1 } })
  expect(await ask()).toMatchObject({ state: 'received', trigger: { body: 1 } })
})

test('a question without news is answered when its time is over, and says so when that of the tap is', async () => {
  const taps = new Taps()
  const hookKey = newHookKey()
  const id = open(taps, hookKey, { until: Date.now() + 60 })
  expect(await taps.wait({ id, hookKey, after: 0, timeoutMs: 10 })).toMatchObject({ state: 'listening', refused: [] })
  expect(await taps.wait({ id, hookKey, after: 0, timeoutMs: 20_000 })).toMatchObject({ state: 'over' })
  expect(await taps.wait({ id, hookKey, after: 0, timeoutMs: 0 })).toBeUndefined()
})

test('a refusal is news once; the latest ten are kept', async () => {
  const taps = new Taps()
  const hookKey = newHookKey()
  const id = open(taps, hookKey)
  const refuse = (count: number) => {
    const at = new Date(Date.UTC(2026, 0, 1, 0, 0, count)).toISOString()
    taps.refuse(hookKey, { at, method: 'POST', status: 401, code: 'hook.unauthorized', message: String(count) })
    return Date.parse(at)
  }
  const first = refuse(1)
  expect(await taps.wait({ id, hookKey, after: 0, timeoutMs: 20_000 })).toMatchObject({ refused: [{ message: '1' }] })
  const waiting = taps.wait({ id, hookKey, after: first, timeoutMs: 20_000 })
  for (let count = 2; count <= 12; count++) refuse(count)
  const news = await waiting
  expect([news?.state, news?.refused.length, news?.refused.at(0)?.message]).toEqual(['listening', 10, '3'])
})

test('there are twenty at a time: the oldest makes room, and whoever holds it is told', async () => {
  const taps = new Taps()
  const hooks = Array.from({ length: 21 }, newHookKey)
  const first = open(taps, hooks[0]!)
  const waiting = taps.wait({ id: first, hookKey: hooks[0]!, after: 0, timeoutMs: 20_000 })
  for (const hookKey of hooks.slice(1)) open(taps, hookKey)
  expect(await waiting).toMatchObject({ state: 'over' })
  expect([...taps.hooks(Date.now())]).toEqual(hooks.slice(1))
})

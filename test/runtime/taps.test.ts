import { describe, expect, test } from 'vitest'
import type { HookKey, TapId, WorkflowId } from '../../worker/contract/id.ts'
import type { EventTrigger, WebhookTrigger } from '../../worker/contract/trigger.ts'
import { newHookKey, newId } from '../../worker/lib/id.ts'
import { webhookParams } from '../../worker/nodes/trigger/webhook.ts'
import { Taps } from '../../worker/runtime/inbox/taps.ts'

const settings = webhookParams().parse({})
const trigger: WebhookTrigger = { type: 'webhook', method: 'POST', headers: {}, query: {}, body: null }
const minute = 60_000

/** A hook's own trigger: one per hook is enough here. */
const placeOf = (hookKey: HookKey) => `${hookKey as string as WorkflowId}/hook` as const

function open(taps: Taps, hookKey: HookKey, { now = Date.now(), until }: { now?: number; until?: number } = {}): TapId {
  const id = newId('tap')
  const hears = { kind: 'hook', hookKey, settings } as const
  taps.open({ id, place: placeOf(hookKey), hears, until: until ?? now + 5 * minute }, now)
  return id
}

test('a tap that nobody asks for does not listen any more, and one that is asked does', async () => {
  const taps = new Taps()
  const [left, held] = [newHookKey(), newHookKey()]
  const now = Date.now()
  open(taps, left, { now })
  const id = open(taps, held, { now })
  const waiting = taps.wait({ id, place: placeOf(held), after: 0, timeoutMs: 20_000 })
  expect([...taps.awaited(now + 9_000).hooks]).toEqual([left, held])
  expect([...taps.awaited(now + 11_000).hooks]).toEqual([held])
  expect(taps.hear({ hookKey: left }, { at: now + 11_000, outcome: 'test', trigger })).toBe(false)
  expect(taps.hear({ hookKey: held }, { at: now + 12_000, outcome: 'test', trigger })).toBe(true)
  expect(await waiting).toMatchObject({ state: 'received' })
  // Whoever holds it does not come back for it.
  expect([...taps.awaited(now + 40_000).hooks]).toEqual([])
  expect(taps.isEmpty).toBe(true)
})

test('a tap receives one request, and what came is there for as long as it would have listened', async () => {
  const taps = new Taps()
  const hookKey = newHookKey()
  const id = open(taps, hookKey)
  const hear = (body: number) =>
    taps.hear({ hookKey }, { at: Date.now(), outcome: 'test', trigger: { ...trigger, body } })
  expect([hear(1), hear(2)]).toEqual([true, false])
  const ask = () => taps.wait({ id, place: placeOf(hookKey), after: 0, timeoutMs: 20_000 })
  expect(await ask()).toMatchObject({ state: 'received', trigger: { body: 1 } })
  expect(await ask()).toMatchObject({ state: 'received', trigger: { body: 1 } })
})

test('a question without news is answered when its time is over, and says so when that of the tap is', async () => {
  const taps = new Taps()
  const hookKey = newHookKey()
  const id = open(taps, hookKey, { until: Date.now() + 60 })
  expect(await taps.wait({ id, place: placeOf(hookKey), after: 0, timeoutMs: 10 })).toMatchObject({
    state: 'listening',
    refused: [],
  })
  expect(await taps.wait({ id, place: placeOf(hookKey), after: 0, timeoutMs: 20_000 })).toMatchObject({ state: 'over' })
  expect(await taps.wait({ id, place: placeOf(hookKey), after: 0, timeoutMs: 0 })).toBeUndefined()
})

test('a refusal is news once; the latest ten are kept', async () => {
  const taps = new Taps()
  const hookKey = newHookKey()
  const id = open(taps, hookKey)
  const refuse = (count: number) => {
    const at = new Date(Date.UTC(2026, 0, 1, 0, 0, count)).toISOString()
    taps.refuse({ hookKey }, { at, method: 'POST', status: 401, code: 'hook.unauthorized', message: String(count) })
    return Date.parse(at)
  }
  const first = refuse(1)
  expect(await taps.wait({ id, place: placeOf(hookKey), after: 0, timeoutMs: 20_000 })).toMatchObject({
    refused: [{ message: '1' }],
  })
  const waiting = taps.wait({ id, place: placeOf(hookKey), after: first, timeoutMs: 20_000 })
  for (let count = 2; count <= 12; count++) refuse(count)
  const news = await waiting
  expect([news?.state, news?.refused.length, news?.refused.at(0)?.message]).toEqual(['listening', 10, '3'])
})

test('there are twenty at a time: the oldest makes room, and whoever holds it is told', async () => {
  const taps = new Taps()
  const hooks = Array.from({ length: 21 }, newHookKey)
  const first = open(taps, hooks[0]!)
  const waiting = taps.wait({ id: first, place: placeOf(hooks[0]!), after: 0, timeoutMs: 20_000 })
  for (const hookKey of hooks.slice(1)) open(taps, hookKey)
  expect(await waiting).toMatchObject({ state: 'over' })
  expect([...taps.awaited(Date.now()).hooks]).toEqual(hooks.slice(1))
})

describe('a tap for events', () => {
  const event: EventTrigger = { type: 'order.paid', data: { total: 1 }, id: 'a', occurredAt: '2026-01-01T00:00:00Z' }
  const place = `${newId('workflow')}/on` as const
  const listen = (taps: Taps, eventType: string): TapId => {
    const id = newId('tap')
    taps.open({ id, place, hears: { kind: 'event', eventType }, until: Date.now() + 5 * minute }, Date.now())
    return id
  }
  const send = (taps: Taps, eventType: string) =>
    taps.hear({ eventType }, { at: Date.now(), outcome: 'accepted', trigger: { ...event, type: eventType } })
  const ask = (taps: Taps, id: TapId) => taps.wait({ id, place, after: 0, timeoutMs: 0 })

  test('hears the next one of its type, or of those below a word, and none of another', async () => {
    const taps = new Taps()
    const [paid, any] = [listen(taps, 'order.paid'), listen(taps, 'order.*')]
    expect(taps.awaited(Date.now())).toEqual({ hooks: new Set(), events: true })
    expect([send(taps, 'orders'), send(taps, 'order.sent'), send(taps, 'order.paid')]).toEqual([false, true, true])
    expect(await ask(taps, paid)).toMatchObject({ state: 'received', trigger: { type: 'order.paid' } })
    expect(await ask(taps, any)).toMatchObject({ state: 'received', trigger: { type: 'order.sent' } })
    expect(taps.awaited(Date.now()).events).toBe(false)
  })

  test('hears no request, and a hook no event, whatever they are called', async () => {
    const taps = new Taps()
    const id = listen(taps, '*')
    const hookKey = newHookKey()
    const hook = open(taps, hookKey)
    expect(taps.hear({ hookKey: newHookKey() }, { at: Date.now(), outcome: 'started', trigger })).toBe(false)
    expect(send(taps, String(hookKey))).toBe(true)
    expect(await taps.wait({ id: hook, place: placeOf(hookKey), after: 0, timeoutMs: 0 })).toMatchObject({
      state: 'listening',
    })
    expect((await ask(taps, id))?.state).toBe('received')
  })

  test('hears by the type that the draft asks for now', async () => {
    const taps = new Taps()
    const id = listen(taps, 'order.paid')
    const hears = { kind: 'event', eventType: 'order.sent' } as const
    await taps.wait({ id, place, hears, after: 0, timeoutMs: 0 })
    expect([send(taps, 'order.paid'), send(taps, 'order.sent')]).toEqual([false, true])
  })
})

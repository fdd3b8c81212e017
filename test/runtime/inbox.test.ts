import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventId, OrganizationId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { admit, dayMs, type Offer, type SeenEvent } from '../../worker/runtime/inbox/admit.ts'
import { inboxTable } from '../../worker/runtime/inbox/inbox-table.ts'
import { packMessages, type Parcel } from '../../worker/runtime/inbox/pack-messages.ts'
import { isDue } from '../../worker/runtime/inbox/resend.ts'
import type { OfferedEvent } from '../../worker/runtime/inbox-object.ts'
import { inboxOf } from '../../worker/runtime/inboxes.ts'
import { maxCarried, maxRefsPerMessage } from '../../worker/runtime/messages.ts'

const minute = 60_000

function offered(over: Partial<OfferedEvent> = {}): OfferedEvent {
  return {
    key: 'k',
    windowMs: minute,
    bodyHash: 'a',
    id: newId('event'),
    at: Date.now(),
    // A kind that no consumer acts on, so that only the inbox itself is under test.
    kind: 'records',
    pending: '[]',
    answer: '["first"]',
    direct: true,
    ...over,
  }
}

function newInbox() {
  const organizationId: OrganizationId = newId('organization')
  const inbox = () => inboxOf(env, organizationId, 0)
  return { organizationId, inbox, accept: (event: OfferedEvent) => inbox().accept(organizationId, event) }
}

describe('whether an event is new', () => {
  const seen: SeenEvent = { day: 0, id: 'evt' as EventId, at: 1_000, bodyHash: 'a', answer: '[]' }
  const offer: Offer = { key: 'k', windowMs: minute, bodyHash: 'a', id: 'new' as EventId, at: 2_000 }

  test('an unknown key is', () => expect(admit(offer, undefined)).toEqual({ kind: 'accept' }))
  test('the same body under its key is not', () => expect(admit(offer, seen)).toEqual({ kind: 'duplicate', seen }))
  test('another body under the same key is a mistake of the sender', () =>
    expect(admit({ ...offer, bodyHash: 'b' }, seen)).toEqual({ kind: 'conflict', seen }))
  test('after the window the key means another event', () =>
    expect(admit({ ...offer, at: 1_001 + minute }, seen)).toEqual({ kind: 'replace', seen }))
})

describe('an inbox', () => {
  test('gives a second delivery the answer of the first, also after its process died', async () => {
    const { accept, inbox } = newInbox()
    const first = offered()
    expect(await accept(first)).toMatchObject({ kind: 'accepted' })
    await evictDurableObject(inbox())
    expect(await accept(offered({ answer: '["second"]' }))).toEqual({
      kind: 'duplicate',
      id: first.id,
      at: first.at,
      answer: '["first"]',
    })
  })

  test('O1: of a hundred deliveries at once takes one', async () => {
    const { accept } = newInbox()
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => accept(offered())))
    const kinds = verdicts.map(({ kind }) => kind).sort()
    expect([kinds[0], kinds.filter((kind) => kind === 'duplicate').length]).toEqual(['accepted', 99])
  })

  test('finds a key of another day, and forgets it after seven', async () => {
    const { accept } = newInbox()
    const week = 7 * dayMs
    const at = Date.now()
    await accept(offered({ at: at - 3 * dayMs, windowMs: week }))
    expect(await accept(offered({ at, windowMs: week }))).toMatchObject({ kind: 'duplicate' })
    await accept(offered({ key: 'old', at: at - 9 * dayMs, windowMs: week }))
    expect(await accept(offered({ key: 'old', at, windowMs: week }))).toMatchObject({ kind: 'accepted' })
  })

  test('keeps both events when a key comes again after its window', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const at = Date.now()
    await accept(offered({ at: at - 2 * minute, pending: '"one"' }))
    await accept(offered({ at, pending: '"two"' }))
    const pending = await runInDurableObject(inbox(), (_, { storage }) =>
      inboxTable(storage.sql)
        .listPending()
        .map(({ day, key, id }) => ({ day, key, id })),
    )
    const { events } = await inbox().take(organizationId, pending)
    expect(events.map((event) => event.pending).sort()).toEqual(['"one"', '"two"'])
  })

  test('gives nothing away twice: what is confirmed is not taken again', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const accepted = await accept(offered())
    if (accepted.kind !== 'accepted') throw new Error('not accepted')
    await inbox().confirm(organizationId, [accepted.ref])
    expect((await inbox().take(organizationId, [accepted.ref])).events).toEqual([])
  })

  test('a confirmation of an event that was moved aside leaves its successor pending', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const at = Date.now()
    const first = await accept(offered({ at: at - 2 * minute }))
    const second = await accept(offered({ at }))
    if (first.kind !== 'accepted' || second.kind !== 'accepted') throw new Error('not accepted')
    await inbox().confirm(organizationId, [first.ref])
    expect((await inbox().take(organizationId, [second.ref])).events).toHaveLength(1)
  })

  test('refuses an offer made by routes that are no longer in force', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const old = await inbox().epoch(organizationId)
    await inbox().setEpoch(organizationId, 'newer')
    expect(await accept(offered({ epoch: old }))).toEqual({ kind: 'stale', epoch: 'newer' })
    await evictDurableObject(inbox())
    expect(await accept(offered({ epoch: 'newer' }))).toMatchObject({ kind: 'accepted' })
  })

  test('takes an execution over once, and ends the event that began it in the same breath', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const accepted = await accept(offered())
    if (accepted.kind !== 'accepted') throw new Error('not accepted')
    const deposit = { executionId: newId('execution'), generation: 1, seq: 2, record: '{}', ends: accepted.ref }
    await inbox().deposit(organizationId, deposit)
    await inbox().deposit(organizationId, deposit)
    const pending = await runInDurableObject(inbox(), (_, { storage }) => inboxTable(storage.sql).listPending())
    expect(pending.map(({ kind }) => kind)).toEqual(['records'])
    await inbox().confirm(
      organizationId,
      pending.map(({ day, key, id }) => ({ day, key, id })),
    )
    const left = await runInDurableObject(inbox(), (_, { storage }) =>
      storage.sql.exec('SELECT key, pending FROM events').toArray(),
    )
    expect(left).toEqual([{ key: 'k', pending: null }])
  })

  test('stays armed while anything is pending, whoever rang', async () => {
    const { accept, inbox } = newInbox()
    await accept(offered())
    await evictDurableObject(inbox())
    await runDurableObjectAlarm(inbox())
    const armed = await runInDurableObject(inbox(), (_, { storage }) => storage.getAlarm())
    expect(armed).toBeLessThanOrEqual(Date.now() + minute)
  })

  test('G10: answers nobody of another organization', async () => {
    const { inbox } = newInbox()
    await expect(async () => inbox().epoch(newId('organization'))).rejects.toThrow('another organization')
  })
})

describe('sending again', () => {
  test('a fresh process sends what it did not send itself', () => expect(isDue(undefined, 0)).toBe(true))

  test('waits longer each time, and never more than five minutes', () => {
    const waits = [1, 2, 3, 4, 5, 9].map((times) => {
      for (let at = 0; ; at += 1_000) if (isDue({ at: 0, times }, at)) return at
    })
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000])
  })
})

describe('packing messages', () => {
  const parcel = fc.record({
    kind: fc.constantFrom<Parcel['kind']>('trigger', 'records'),
    records: fc.option(
      fc.integer({ min: 0, max: maxCarried + 1_000 }).map((length) => JSON.stringify(['x'.repeat(length)])),
      { nil: undefined },
    ),
  })

  test('every event is in exactly one message, and no message or send is larger than a queue takes', () => {
    fc.assert(
      fc.property(fc.array(parcel, { maxLength: 150 }), (drawn) => {
        const parcels: Parcel[] = drawn.map(({ kind, records }, index) => ({
          ref: { day: 1, key: `key ${index}`, id: `evt_${index}` as EventId },
          kind,
          ...(kind === 'records' && records !== undefined ? { records } : {}),
        }))
        const { triggers, records } = packMessages({ organizationId: newId('organization'), shard: 0 }, parcels)
        const bodies = [...triggers.flat(), ...records.flat()].map(({ body }) => body)
        const refs = bodies.flatMap((body) => body.refs)
        expect(refs.map(({ id }) => id).sort()).toEqual(parcels.map(({ ref }) => ref.id).sort())
        for (const { body } of triggers.flat()) expect(body.refs.length).toBeLessThanOrEqual(maxRefsPerMessage)
        for (const send of [...triggers, ...records]) {
          expect(send.length).toBeLessThanOrEqual(100)
          expect(JSON.stringify(send).length).toBeLessThan(256_000)
        }
        for (const { body } of records.flat()) {
          expect(JSON.stringify(body).length).toBeLessThan(128_000)
          if (body.records !== undefined) expect(() => JSON.parse(body.records ?? '') as unknown).not.toThrow()
        }
      }),
      { numRuns: 100 },
    )
  })
})

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { EventId, ExecutionId, OrganizationId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { consumeDeadLetters } from '../../worker/runtime/queues/consume-dead-letters.ts'
import { consumeTriggers } from '../../worker/runtime/queues/consume-triggers.ts'
import { admit, dayMs, type Offer, type SeenEvent } from '../../worker/runtime/inbox/admit.ts'
import { inboxTable } from '../../worker/runtime/inbox/inbox-table.ts'
import { packRecords, packTriggers, type RecordParcel } from '../../worker/runtime/queues/pack-messages.ts'
import { isDue } from '../../worker/runtime/inbox/resend.ts'
import type { Acceptance, OfferedEvent } from '../../worker/runtime/inbox/accept-together.ts'
import type { InboxObject } from '../../worker/runtime/inbox/inbox-object.ts'
import { inboxOf } from '../../worker/runtime/inbox/inbox-stub.ts'
import { maxCarried, maxRefsPerMessage, type TriggerMessage } from '../../worker/runtime/queues/messages.ts'
import { parseRows } from '../../worker/store/records.ts'

const minute = 60_000

function offered(over: Partial<OfferedEvent> = {}): OfferedEvent {
  return {
    key: 'k',
    windowMs: minute,
    bodyHash: 'a',
    id: newId('event'),
    at: Date.now(),
    // Nothing that a consumer can act on, so that only the inbox itself is under test.
    kind: 'records',
    pending: '[]',
    answer: '["first"]',
    direct: true,
    ...over,
  }
}

const pendingOf = (inbox: DurableObjectStub<InboxObject>) =>
  runInDurableObject(inbox, (_, { storage }) =>
    inboxTable(storage.sql)
      .list()
      .map(({ number }) => number),
  )

function numberOf(acceptance: Acceptance): number {
  if (acceptance.kind !== 'accepted') throw new Error('not accepted')
  return acceptance.number
}

const used: DurableObjectStub<InboxObject>[] = []

function newInbox() {
  const organizationId: OrganizationId = newId('organization')
  const inbox = () => inboxOf(env, organizationId, 0)
  used.push(inbox())
  return { organizationId, inbox, accept: (event: OfferedEvent) => inbox().accept(organizationId, event) }
}

// What no consumer can act on would hold up what comes with it: nobody is to find it, and nobody to send it again.
afterEach(async () => {
  for (const inbox of used.splice(0)) {
    await runInDurableObject(inbox, (_, { storage }) => storage.deleteAll())
    await evictDurableObject(inbox)
  }
})

describe('whether an event is new', () => {
  const seen: SeenEvent = { id: 'evt' as EventId, at: 1_000, bodyHash: 'a', answer: '[]', number: 1 }
  const offer: Offer = { key: 'k', windowMs: minute, bodyHash: 'a', id: 'new' as EventId, at: 2_000 }

  test('an unknown key is', () => expect(admit(offer, undefined)).toEqual({ kind: 'accept' }))
  test('the same body under its key is not', () => expect(admit(offer, seen)).toEqual({ kind: 'duplicate', seen }))
  test('another body under the same key is a mistake of the sender', () =>
    expect(admit({ ...offer, bodyHash: 'b' }, seen)).toEqual({ kind: 'conflict', seen }))
  test('this very event has been taken: its sender did not hear of it', () =>
    expect(admit({ ...offer, id: seen.id }, seen)).toEqual({ kind: 'taken', seen }))
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

  test('O1: takes an event that is offered again because no answer came, once and under its first number', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const event = offered()
    const first = await accept(event)
    expect(await accept(event)).toEqual(first)
    expect(await pendingOf(inbox())).toHaveLength(1)
    await evictDurableObject(inbox())
    expect(await inbox().acceptAll(organizationId, [event])).toEqual([first])
  })

  test('keeps both events when a key comes again after its window', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const at = Date.now()
    await accept(offered({ at: at - 2 * minute, pending: '"one"' }))
    await accept(offered({ at, pending: '"two"' }))
    const { rows } = await inbox().take(organizationId, await pendingOf(inbox()))
    expect(rows.map(({ text }) => text)).toEqual(['"one"', '"two"'])
    expect(await accept(offered({ at }))).toMatchObject({ kind: 'duplicate' })
  })

  test('O1: of equal keys that come together takes the first, and says of the others what they are', async () => {
    const { inbox, organizationId } = newInbox()
    const at = Math.floor(Date.now() / dayMs) * dayMs
    const named = { key: 'named', windowMs: 7 * dayMs }
    const events = [
      offered({ at }),
      offered({ at: at + 1 }),
      offered({ at: at + 2, bodyHash: 'b' }),
      offered({ ...named, at: at - 1 }),
      offered({ ...named, at }),
    ]
    const verdicts = await inbox().acceptAll(organizationId, events)
    expect(verdicts.map(({ kind }) => kind)).toEqual(['accepted', 'duplicate', 'conflict', 'accepted', 'duplicate'])
    expect(await pendingOf(inbox())).toHaveLength(2)
  })

  test('forgets a key that counts for a moment when that is over, and keeps what is to be done', async () => {
    const { accept, inbox } = newInbox()
    await accept(offered())
    await accept(offered({ key: 'named', windowMs: 7 * dayMs }))
    const rows = await runInDurableObject(inbox(), (_, { storage }) => {
      const table = inboxTable(storage.sql)
      table.forget(Date.now() + 3 * minute)
      const find = (offer: OfferedEvent) => table.find(offer) !== undefined
      const kept = [find(offered()), find(offered({ key: 'named', windowMs: 7 * dayMs }))]
      return { kept, count: storage.sql.exec('SELECT count(*) AS count FROM recent').one()['count'] }
    })
    expect(rows).toEqual({ kept: [false, true], count: 0 })
    expect(await pendingOf(inbox())).toHaveLength(2)
  })

  test('R3: takes a key for new whose place in memory another one has', async () => {
    const { accept, inbox } = newInbox()
    await accept(offered())
    await runInDurableObject(inbox(), (_, { storage }) =>
      storage.sql.exec(`UPDATE recent SET key = 'of the same hash'`),
    )
    expect(await accept(offered())).toMatchObject({ kind: 'accepted' })
    expect(await accept(offered())).toMatchObject({ kind: 'duplicate' })
  })

  test('O1: whatever comes in whatever lots, and whenever the process dies, is taken as the rule for one event says', async () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'Named', 'Other'),
      bodyHash: fc.constantFrom('x', 'y'),
      /** Since the one before, in ms. */
      after: fc.constantFrom(0, 1, 30_000, 61_000),
      again: fc.boolean(),
    })
    const lots = fc.array(fc.record({ dies: fc.boolean(), steps: fc.array(step, { minLength: 1, maxLength: 20 }) }), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(lots, async (drawn) => {
        const { inbox, organizationId } = newInbox()
        const known = new Map<string, SeenEvent>()
        let at = Date.now()
        let last: OfferedEvent | undefined
        for (const [lot, { dies, steps }] of drawn.entries()) {
          if (dies && lot > 0) await evictDurableObject(inbox())
          const events = steps.map(({ key, bodyHash, after, again }) => {
            at += after
            const windowMs = key < 'a' ? 7 * dayMs : minute
            last = again && last !== undefined ? last : offered({ key, bodyHash, at, windowMs, answer: `["${at}"]` })
            return last
          })
          const verdicts = await inbox().acceptAll(organizationId, events)
          const expected = events.map((event) => {
            const { kind } = admit(event, known.get(event.key))
            if (kind === 'accept' || kind === 'replace') known.set(event.key, { ...event, number: 0 })
            return kind === 'accept' || kind === 'replace' || kind === 'taken' ? 'accepted' : kind
          })
          expect(verdicts.map(({ kind }) => kind)).toEqual(expected)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('I3: refuses those of old routes among others, and remembers nothing of them', async () => {
    const { inbox, organizationId } = newInbox()
    await inbox().setEpoch(organizationId, 'new')
    const old = offered({ key: 'old', epoch: 'former' })
    const verdicts = await inbox().acceptAll(organizationId, [old, offered({ epoch: 'new' })])
    expect(verdicts).toMatchObject([{ kind: 'stale', epoch: 'new' }, { kind: 'accepted' }])
    expect(await inbox().acceptAll(organizationId, [{ ...old, epoch: 'new' }])).toMatchObject([{ kind: 'accepted' }])
  })

  test('O1: a hundred keys offered in any order and grouping are taken once each', async () => {
    const { inbox, organizationId } = newInbox()
    const keys = Array.from({ length: 100 }, (_, index) => `k${index}`)
    const events = [...keys, ...keys].map((key) => offered({ key }))
    const together = await inbox().acceptAll(organizationId, events.slice(0, 130))
    const later = await inbox().acceptAll(organizationId, events.slice(130))
    expect([...together, ...later].filter(({ kind }) => kind === 'accepted')).toHaveLength(100)
    expect(await pendingOf(inbox())).toHaveLength(100)
  })

  test('takes those that it can of many, when one of them cannot be stored', async () => {
    const { inbox, organizationId } = newInbox()
    const small = [offered({ key: 'a' }), offered({ key: 'b' })]
    const unfit = { ...offered({ key: 'c' }), pending: null as unknown as string }
    const verdicts = await inbox().acceptAll(organizationId, [small[0]!, unfit, small[1]!])
    expect(verdicts.map(({ kind }) => kind)).toEqual(['accepted', 'failed', 'accepted'])
    expect(await pendingOf(inbox())).toHaveLength(2)
    // And it is not remembered as taken.
    expect(await inbox().acceptAll(organizationId, [{ ...unfit, pending: '[]' }])).toMatchObject([{ kind: 'accepted' }])
  })

  test('more data than an answer takes is consumed all the same, whoever consumes it', async () => {
    // One character that is not Latin doubles the size of all others on their way.
    const wide = `${'x'.repeat(1_800_000)}🦆`
    for (const isGivenUp of [false, true]) {
      const { inbox, organizationId } = newInbox()
      const source = { kind: 'start', workflowId: newId('workflow'), versionId: newId('version'), nodeId: 'start' }
      const numbers: number[] = []
      for (let index = 0; index < 10; index++) {
        // What begins nothing, so that all there is to it is its data.
        const trigger = { organizationId, eventId: newId('event'), at: Date.now(), source, data: wide }
        const event = offered({ key: `k${index}`, kind: 'trigger', pending: JSON.stringify(trigger) })
        numbers.push(numberOf(await inbox().accept(organizationId, event)))
      }
      const settled: string[] = []
      const [ack, retry] = [() => void settled.push('ack'), () => void settled.push('retry')]
      const messages = packTriggers({ organizationId, shard: 0 }, numbers).map((body) => ({
        body,
        ack,
        retry,
        attempts: 1,
      }))
      const batch = { queue: 'any', messages } as unknown as MessageBatch<TriggerMessage>
      await (isGivenUp ? consumeDeadLetters(batch, env) : consumeTriggers(batch, env))
      expect(settled).toEqual(['ack'])
      expect(await pendingOf(inbox())).toEqual([])
    }
  })

  test('gives away the oldest first, and says what is left', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const numbers: number[] = []
    for (const key of ['a', 'b', 'c', 'd']) {
      numbers.push(numberOf(await accept(offered({ key, pending: JSON.stringify(key.repeat(100)) }))))
    }
    const asked = numbers.toReversed()
    const { rows, left } = await inbox().take(organizationId, asked, 150)
    expect([rows.map(({ number }) => number), left.toReversed()]).toEqual([numbers.slice(0, 2), numbers.slice(2)])
    expect(await inbox().take(organizationId, left, 1)).toMatchObject({
      rows: [{ number: numbers[2] }],
      left: [numbers[3]],
    })
    expect(await inbox().take(organizationId, [numbers[3]!])).toMatchObject({
      rows: [{ number: numbers[3] }],
      left: [],
    })
  })

  test('gives nothing away twice: what is confirmed is not taken again', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const number = numberOf(await accept(offered()))
    await inbox().confirm(organizationId, [number])
    expect((await inbox().take(organizationId, [number])).rows).toEqual([])
  })

  test('gives no number twice, also after what had it is gone and its process too', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const first = numberOf(await accept(offered()))
    await inbox().confirm(organizationId, [first])
    await evictDurableObject(inbox())
    expect(numberOf(await accept(offered({ key: 'other' })))).toBeGreaterThan(first)
  })

  test('refuses an offer made by routes that are no longer in force', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const old = await inbox().epoch(organizationId)
    await inbox().setEpoch(organizationId, 'newer')
    expect(await accept(offered({ epoch: old }))).toEqual({ kind: 'stale', epoch: 'newer' })
    await evictDurableObject(inbox())
    expect(await accept(offered({ epoch: 'newer' }))).toMatchObject({ kind: 'accepted' })
  })

  test('takes an execution over, and ends the event that began it in the same breath', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const ends = numberOf(await accept(offered()))
    // None that D1 can take, and too large for a message to carry: once it is confirmed here nobody finds it any more.
    const record = JSON.stringify([[organizationId, newId('execution')], ' '.repeat(maxCarried)])
    await inbox().deposit(organizationId, record, ends)
    const left = await pendingOf(inbox())
    const { rows } = await inbox().take(organizationId, left)
    expect(rows.map(({ kind, text }) => ({ kind, text }))).toEqual([{ kind: 'records', text: record }])
    await inbox().confirm(organizationId, left)
    expect(await pendingOf(inbox())).toEqual([])
    expect(await accept(offered())).toMatchObject({ kind: 'duplicate' })
  })

  test('finds an execution by its own record, and not by another that speaks of it', async () => {
    const { accept, inbox, organizationId } = newInbox()
    const [own, child, old] = [newId('execution'), newId('execution'), newId('execution')]
    // As above: nobody takes them away.
    const record = (id: ExecutionId, says: string) => JSON.stringify([[organizationId, id], says.padEnd(maxCarried)])
    await inbox().deposit(organizationId, record(own, 'first'))
    await inbox().deposit(organizationId, record(child, `called by ${own}, and by ${old}`))
    const find = async (id: ExecutionId) => (await inbox().findByExecution(organizationId, id))?.text
    expect(await find(own)).toBe(record(own, 'first'))
    expect(await find(old)).toBeUndefined()
    // As an earlier release left one, with no ids beside it.
    await runInDurableObject(inbox(), (_, { storage }) =>
      storage.sql.exec(
        `INSERT INTO pending (number, kind, execution_ids, text) VALUES (1, 'records', '', ?), (2, 'records', '', ?)`,
        record(old, 'before'),
        record(child, `${' '.repeat(100)}${old}`),
      ),
    )
    expect(await find(old)).toBe(record(old, 'before'))
    // What was begun and ended where it arrived lies there as a record from the first.
    const played = newId('execution')
    await accept(offered({ pending: record(played, 'played'), answer: JSON.stringify([played]) }))
    expect(await find(played)).toBe(record(played, 'played'))
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
  const place = { organizationId: newId('organization'), shard: 0 }
  const text = fc.integer({ min: 0, max: maxCarried + 1_000 }).map((length) => `["columns"]\n["${'x'.repeat(length)}"]`)
  const parcels = fc
    .array(fc.option(text, { nil: undefined }), { maxLength: 150 })
    .map((texts) => texts.map((some, number): RecordParcel => ({ number, text: some })))

  test('every record is in exactly one message, and no message is larger than a queue takes', () => {
    fc.assert(
      fc.property(parcels, (drawn) => {
        const messages = packRecords(place, drawn)
        const refs = messages.flatMap((message) => message.refs)
        expect(refs.toSorted((a, b) => a - b)).toEqual(drawn.map(({ number }) => number))
        for (const message of messages) {
          expect(JSON.stringify(message).length).toBeLessThan(128_000)
          if (message.records === undefined) continue
          expect(parseRows(message.records)).toHaveLength(message.refs.length)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('every event is in exactly one message', () => {
    fc.assert(
      fc.property(fc.nat(500), (count) => {
        const numbers = Array.from({ length: count }, (_, index) => index)
        const messages = packTriggers(place, numbers)
        expect(messages.flatMap(({ refs }) => refs)).toEqual(numbers)
        for (const { refs } of messages) expect(refs.length).toBeLessThanOrEqual(maxRefsPerMessage)
      }),
      { numRuns: 100 },
    )
  })
})

// A contact in its object, on real storage, inboxes and databases.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { readChange } from '../../worker/contacts/read-change.ts'
import type { Author } from '../../worker/contract/cause.ts'
import type { ContactId, OrganizationId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { createContactRuntime } from '../../worker/runtime/contact/contact-runtime.ts'
import { contactOf } from '../../worker/runtime/contact/contact-stub.ts'
import type { ContactRequest, ContactResult } from '../../worker/usecases/contacts/ports.ts'
import { eventually, graph, node, publish, runtime } from '../support/published.ts'

const by: Author = { kind: 'member', userId: newId('user') }
const contacts = createContactRuntime(env)

function wanting(fields: Record<string, unknown>, tags: { tags?: string[]; add?: string[]; remove?: string[] } = {}) {
  const read = readChange(fields, tags, [])
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.change
}

const creating = (fields: Record<string, unknown>, tags: string[] = []): ContactRequest => ({
  deed: { kind: 'create', change: wanting(fields, { add: tags }) },
  by,
})

const changing = (
  fields: Record<string, unknown>,
  more: Partial<ContactRequest> = {},
  revision?: number,
): ContactRequest => ({
  deed: { kind: 'change', change: wanting(fields), ...(revision === undefined ? {} : { revision }) },
  by,
  ...more,
})

function done(result: ContactResult) {
  if (result.kind !== 'done') throw new Error(`not done: ${JSON.stringify(result)}`)
  return result.contact
}

interface Place {
  organizationId: OrganizationId
  id: ContactId
}

async function make(fields: Record<string, unknown>, organizationId = newId('organization')): Promise<Place> {
  const id = newId('contact')
  done(await contacts.change(organizationId, id, creating(fields)))
  return { organizationId, id }
}

const stubOf = ({ organizationId, id }: Place) => contactOf(env, organizationId, id)

//  on <event> ──► keep
const listening = (eventType: string) =>
  graph(
    [
      node('on', 'trigger.event', { eventType }),
      node('keep', 'data.set', { fields: [{ name: 'seen', value: '{{ trigger.data }}' }] }),
    ],
    'on>keep',
  )

/** What a workflow that listens to an event type saw, oldest first, once there are so many. */
async function seenBy(workflowId: string, count: number) {
  const rows = await eventually(async () => {
    const { results } = await env.LOGS.prepare(
      'SELECT id, organization_id FROM executions WHERE workflow_id = ? ORDER BY id',
    )
      .bind(workflowId)
      .all<{ id: string; organization_id: string }>()
    return results.length >= count ? results : undefined
  })
  const executions = await Promise.all(
    rows.map(async ({ id }) => {
      const parts = await env.LOGS.prepare('SELECT text FROM journals WHERE execution_id = ? ORDER BY part')
        .bind(id)
        .all<{ text: string }>()
      const [entry] = JSON.parse(parts.results.map(({ text }) => text).join('')) as {
        events: { trigger?: { data: Seen } }[]
      }[]
      return entry!.events[0]!.trigger!.data
    }),
  )
  return executions
}

interface Seen {
  type: string
  id: string
  contactId: string
  cause: { by: Author; root: string; depth: number; path: string[] }
  data: { contact: { name: string; revision: number }; field?: string; before?: unknown; after?: unknown; tag?: string }
}

/** The identities that D1 has claimed for a contact. */
async function claimsOf({ id }: Place): Promise<string[]> {
  const { results } = await env.DB.prepare('SELECT value FROM contact_identities WHERE contact_id = ? ORDER BY value')
    .bind(id)
    .all<{ value: string }>()
  return results.map(({ value }) => value)
}

/** Bindings as a contact's object meets them when nobody answers. */
const down = () => Promise.reject(new Error('down'))
const statement: object = { bind: () => statement }
const unreachableDatabase = { prepare: () => statement, batch: down }
const unreachableInbox = { getByName: () => ({ acceptAll: down }) }

/** Lets the object's process meet bindings that fail, until it is evicted. */
function breakIn(place: Place, bindings: Partial<Record<'DB' | 'INBOXES', unknown>>): Promise<void> {
  return runInDurableObject(stubOf(place), (instance) => {
    Object.defineProperty(instance, 'env', { value: { ...env, ...bindings } })
  })
}

const lettersOf = (place: Place) =>
  runInDurableObject(stubOf(place), (_, { storage }) =>
    storage.sql.exec('SELECT revision, sent, text FROM outbox').toArray(),
  )

const rowOf = ({ id }: Place) =>
  env.DB.prepare('SELECT revision, deleted_at, contact FROM contacts WHERE id = ?').bind(id).first<{
    revision: number
    deleted_at: number | null
    contact: string
  }>()

describe('a contact', () => {
  test('is found by readers as soon as its maker is answered', async () => {
    const place = await make({ firstName: 'Ada', email: 'Ada@Example.com' })
    expect(await rowOf(place)).toMatchObject({ revision: 1, deleted_at: null })
    expect(await contacts.read(place.organizationId, place.id)).toMatchObject({ name: 'Ada', email: 'ada@example.com' })
    expect(await lettersOf(place)).toEqual([])
  })

  test('is changed by whoever knows its revision, and by nobody who does not', async () => {
    const { organizationId, id } = await make({ firstName: 'Ada' })
    const first = await contacts.change(organizationId, id, changing({ firstName: 'Augusta' }, {}, 1))
    expect(done(first)).toMatchObject({ revision: 2, firstName: 'Augusta' })
    expect(await contacts.change(organizationId, id, changing({ firstName: 'A' }, {}, 1))).toEqual({
      kind: 'stale',
      revision: 2,
    })
  })

  test('O4: of many changes at once by the same revision takes one', async () => {
    const { organizationId, id } = await make({ firstName: 'Ada' })
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        contacts.change(organizationId, id, changing({ company: `C${index}` }, {}, 1)),
      ),
    )
    expect(results.filter(({ kind }) => kind === 'done')).toHaveLength(1)
    expect(results.filter(({ kind }) => kind === 'stale')).toHaveLength(19)
  })

  test('keeps every change that many make at once, and readers see the last', async () => {
    const place = await make({ firstName: 'Ada' })
    const tags = Array.from({ length: 20 }, (_, index) => `t${String(index).padStart(2, '0')}`)
    await Promise.all(
      tags.map((tag) =>
        contacts.change(place.organizationId, place.id, {
          deed: { kind: 'change', change: wanting({}, { add: [tag] }) },
          by,
        }),
      ),
    )
    const row = await eventually(async () => {
      const found = await rowOf(place)
      return found?.revision === 21 ? found : undefined
    })
    expect(JSON.parse(row.contact)).toMatchObject({ tags })
    const listed = await env.DB.prepare('SELECT tag FROM contact_tags WHERE contact_id = ? ORDER BY tag')
      .bind(place.id)
      .all()
    expect(listed.results.map(({ tag }) => tag)).toEqual(tags)
  })

  test('deleted leaves nothing about the person, and stays gone', async () => {
    const place = await make({ firstName: 'Ada', email: 'ada@example.com' })
    const { organizationId, id } = place
    expect((await contacts.change(organizationId, id, { deed: { kind: 'delete' }, by })).kind).toBe('done')
    expect(await contacts.read(organizationId, id)).toBeUndefined()
    expect((await contacts.change(organizationId, id, changing({ firstName: 'X' }))).kind).toBe('missing')
    expect(await rowOf(place)).toMatchObject({ contact: '{}', deleted_at: expect.any(Number) })
    const stored = await runInDurableObject(stubOf(place), (_, { storage }) =>
      ['contact', 'outbox', 'keys'].map((table) => storage.sql.exec(`SELECT * FROM ${table}`).toArray()),
    )
    expect(JSON.stringify(stored)).not.toMatch(/ada/i)
    // Its address is free again.
    await make({ email: 'ada@example.com' }, organizationId)
  })

  test('G10: answers nobody of another organization', async () => {
    const place = await make({ firstName: 'Ada' })
    await expect(async () => stubOf(place).read(newId('organization'))).rejects.toThrow('another organization')
    await expect(async () => stubOf(place).change(newId('organization'), creating({}))).rejects.toThrow(
      'another organization',
    )
  })

  test('that never was stores nothing when it is looked at', async () => {
    const place = { organizationId: newId('organization'), id: newId('contact') }
    expect(await stubOf(place).read(place.organizationId)).toBeUndefined()
    const tables = await runInDurableObject(stubOf(place), (_, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name IN ('contact', 'outbox', 'keys')").toArray(),
    )
    expect(tables).toEqual([])
  })
})

describe('an e-mail address or a phone number', () => {
  test('belongs to one contact of an organization, however many want it at once', async () => {
    const organizationId = newId('organization')
    const results = await Promise.all(
      Array.from({ length: 10 }, () =>
        contacts.change(organizationId, newId('contact'), creating({ email: 'ada@example.com', phone: '+4930123456' })),
      ),
    )
    const [winner] = results.flatMap((result) => (result.kind === 'done' ? [result.contact] : []))
    expect(results.filter(({ kind }) => kind === 'done')).toHaveLength(1)
    expect(results.filter(({ kind }) => kind === 'taken')).toHaveLength(9)
    expect(results.find(({ kind }) => kind === 'taken')).toMatchObject({ contactId: winner?.id })
  })

  test('may be that of a contact of another organization', async () => {
    await make({ email: 'ada@example.com' })
    await make({ email: 'ada@example.com' })
  })

  test('is free again once its contact has another', async () => {
    const organizationId = newId('organization')
    const first = await make({ email: 'one@example.com' }, organizationId)
    const second = await make({ email: 'two@example.com' }, organizationId)
    const take = () => contacts.change(organizationId, second.id, changing({ email: 'one@example.com' }))
    expect(await take()).toEqual({ kind: 'taken', field: 'email', contactId: first.id })
    done(await contacts.change(organizationId, first.id, changing({ email: 'three@example.com' })))
    expect(done(await take())).toMatchObject({ email: 'one@example.com' })
  })

  test('changed there and back again is still its own', async () => {
    const place = await make({ email: 'one@example.com' })
    const { organizationId, id } = place
    await Promise.all(
      ['two@example.com', 'one@example.com', 'two@example.com', 'one@example.com'].map((email) =>
        contacts.change(organizationId, id, changing({ email })),
      ),
    )
    await eventually(async () => ((await claimsOf(place)).length === 1 ? true : undefined))
    const result = await contacts.change(organizationId, newId('contact'), creating({ email: 'one@example.com' }))
    expect(result).toEqual({ kind: 'taken', field: 'email', contactId: id })
    await make({ email: 'two@example.com' }, organizationId)
  })

  test('that was claimed for a change which never came is given up', async () => {
    const place = await make({ firstName: 'Ada' })
    const { organizationId, id } = place
    // As a process leaves it that died after its claim and before its commit.
    await env.DB.prepare("INSERT INTO contact_identities VALUES (?, 'email', 'ada@example.com', ?, 2)")
      .bind(organizationId, id)
      .run()
    await runInDurableObject(stubOf(place), async (_, { storage }) => {
      storage.kv.put('claim', { revision: 2, wanted: [{ kind: 'email', value: 'ada@example.com' }] })
      await storage.setAlarm(Date.now() + 60_000)
    })
    await evictDurableObject(stubOf(place))
    await runDurableObjectAlarm(stubOf(place))
    await make({ email: 'ada@example.com' }, organizationId)
  })

  test('that cannot be claimed leaves the contact as it was', async () => {
    const place = await make({ firstName: 'Ada' })
    await breakIn(place, { DB: unreachableDatabase })
    await expect(async () =>
      contacts.change(place.organizationId, place.id, changing({ email: 'ada@example.com' })),
    ).rejects.toThrow()
    await evictDurableObject(stubOf(place))
    expect(await contacts.read(place.organizationId, place.id)).toMatchObject({ revision: 1, email: null })
    done(await contacts.change(place.organizationId, place.id, changing({ email: 'ada@example.com' })))
  })
})

describe('the same key', () => {
  const key = { name: 'fx_1', hash: 'a' }

  test('changes a contact once, also after its process died', async () => {
    const place = await make({ firstName: 'Ada' })
    const { organizationId, id } = place
    const first = await contacts.change(organizationId, id, changing({ company: 'One' }, { key }))
    expect(first).toMatchObject({ kind: 'done', changed: true, repeated: false })
    done(await contacts.change(organizationId, id, changing({ company: 'Two' })))
    await evictDurableObject(stubOf(place))
    const again = await contacts.change(organizationId, id, changing({ company: 'One' }, { key }))
    expect(again).toMatchObject({
      kind: 'done',
      changed: true,
      repeated: true,
      contact: { company: 'Two', revision: 3 },
    })
  })

  test('of a change that changed nothing does not change anything later', async () => {
    const { organizationId, id } = await make({ company: 'One' })
    await contacts.change(organizationId, id, changing({ company: 'One' }, { key }))
    done(await contacts.change(organizationId, id, changing({ company: 'Two' })))
    const again = await contacts.change(organizationId, id, changing({ company: 'One' }, { key }))
    expect(again).toMatchObject({ repeated: true, changed: false, contact: { company: 'Two' } })
  })

  test('for something else is a mistake', async () => {
    const { organizationId, id } = await make({ firstName: 'Ada' })
    await contacts.change(organizationId, id, changing({ company: 'One' }, { key }))
    const other = changing({ company: 'Two' }, { key: { ...key, hash: 'b' } })
    expect(await contacts.change(organizationId, id, other)).toEqual({ kind: 'keyConflict' })
  })
})

describe('the events of a contact', () => {
  test('start what listens to them, once each, with the contact and why', async () => {
    const { organizationId, workflowId } = await publish(listening('contact.*'))
    const { id } = await make({ firstName: 'Ada' }, organizationId)
    const chain = { root: newId('event'), depth: 2, path: [newId('workflow')] }
    const step: Author = { kind: 'execution', executionId: newId('execution'), workflowId, step: 'update' }
    const request = {
      deed: { kind: 'change' as const, change: wanting({ company: 'Engines' }, { add: ['vip'] }) },
      by: step,
      chain,
    }
    done(await contacts.change(organizationId, id, request))
    done(await contacts.change(organizationId, id, { deed: { kind: 'delete' }, by }))

    const seen = await seenBy(workflowId, 5)
    // What comes after it comes alone.
    await make({ firstName: 'Grace' }, organizationId)
    expect(await seenBy(workflowId, 6)).toHaveLength(6)
    expect(seen.map(({ type }) => type).sort()).toEqual([
      'contact.created',
      'contact.deleted',
      'contact.field.changed',
      'contact.tag.added',
      'contact.updated',
    ])
    const of = (type: string) => seen.find((each) => each.type === type)!
    expect(of('contact.created')).toMatchObject({
      contactId: id,
      data: { contact: { name: 'Ada', revision: 1 } },
      cause: { by, depth: 0, path: [], root: of('contact.created').id },
    })
    expect(of('contact.field.changed')).toMatchObject({
      data: { field: 'company', before: null, after: 'Engines', contact: { revision: 2 } },
      cause: { by: step, ...chain },
    })
    expect(of('contact.tag.added')).toMatchObject({ data: { tag: 'vip' } })
    expect(of('contact.deleted')).toMatchObject({ data: { contact: { name: 'Ada', revision: 2 } } })
  })

  test('R1: come although the process died between commit and delivery, and come once', async () => {
    const { organizationId, workflowId } = await publish(listening('contact.field.changed'))
    const place = await make({ firstName: 'Ada' }, organizationId)
    await breakIn(place, { INBOXES: unreachableInbox })
    done(await contacts.change(organizationId, place.id, changing({ company: 'Engines' })))
    expect(await lettersOf(place)).toHaveLength(1)
    await evictDurableObject(stubOf(place))

    await runDurableObjectAlarm(stubOf(place))
    expect(await lettersOf(place)).toEqual([])
    await seenBy(workflowId, 1)
    // What comes after it comes alone.
    done(await contacts.change(organizationId, place.id, changing({ company: 'Looms' })))
    expect(await seenBy(workflowId, 2)).toHaveLength(2)
  })

  test('R1: that were delivered, with the process dead before it knew, start nothing twice', async () => {
    const { organizationId, workflowId } = await publish(listening('contact.updated'))
    const place = await make({ firstName: 'Ada' }, organizationId)
    await breakIn(place, { DB: unreachableDatabase })
    done(await contacts.change(organizationId, place.id, changing({ company: 'Engines' })))
    const [letter] = await lettersOf(place)
    expect(letter).toMatchObject({ revision: 2, sent: 1 })
    await evictDurableObject(stubOf(place))
    // As if it had died before it noted that the events were taken.
    await runInDurableObject(stubOf(place), (_, { storage }) => void storage.sql.exec('UPDATE outbox SET sent = 0'))

    await runDurableObjectAlarm(stubOf(place))
    expect([await lettersOf(place), (await rowOf(place))?.revision]).toEqual([[], 2])
    await seenBy(workflowId, 1)
    // What comes after it comes alone.
    done(await contacts.change(organizationId, place.id, changing({ company: 'Looms' })))
    expect(await seenBy(workflowId, 2)).toHaveLength(2)
  })

  test('wait for an inbox that cannot be reached, and the object is armed for as long', async () => {
    const place = await make({ firstName: 'Ada' })
    await breakIn(place, { INBOXES: unreachableInbox })
    done(await contacts.change(place.organizationId, place.id, changing({ company: 'Engines' })))
    for (let round = 0; round < 3; round++) {
      await runDurableObjectAlarm(stubOf(place))
      const armed = await runInDurableObject(stubOf(place), (_, { storage }) => storage.getAlarm())
      expect(armed).toBeGreaterThan(Date.now())
    }
    await evictDurableObject(stubOf(place))
    await runDurableObjectAlarm(stubOf(place))
    const armed = await runInDurableObject(stubOf(place), (_, { storage }) => storage.getAlarm())
    expect([armed, await lettersOf(place)]).toEqual([null, []])
  })

  test('are told of where the platform gave the alarm up, as soon as anybody looks at the contact', async () => {
    const place = await make({ firstName: 'Ada' })
    await breakIn(place, { INBOXES: unreachableInbox })
    done(await contacts.change(place.organizationId, place.id, changing({ company: 'Engines' })))
    await runInDurableObject(stubOf(place), (_, { storage }) => storage.deleteAlarm())
    await evictDurableObject(stubOf(place))

    await contacts.read(place.organizationId, place.id)
    await eventually(async () => {
      const armed = await runInDurableObject(stubOf(place), (_, { storage }) => storage.getAlarm())
      return armed === null ? undefined : armed
    })
    await runDurableObjectAlarm(stubOf(place))
    expect(await lettersOf(place)).toEqual([])
  })

  test('an old revision never overwrites a newer one where contacts are listed', async () => {
    const place = await make({ firstName: 'Ada' })
    await breakIn(place, { INBOXES: unreachableInbox })
    done(await contacts.change(place.organizationId, place.id, changing({ company: 'Old' })))
    await evictDurableObject(stubOf(place))
    done(await contacts.change(place.organizationId, place.id, changing({ company: 'New' })))
    expect(JSON.parse((await rowOf(place))!.contact)).toMatchObject({ company: 'New', revision: 3 })
  })
})

test('an event of any type may name a contact, and its workflow reads it as it was then', async () => {
  const { organizationId, workflowId } = await publish(
    graph(
      [
        node('on', 'trigger.event', { eventType: 'order.paid' }),
        node('keep', 'data.set', { fields: [{ name: 'who', value: '{{ contactAtStart.name }}' }] }),
      ],
      'on>keep',
    ),
  )
  const { id } = await make({ firstName: 'Ada' }, organizationId)
  const { executionId } = await runtime().emit(organizationId, {
    type: 'order.paid',
    data: { total: 7 },
    contactId: id,
  })
  done(await contacts.change(organizationId, id, changing({ firstName: 'Augusta' })))
  const [seen] = await seenBy(workflowId, 1)
  expect(seen).toMatchObject({ type: 'order.paid', contactId: id, data: { total: 7 } })
  const journal = await env.LOGS.prepare('SELECT text FROM journals WHERE execution_id = ?').bind(executionId).first()
  expect(JSON.stringify(journal)).toMatch(/who[^}]*Ada/)
})

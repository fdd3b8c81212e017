// Steps that change contacts, on real objects: once per key, whatever happens to the answer.

import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Execution } from '../../worker/contract/execution.ts'
import { newId } from '../../worker/lib/id.ts'
import {
  createContactActions,
  testContactActions,
  type ActingStep,
} from '../../worker/runtime/contact/contact-actions.ts'
import { contactOf } from '../../worker/runtime/contact/contact-stub.ts'
import { eventually, graph, node, publish, runtime } from '../support/published.ts'

function stepOf(organizationId = newId('organization'), idempotencyKey = `fx_${newId('event')}`): ActingStep {
  return {
    organizationId,
    by: { kind: 'execution', executionId: newId('execution'), workflowId: newId('workflow'), step: 'step' },
    chain: { root: newId('event'), depth: 1, path: [newId('workflow')] },
    idempotencyKey,
  }
}

const ada = { fields: { email: 'ada@example.com', firstName: 'Ada' }, addTags: ['lead'] }

describe('a step', () => {
  test('makes a contact once under its key, also when the answer was lost and the contact changed since', async () => {
    const step = stepOf()
    const first = await createContactActions(env, step).findOrCreate(ada, 'update')
    expect(first).toMatchObject({ created: true, contact: { name: 'Ada', tags: ['lead'], visibility: 'organization' } })
    const stub = contactOf(env, step.organizationId, first.contact.id)
    await createContactActions(env, stepOf(step.organizationId)).change(first.contact.id, {
      fields: { email: 'other@example.com' },
    })
    await evictDurableObject(stub)
    const again = await createContactActions(env, step).findOrCreate(ada, 'update')
    expect([again.created, again.contact.id]).toEqual([true, first.contact.id])
    expect(again.contact.email).toBe('other@example.com')
  })

  test('finds the contact that another made, and changes it or leaves it', async () => {
    const { organizationId } = stepOf()
    const { contact } = await createContactActions(env, stepOf(organizationId)).findOrCreate(ada, 'update')
    const wishes = { fields: { email: 'ADA@example.com', company: 'Engines' } }
    const kept = await createContactActions(env, stepOf(organizationId)).findOrCreate(wishes, 'keep')
    expect([kept.created, kept.changed, kept.contact]).toEqual([false, false, contact])
    const step = stepOf(organizationId)
    const changed = await createContactActions(env, step).findOrCreate(wishes, 'update')
    expect([changed.created, changed.changed, changed.contact.company]).toEqual([false, true, 'Engines'])
    const again = await createContactActions(env, step).findOrCreate(wishes, 'update')
    expect(again.contact.revision).toBe(changed.contact.revision)
  })

  test('makes one contact with many others at once', async () => {
    const { organizationId } = stepOf()
    const all = await Promise.all(
      Array.from({ length: 12 }, () => createContactActions(env, stepOf(organizationId)).findOrCreate(ada, 'keep')),
    )
    expect(new Set(all.map(({ contact }) => contact.id)).size).toBe(1)
    expect(all.filter(({ created }) => created)).toHaveLength(1)
  })

  test('changes a contact once under its key', async () => {
    const { organizationId } = stepOf()
    const { contact } = await createContactActions(env, stepOf(organizationId)).findOrCreate(ada, 'update')
    const step = stepOf(organizationId)
    const wishes = { fields: {}, addTags: ['vip'] }
    await createContactActions(env, step).change(contact.id, wishes)
    await createContactActions(env, stepOf(organizationId)).change(contact.id, { fields: {}, removeTags: ['vip'] })
    const again = await createContactActions(env, step).change(contact.id, wishes)
    expect(again.contact.tags).toEqual(['lead'])
  })

  test('fails for good at what will never work', async () => {
    const { organizationId } = stepOf()
    const actions = () => createContactActions(env, stepOf(organizationId))
    const { contact } = await actions().findOrCreate(ada, 'update')
    const other = await actions().findOrCreate({ fields: { email: 'ben@example.com' } }, 'update')
    await expect(actions().change('nobody', { fields: {} })).rejects.toMatchObject({ code: 'contact.not_found' })
    await expect(actions().change(newId('contact'), { fields: { company: 'X' } })).rejects.toMatchObject({
      code: 'contact.not_found',
    })
    await expect(actions().change(contact.id, { fields: { timeZone: 'Mars' } })).rejects.toMatchObject({
      code: 'contact.invalid',
      message: '“timeZone” must be a time zone such as Europe/Berlin.',
    })
    await expect(actions().change(other.contact.id, { fields: { email: 'ada@example.com' } })).rejects.toMatchObject({
      code: 'contact.taken',
      details: { field: 'email', contactId: contact.id },
    })
    await expect(actions().findOrCreate({ fields: { firstName: 'X' } }, 'keep')).rejects.toMatchObject({
      code: 'contact.no_identity',
    })
  })

  test('G4: finds and changes nobody of another organization', async () => {
    const { contact } = await createContactActions(env, stepOf()).findOrCreate(ada, 'update')
    const other = createContactActions(env, stepOf())
    expect(await other.find({ kind: 'id', value: contact.id })).toBeNull()
    expect(await other.find({ kind: 'email', value: 'ada@example.com' })).toBeNull()
    await expect(other.change(contact.id, { fields: { company: 'X' } })).rejects.toMatchObject({
      code: 'contact.not_found',
    })
  })

  test('of a test looks, and changes nothing', async () => {
    const step = stepOf()
    const { contact } = await createContactActions(env, step).findOrCreate(ada, 'update')
    const actions = testContactActions(env, step.organizationId)
    expect(await actions.find({ kind: 'email', value: 'ada@example.com' })).toEqual(contact)
    await expect(actions.change(contact.id, { fields: {} })).rejects.toMatchObject({ code: 'contact.test_only' })
  })
})

//  start ──► make ──► tag ──► find ──► done
const chained = graph(
  [
    node('start', 'trigger.manual'),
    node('make', 'contact.create', {
      fields: [
        { name: 'email', value: '{{ trigger.data.email }}' },
        { name: 'firstName', value: 'Ada' },
      ],
      tags: 'lead',
    }),
    node('tag', 'contact.tag.add', { contactId: '{{ steps.make.contact.id }}', tags: 'vip' }),
    node('find', 'contact.find', { by: 'email', value: '{{ trigger.data.email }}' }),
    node('done', 'data.set', { fields: [{ name: 'tags', value: '{{ steps.find.contact.tags }}' }] }),
  ],
  'start>make',
  'make>tag',
  'tag>find',
  'find:found>done',
)

//  on contact.tag.added ──► keep
const listening = graph(
  [
    node('on', 'trigger.event', {
      eventType: 'contact.tag.added',
      conditions: {
        operator: 'AND',
        conditions: [{ field: 'trigger.data.tag', operator: 'equals', value: 'vip' }],
      },
    }),
    node('keep', 'data.set', {
      fields: [
        { name: 'who', value: '{{ trigger.data.contact.name }}' },
        { name: 'cause', value: '{{ trigger.cause }}' },
      ],
    }),
  ],
  'on>keep',
)

test('a workflow makes a contact, and what that emits starts another with its cause', async () => {
  const listener = await publish(listening)
  const { organizationId } = listener
  const published = await publish(chained, organizationId)
  const { executionId } = await runtime().start({
    ...published,
    trigger: { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: { email: 'ada@example.com' } } },
  })
  const ended = await eventually(async () => {
    const found = await runtime().findLive(organizationId, executionId)
    return found?.finishedAt === undefined ? undefined : found
  })
  expect([ended.status, ended.output]).toEqual(['completed', { tags: ['lead', 'vip'] }])

  const started = await eventually(async (): Promise<Execution | undefined> => {
    const row = await env.LOGS.prepare('SELECT id FROM executions WHERE workflow_id = ?')
      .bind(listener.workflowId)
      .first<{ id: Execution['id'] }>()
    return row === null
      ? undefined
      : runtime()
          .findLive(organizationId, row.id)
          .then((found) => found ?? stored(row.id))
  })
  expect(started).toMatchObject({
    output: {
      who: 'Ada',
      cause: {
        by: { kind: 'execution', executionId, workflowId: published.workflowId, step: 'tag' },
        depth: 1,
        path: [published.workflowId],
      },
    },
  })
})

/** What the listener gave, from its journal. */
async function stored(id: Execution['id']): Promise<Execution> {
  const parts = await env.LOGS.prepare('SELECT text FROM journals WHERE execution_id = ? ORDER BY part')
    .bind(id)
    .all<{ text: string }>()
  const [entry] = JSON.parse(parts.results.map(({ text }) => text).join('')) as {
    events: { type: string; node?: string; output?: unknown }[]
  }[]
  return { id, output: entry!.events.find((event) => event.node === 'keep')?.output } as Execution
}

//  on order.paid ──► new? ─true──► tag ──► vip? ─true──► yes
const looking = graph(
  [
    node('on', 'trigger.event', { eventType: 'order.paid' }),
    node('new', 'flow.if', tagged('new')),
    node('tag', 'contact.tag.add', { contactId: '{{ contact.id }}', tags: 'vip' }),
    node('vip', 'flow.if', tagged('vip')),
    node('yes', 'data.set', {
      fields: [
        { name: 'now', value: '{{ contact.tags }}' },
        { name: 'before', value: '{{ contactAtStart.tags }}' },
      ],
    }),
  ],
  'on>new',
  'new:true>tag',
  'tag>vip',
  'vip:true>yes',
)

function tagged(tag: string) {
  const condition = { field: 'contact.tags', operator: 'contains', value: tag }
  return { conditions: { operator: 'AND', conditions: [condition] } }
}

test('a step sees what the step before it changed about the contact, and the journal says what it saw', async () => {
  const { organizationId } = await publish(looking)
  const { contact } = await createContactActions(env, stepOf(organizationId)).findOrCreate(
    { fields: { email: 'ada@example.com' }, addTags: ['new'] },
    'update',
  )
  const { executionId } = await runtime().emit(organizationId, { type: 'order.paid', contactId: contact.id })
  const id = executionId as Execution['id']
  const ended = await eventually(async () => {
    const found = await runtime().findLive(organizationId, id)
    return found?.finishedAt === undefined ? undefined : found
  })
  expect([ended.status, ended.output]).toEqual(['completed', { now: ['new', 'vip'], before: ['new'] }])
  expect(ended.contactId).toBe(contact.id)
  const row = await eventually(async () => {
    const found = await env.LOGS.prepare('SELECT id FROM executions WHERE organization_id = ? AND contact_id = ?')
      .bind(organizationId, contact.id)
      .first()
    return found ?? undefined
  })
  expect(row).toEqual({ id })
  const journal = await runtime().findJournal(organizationId, id)
  expect(journal?.flatMap(({ events }) => events).filter(({ type }) => type === 'contactRead')).toMatchObject([
    { contact: { tags: ['new'], id: contact.id } },
    { contact: { tags: ['new', 'vip'], id: contact.id } },
  ])
})

/** What listens to a tag, and tags the contact in turn. */
const passing = (heard: string, given: string) =>
  graph(
    [
      node('on', 'trigger.event', {
        eventType: 'contact.tag.added',
        conditions: {
          operator: 'AND',
          conditions: [{ field: 'trigger.data.tag', operator: 'equals', value: heard }],
        },
      }),
      node('tag', 'contact.tag.add', { contactId: '{{ trigger.contactId }}', tags: given }),
      node('done', 'data.set', { fields: [{ name: 'cause', value: '{{ trigger.cause }}' }] }),
    ],
    'on>tag',
    'tag>done',
  )

test('a chain of workflows that start each other goes on with its root, and grows by each', async () => {
  const first = await publish(passing('one', 'two'))
  const { organizationId } = first
  const second = await publish(passing('two', 'three'), organizationId)
  const third = await publish(passing('three', 'four'), organizationId)
  const by = { kind: 'member' as const, userId: newId('user') }
  const deed = { kind: 'create' as const, change: { fields: { firstName: 'Ada' }, add: ['one'], remove: [] } }
  const id = newId('contact')
  await contactOf(env, organizationId, id).change(organizationId, { deed, by })

  const seen = await eventually(async () => {
    const row = await env.LOGS.prepare('SELECT id FROM executions WHERE workflow_id = ? AND finished_at IS NOT NULL')
      .bind(third.workflowId)
      .first<{ id: Execution['id'] }>()
    if (row === null) return undefined
    const found = await runtime().findLive(organizationId, row.id)
    return found?.output as { cause: { root: string; depth: number; path: string[] } } | undefined
  })
  expect(seen.cause).toMatchObject({ depth: 2, path: [first.workflowId, second.workflowId] })
  const contact = await contactOf(env, organizationId, id).read(organizationId)
  expect(contact?.tags).toEqual(['four', 'one', 'three', 'two'])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Contact } from '../../worker/contract/contact.ts'
import { changeContact, emptyContact, fieldOf } from '../../worker/contacts/change-contact.ts'
import { eventsOfChange, eventsOfCreation, eventsOfDeletion } from '../../worker/contacts/contact-events.ts'
import { nextChain } from '../../worker/causality/next-chain.ts'
import { identitiesOf, without } from '../../worker/contacts/identities.ts'
import { newId } from '../../worker/lib/id.ts'
import { ada, changes } from './arbitraries.ts'

const later = Date.parse('2026-02-01T00:00:00Z')
const none = { fields: {}, add: [], remove: [] }

test('a contact is one by the contract, whatever happened to it', () => {
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 6 }), (all) => {
      const contact = all.reduce((before, change) => changeContact(before, change, later).contact, ada())
      expect(Contact.parse(contact)).toEqual(contact)
    }),
    { numRuns: 200 },
  )
})

test('what is said to have changed is the whole difference, and nothing else', () => {
  fc.assert(
    fc.property(changes, changes, (first, second) => {
      const before = changeContact(ada(), first, later).contact
      const { contact, fields, tagsAdded, tagsRemoved } = changeContact(before, second, later)
      for (const { field, before: had, after } of fields) {
        expect(fieldOf(before, field)).toEqual(had)
        expect(fieldOf(contact, field)).toEqual(after)
        expect(after).not.toEqual(had)
      }
      const undone = Object.fromEntries(fields.map(({ field, before: had }) => [field, had]))
      const back = changeContact(contact, { fields: undone, add: tagsRemoved, remove: tagsAdded }, later).contact
      expect({ ...back, revision: 0, updatedAt: '' }).toEqual({ ...before, revision: 0, updatedAt: '' })
    }),
    { numRuns: 300 },
  )
})

test('the same change again changes nothing, and emits nothing', () => {
  fc.assert(
    fc.property(changes, (change) => {
      const once = changeContact(ada(), change, later)
      const twice = changeContact(once.contact, change, later)
      expect(twice.contact).toBe(once.contact)
      expect(eventsOfChange(twice)).toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('a revision counts what changed something', () => {
  const named = changeContact(ada(), { ...none, fields: { firstName: 'Ada' } }, later)
  const same = changeContact(named.contact, { ...none, fields: { firstName: 'Ada' } }, later)
  const tagged = changeContact(same.contact, { ...none, add: ['vip'] }, later)
  expect([named, same, tagged].map(({ contact }) => contact.revision)).toEqual([1, 1, 2])
})

test('a contact is called by its name, else by what is known', () => {
  const named = (fields: Record<string, string>) => changeContact(ada(), { ...none, fields }, later).contact.name
  expect(named({ firstName: 'Ada', lastName: 'Lovelace', company: 'Engines' })).toBe('Ada Lovelace')
  expect(named({ company: 'Engines', email: 'ada@example.com' })).toBe('Engines')
  expect(named({ phone: '+4930123456' })).toBe('+4930123456')
})

test('each field and each tag that changed has its own event, with what it was and is', () => {
  const before = changeContact(ada(), { ...none, fields: { company: 'Old' }, add: ['lead'] }, later).contact
  const changed = changeContact(
    before,
    { fields: { company: 'New', 'custom.plan': 'team' }, add: ['vip'], remove: ['lead'] },
    later,
  )
  expect(eventsOfChange(changed).map(({ type, data: { contact: _, ...data } }) => [type, data])).toEqual([
    [
      'contact.updated',
      {
        changes: [
          { field: 'company', before: 'Old', after: 'New' },
          { field: 'custom.plan', before: null, after: 'team' },
        ],
      },
    ],
    ['contact.field.changed', { field: 'company', before: 'Old', after: 'New' }],
    ['contact.field.changed', { field: 'custom.plan', before: null, after: 'team' }],
    ['contact.tag.added', { tag: 'vip' }],
    ['contact.tag.removed', { tag: 'lead' }],
  ])
})

test('a new contact is created once and has its tags added, but none of its fields changed', () => {
  const created = changeContact(ada(), { ...none, fields: { firstName: 'Ada' }, add: ['vip'] }, later)
  expect(eventsOfCreation(created).map(({ type }) => type)).toEqual(['contact.created', 'contact.tag.added'])
  expect(eventsOfDeletion(created.contact)).toEqual([{ type: 'contact.deleted', data: { contact: created.contact } }])
})

test('events hold the contact as it is after the change', () => {
  fc.assert(
    fc.property(changes, (change) => {
      const changed = changeContact(ada(), change, later)
      for (const { data } of eventsOfChange(changed)) expect(data.contact).toBe(changed.contact)
    }),
    { numRuns: 100 },
  )
})

test('identities are the e-mail address and the phone number, where there are any', () => {
  const contact = { ...emptyContact(newId('contact'), 0), email: 'ada@example.com', phone: '+4930123456' }
  expect(identitiesOf(contact).map(({ kind }) => kind)).toEqual(['email', 'phone'])
  expect(without(identitiesOf(contact), identitiesOf({ email: 'ada@example.com', phone: null }))).toEqual([
    { kind: 'phone', value: '+4930123456' },
  ])
})

test('a chain grows by each execution it goes through, and keeps its root', () => {
  const [first, second] = [newId('workflow'), newId('workflow')]
  const once = nextChain(undefined, { workflowId: first, eventId: 'evt_1' })
  const twice = nextChain(once, { workflowId: second, eventId: 'evt_2' })
  expect(twice).toEqual({ root: 'evt_1', depth: 2, path: [first, second] })
  const far = Array.from({ length: 40 }).reduce<typeof once>(
    (chain) => nextChain(chain, { workflowId: first, eventId: 'x' }),
    once,
  )
  expect([far.depth, far.path.length]).toEqual([41, 20])
})

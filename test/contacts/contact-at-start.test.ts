import { expect, test } from 'vitest'
import type { Json } from '../../worker/contract/json.ts'
import { contactAtStart } from '../../worker/contacts/contact-at-start.ts'

const ada = { id: 'con_1', name: 'Ada' }
const event = (type: string, more: Record<string, Json>): Json => ({
  type,
  id: 'x',
  occurredAt: 'then',
  data: null,
  ...more,
})

test('is the contact that an event named', () => {
  expect(contactAtStart(event('order.paid', { contactId: 'con_1', contact: ada }))).toEqual(ada)
})

test('is the contact whose own event it is', () => {
  expect(contactAtStart(event('contact.created', { contactId: 'con_1', data: { contact: ada } }))).toEqual(ada)
})

test('is nobody that a sender only put into the data of an event', () => {
  expect(contactAtStart(event('order.paid', { data: { contact: ada } }))).toBeNull()
  expect(contactAtStart({ type: 'webhook', body: { contact: ada } })).toBeNull()
})

test('is nobody where none is named, whatever the trigger is', () => {
  for (const trigger of [
    null,
    'text',
    7,
    [],
    {},
    event('contact.created', {}),
    event('order.paid', { contact: null }),
  ]) {
    expect(contactAtStart(trigger)).toBeNull()
  }
})

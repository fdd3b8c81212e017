import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { emptyContact } from '../../worker/contacts/change-contact.ts'
import { newId } from '../../worker/lib/id.ts'
import type { ContactActions } from '../../worker/nodes/contact/contact-actions.ts'
import { findNodeType } from '../../worker/nodes/registry.ts'
import { graphOf, resolve, scopeOf } from './support.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'

const ada = emptyContact(newId('contact'), 0)
const scope = scopeOf({ trigger: { type: 'contact.created', contactId: ada.id, data: { tags: ['a', 'b'] } } })

/** Performs a contact's node, and remembers what it asked for. */
async function perform(type: string, params: JsonObject, answers: Partial<ContactActions> = {}) {
  const asked: unknown[] = []
  const remember =
    <Answer>(answer: Answer) =>
    (...wish: unknown[]) => {
      asked.push(wish)
      return Promise.resolve(answer)
    }
  const contacts: ContactActions = {
    find: remember(ada),
    findOrCreate: remember({ contact: ada, created: true, changed: true }),
    change: remember({ contact: ada, changed: true }),
    ...answers,
  }
  const definition = findNodeType(type)
  if (definition?.kind !== 'effect') throw new Error(`${type} does not act`)
  const outcome = await definition.perform({
    params: definition.params().parse(resolve(type, params, scope)),
    fetch: () => Promise.reject(new Error('no network')),
    signal: new AbortController().signal,
    idempotencyKey: 'fx_key',
    contacts,
  })
  return { outcome, asked }
}

test('a contact is changed by the names of its fields', async () => {
  const fields: Json = [
    { name: 'firstName', value: 'Ada' },
    { name: 'custom.score', value: '{{ 40 + 2 }}' },
    { name: 'firstName', value: 'Augusta' },
  ]
  const { asked, outcome } = await perform('contact.update', { contactId: '{{ trigger.contactId }}', fields })
  expect(asked).toEqual([[ada.id, { fields: { firstName: 'Augusta', 'custom.score': 42 } }]])
  expect(outcome).toEqual({ output: { contact: ada, changed: true }, port: 'out' })
})

test('tags are written with commas, or given as a list', async () => {
  const written = await perform('contact.tag.add', { contactId: ada.id, tags: ' vip, , lead ' })
  expect(written.asked).toEqual([[ada.id, { fields: {}, addTags: ['vip', 'lead'] }]])
  const given = await perform('contact.tag.remove', { contactId: ada.id, tags: '{{ trigger.data.tags }}' })
  expect(given.asked).toEqual([[ada.id, { fields: {}, removeTags: ['a', 'b'] }]])
  expect(() => resolve('contact.tag.add', { contactId: ada.id, tags: ' , ' }, scope)).toThrow('tag')
})

test('a contact is made, or the one that is there is found', async () => {
  const params = { fields: [{ name: 'email', value: 'ada@example.com' }], tags: 'lead', whenFound: 'keep' }
  const { asked, outcome } = await perform('contact.create', params)
  expect(asked).toEqual([[{ fields: { email: 'ada@example.com' }, addTags: ['lead'] }, 'keep']])
  expect(outcome.output).toMatchObject({ created: true })
})

describe('looking for a contact', () => {
  test('goes on where there is one', async () => {
    const { asked, outcome } = await perform('contact.find', { by: 'email', value: 'ada@example.com' })
    expect([asked, outcome.port]).toEqual([[[{ kind: 'email', value: 'ada@example.com' }]], 'found'])
  })

  test('and where there is none', async () => {
    const find = () => Promise.resolve(null)
    const { outcome } = await perform('contact.find', { by: 'id', value: 'con_nobody' }, { find })
    expect(outcome).toEqual({ output: { contact: null }, port: 'notFound' })
  })
})

test('a field that no contact has is a problem while the workflow is drawn, a custom one is not', () => {
  const drawn = (name: string) =>
    validateGraph(
      graphOf({ start: ['trigger.manual'], it: ['contact.update', { contactId: 'x', fields: [{ name, value: 1 }] }] }, [
        'start > it',
      ]),
    ).map(({ code, message }) => [code, message])
  expect(drawn('company')).toEqual([])
  expect(drawn('custom.plan')).toEqual([])
  expect(drawn('plan')).toEqual([
    ['contact.unknown_field', 'Contacts have no field “plan”. A custom field is called custom.plan.'],
  ])
})

// Half of a character, left where somebody cut a text in the middle of an emoji, in names and in what is searched for.

import { expect, test } from 'vitest'
import { makeApi, type Member } from '../support/api.ts'

const api = makeApi()
const half = 'Ada \ud83d!'
const whole = 'Ada \ufffd!'

async function post(as: Member, path: string, body: object) {
  const { status, data, error } = await api.send('POST', `/api/v2/${path}`, { as, body })
  expect([status, error]).toEqual([201, undefined])
  return data
}

test('a name is answered and kept with one mark in the place of half a character', async () => {
  const ada = await api.signUp()
  const start = { id: 'start', type: 'trigger.manual', name: half, position: { x: 0, y: 0 }, params: {} }
  const body = { name: half, graph: { version: 1, nodes: [start], edges: [] } }
  const { id, name, graph } = await post(ada, 'workflows', body)
  expect([name, graph.nodes[0].name]).toEqual([whole, whole])
  expect((await api.send('GET', `/api/v2/workflows/${id}`, { as: ada })).data).toMatchObject({
    name: whole,
    graph: { nodes: [{ name: whole }] },
  })
  expect((await post(ada, 'api-keys', { name: half, scopes: ['workflow.read'] })).name).toBe(whole)
  expect((await post(ada, 'calendars', { name: half, timeZone: 'UTC', weekly: {} })).name).toBe(whole)
  expect((await post(ada, 'contact-fields', { key: 'plan', label: half, type: 'text' })).label).toBe(whole)
  expect((await post(ada, 'teams', { name: half })).name).toBe(whole)
})

test('a contact is found by the tag and the name that it shows', async () => {
  const ada = await api.signUp()
  const contact = await post(ada, 'contacts', { firstName: half, tags: [half] })
  const [tag] = contact.tags
  expect([contact.firstName, tag]).toEqual([whole, whole.toLowerCase()])
  expect((await api.send('GET', '/api/v2/contact-tags', { as: ada })).data.items).toEqual([{ tag, contacts: 1 }])
  for (const query of [`tags=${encodeURIComponent(tag)}`, `search=${encodeURIComponent(whole)}`]) {
    const { data } = await api.send('GET', `/api/v2/contacts?${query}`, { as: ada })
    expect([query, data.items.length]).toEqual([query, 1])
  }
})

import { describe, expect, test } from 'vitest'
import { newId } from '../../worker/lib/id.ts'
import { makeApi, type Answer, type Member, type Parsed } from '../support/api.ts'
import { makeKey, makeMember } from '../support/people.ts'
import { eventually } from '../support/published.ts'

const api = makeApi()
const contacts = '/api/v2/contacts'

const post = (as: Member, body: object, headers: Record<string, string> = {}) =>
  api.send('POST', contacts, { as, body, headers })
const get = (as: Member, path = '') => api.send('GET', `${contacts}${path}`, { as })
const patch = (as: Member, id: string, revision: number, body: object) =>
  api.send('PATCH', `${contacts}/${id}`, { as, body, headers: { 'if-match': `"${revision}"` } })

async function make(as: Member, body: object): Promise<Parsed> {
  const { status, data, text } = await post(as, body)
  if (status !== 201) throw new Error(text)
  return data
}

const names = ({ data }: Answer) => data.items.map(({ name }: { name: string }) => name)
const said = ({ status, error }: Answer) => [status, error?.code, error?.details]

describe('a new contact', () => {
  test('is whole, normalized, and belongs to its maker', async () => {
    const ada = await api.signUp()
    const answer = await post(ada, {
      firstName: ' Ada ',
      lastName: 'Lovelace',
      email: 'Ada@Example.com',
      phone: '+44 (0)20 7946 0958',
      address: { city: 'London', country: 'gb' },
      language: 'EN-gb',
      timeZone: 'Europe/London',
      tags: ['VIP', 'early  adopter', 'vip'],
    })
    expect([answer.status, answer.headers.get('etag')]).toEqual([201, '"1"'])
    expect(answer.data).toMatchObject({
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      phone: '+442079460958',
      address: { line1: null, city: 'London', country: 'GB' },
      language: 'en-GB',
      tags: ['early adopter', 'vip'],
      custom: {},
      company: null,
      ownerId: ada.userId,
      visibility: 'own',
      revision: 1,
    })
    expect((await get(ada, `/${answer.data.id}`)).data).toEqual(answer.data)
  })

  test('needs something to be called by', async () => {
    const ada = await api.signUp()
    expect((await post(ada, {})).status).toBe(400)
    expect((await post(ada, { tags: ['vip'] })).status).toBe(400)
  })

  test('G7: is refused what is not its own to say, and everything that is wrong is said', async () => {
    const ada = await api.signUp()
    expect((await post(ada, { firstName: 'A', revision: 7 })).status).toBe(400)
    const { error } = await post(ada, { email: 'nobody', timeZone: 'Mars', ownerId: newId('user'), custom: { x: 1 } })
    expect(error.details.problems.map(({ path }: { path: string }) => path).sort()).toEqual([
      'custom.x',
      'email',
      'ownerId',
      'timeZone',
    ])
  })

  test('is one contact under one key, however often it is asked for', async () => {
    const ada = await api.signUp()
    const key = { 'idempotency-key': 'one' }
    const body = { firstName: 'Grace', email: 'grace@example.com' }
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(ada, body, key)))
    expect(new Set(answers.map(({ data }) => data?.id)).size).toBe(1)
    expect(said(await post(ada, { ...body, company: 'Navy' }, key))).toEqual([409, 'hook.conflict', null])
    expect((await get(ada)).data.items).toHaveLength(1)
    // Another member's key of the same name is another key.
    const ben = await makeKey(await makeMember(ada.organizationId), ada.organizationId, ['contact.write'])
    const other = await api.send('POST', contacts, { key: ben, body: { firstName: 'Ben' }, headers: key })
    expect([other.status, other.data.name]).toEqual([201, 'Ben'])
  })

  test('is refused an e-mail address or a phone number that another has', async () => {
    const ada = await api.signUp()
    const first = await make(ada, { email: 'ada@example.com', phone: '+4930123456' })
    expect(said(await post(ada, { email: 'ADA@example.com' }))).toEqual([
      409,
      'contact.taken',
      { field: 'email', contactId: first.id },
    ])
    expect(said(await post(ada, { phone: '0049 30 123456' }))).toEqual([
      409,
      'contact.taken',
      { field: 'phone', contactId: first.id },
    ])
    expect((await get(ada)).data.items).toHaveLength(1)
  })

  test('G6: is not told who has it when it may not see them', async () => {
    const ada = await api.signUp()
    await make(ada, { email: 'ada@example.com' })
    const key = await makeKey(await makeMember(ada.organizationId), ada.organizationId, ['contact.write'])
    const refused = await api.send('POST', contacts, { key, body: { email: 'ada@example.com' } })
    expect(said(refused)).toEqual([409, 'contact.taken', { field: 'email' }])
  })
})

describe('changing a contact', () => {
  test('O4: needs the revision that was edited, and keeps nothing when there is a newer one', async () => {
    const ada = await api.signUp()
    const { id } = await make(ada, { firstName: 'Ada', company: 'Engines' })
    const blind = await api.send('PATCH', `${contacts}/${id}`, { as: ada, body: { company: 'X' } })
    expect(blind.status).toBe(428)
    const changed = await patch(ada, id, 1, { company: null, address: { city: 'London' }, addTags: ['vip'] })
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"'])
    expect(changed.data).toMatchObject({ company: null, firstName: 'Ada', address: { city: 'London' }, tags: ['vip'] })
    expect(said(await patch(ada, id, 1, { company: 'Other' }))).toEqual([412, 'contact.conflict', { revision: 2 }])
    expect((await get(ada, `/${id}`)).data).toEqual(changed.data)
  })

  test('replaces tags, or adds and removes some, but not both at once', async () => {
    const ada = await api.signUp()
    const { id } = await make(ada, { firstName: 'Ada', tags: ['a', 'b'] })
    expect((await patch(ada, id, 1, { addTags: ['c'], removeTags: ['a'] })).data.tags).toEqual(['b', 'c'])
    expect((await patch(ada, id, 2, { tags: ['z'] })).data.tags).toEqual(['z'])
    expect((await patch(ada, id, 3, { tags: ['z'], addTags: ['y'] })).status).toBe(400)
  })

  test('to what it is already makes no revision', async () => {
    const ada = await api.signUp()
    const { id } = await make(ada, { firstName: 'Ada' })
    expect((await patch(ada, id, 1, { firstName: ' Ada' })).data.revision).toBe(1)
  })

  test('beyond what a contact may hold is refused', async () => {
    const ada = await api.signUp()
    const { id } = await make(ada, { firstName: 'Ada', tags: Array.from({ length: 100 }, (_, index) => `t${index}`) })
    expect(said(await patch(ada, id, 1, { addTags: ['more'] })).slice(0, 2)).toEqual([413, 'contact.too_large'])
  })
})

describe('deleting a contact', () => {
  test('is for good, and frees its address', async () => {
    const ada = await api.signUp()
    const { id } = await make(ada, { email: 'ada@example.com', tags: ['vip'] })
    const stale = await api.send('DELETE', `${contacts}/${id}`, { as: ada, headers: { 'if-match': '"9"' } })
    expect(stale.status).toBe(412)
    expect((await api.send('DELETE', `${contacts}/${id}`, { as: ada })).status).toBe(200)
    expect((await api.send('DELETE', `${contacts}/${id}`, { as: ada })).status).toBe(404)
    expect([(await get(ada, `/${id}`)).status, (await get(ada)).data.items]).toEqual([404, []])
    expect((await api.send('GET', '/api/v2/contact-tags', { as: ada })).data.items).toEqual([])
    await make(ada, { email: 'ada@example.com' })
  })
})

describe('the list', () => {
  test('is the most recently changed first, in pages', async () => {
    const ada = await api.signUp()
    const ids: string[] = []
    for (let index = 0; index < 7; index++) ids.push((await make(ada, { firstName: `P${index}` })).id)
    await patch(ada, ids[0]!, 1, { company: 'Changed' })
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await get(ada, `?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)
      seen.push(...names(page))
      cursor = page.data.nextCursor ?? ''
    } while (cursor !== '')
    expect(seen).toEqual(['P0', 'P6', 'P5', 'P4', 'P3', 'P2', 'P1'])
    expect((await get(ada, '?cursor=nonsense')).status).toBe(400)
  })

  test('finds by what is typed, by tags and by address', async () => {
    const ada = await api.signUp()
    await make(ada, { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com', tags: ['vip', 'math'] })
    await make(ada, { firstName: 'Grace', company: 'Navy', phone: '+14155552671', tags: ['vip'], source: 'fair' })
    const found = async (query: string) => names(await get(ada, `?${query}`)).sort()
    expect(await found('search=lovelace')).toEqual(['Ada Lovelace'])
    expect(await found('search=NAVY')).toEqual(['Grace'])
    expect(await found('search=4155552')).toEqual(['Grace'])
    expect(await found('search=%25')).toEqual([])
    expect(await found('tags=vip')).toEqual(['Ada Lovelace', 'Grace'])
    expect(await found('tags=VIP,math')).toEqual(['Ada Lovelace'])
    expect(await found('email=ADA@example.com')).toEqual(['Ada Lovelace'])
    expect(await found('phone=%2B1%20415%20555%202671')).toEqual(['Grace'])
    expect(await found('source=fair')).toEqual(['Grace'])
    expect(await found(`ownerId=${newId('user')}`)).toEqual([])
    expect(await found(`updatedAfter=${encodeURIComponent(new Date(Date.now() + 60_000).toISOString())}`)).toEqual([])
    expect((await api.send('GET', '/api/v2/contact-tags', { as: ada })).data.items).toEqual([
      { tag: 'vip', contacts: 2 },
      { tag: 'math', contacts: 1 },
    ])
  })
})

describe('tagging many', () => {
  test('changes each that is there, once, and names the others', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp('Eve')]
    const mine = await Promise.all(['A', 'B', 'C'].map((firstName) => make(ada, { firstName })))
    const theirs = await make(eve, { firstName: 'E' })
    const ids = mine.map(({ id }) => id)
    const tag = (body: object) => api.send('POST', `${contacts}/bulk-tag`, { as: ada, body })
    const gone = newId('contact')
    const first = await tag({ contactIds: [...ids, ids[0], theirs.id, gone], add: ['News'] })
    expect(new Set(first.data.changed)).toEqual(new Set(ids))
    expect(new Set(first.data.notFound)).toEqual(new Set([theirs.id, gone]))
    const second = await tag({ contactIds: ids, add: ['news'] })
    expect([second.data.changed, second.data.unchanged.length]).toEqual([[], 3])
    expect((await get(eve, `/${theirs.id}`)).data.tags).toEqual([])
    expect((await tag({ contactIds: ids })).status).toBe(400)
  })
})

describe('custom fields', () => {
  const fields = '/api/v2/contact-fields'

  test('are defined once, and hold what their type says', async () => {
    const ada = await api.signUp()
    const define = (body: object) => api.send('POST', fields, { as: ada, body })
    expect((await define({ key: 'plan', label: 'Plan', type: 'select', options: ['free', 'team'] })).status).toBe(201)
    expect((await define({ key: 'plan', label: 'Plan', type: 'text' })).error.code).toBe('contact_field.exists')
    expect((await define({ key: 'Plan', label: 'Plan', type: 'text' })).status).toBe(400)
    expect((await define({ key: 'x', label: 'X', type: 'text', options: ['a'] })).status).toBe(400)
    expect((await define({ key: 'constructor', label: 'X', type: 'text' })).status).toBe(400)
    expect((await define({ key: 'born', label: 'Born', type: 'date' })).status).toBe(201)

    const { id, custom } = await make(ada, { firstName: 'Ada', custom: { plan: 'team', born: '1815-12-10' } })
    expect(custom).toEqual({ plan: 'team', born: '1815-12-10' })
    const wrong = await patch(ada, id, 1, { custom: { plan: 'gold', born: '1815-02-30', other: 1 } })
    expect(wrong.error.details.problems.map(({ path }: { path: string }) => path)).toEqual([
      'custom.plan',
      'custom.born',
      'custom.other',
    ])
    expect((await patch(ada, id, 1, { custom: { plan: null } })).data.custom).toEqual({ born: '1815-12-10' })
  })

  test('change their label and options, never their type, and go without taking values along', async () => {
    const ada = await api.signUp()
    await api.send('POST', fields, { as: ada, body: { key: 'plan', label: 'Plan', type: 'select', options: ['free'] } })
    const change = (body: object) => api.send('PATCH', `${fields}/plan`, { as: ada, body })
    const { id } = await make(ada, { firstName: 'Ada', custom: { plan: 'free' } })
    expect((await change({ label: 'Tariff', options: ['team'] })).data).toMatchObject({
      label: 'Tariff',
      options: ['team'],
    })
    expect((await change({ type: 'text' })).status).toBe(400)
    expect((await change({ options: [] })).status).toBe(400)
    expect((await api.send('DELETE', `${fields}/plan`, { as: ada })).status).toBe(200)
    expect((await api.send('DELETE', `${fields}/plan`, { as: ada })).status).toBe(404)
    expect((await get(ada, `/${id}`)).data.custom).toEqual({ plan: 'free' })
  })
})

describe('an event', () => {
  test('may name a contact that its sender sees, and no other', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp('Eve')]
    const { id } = await make(ada, { firstName: 'Ada' })
    const send = (as: Member, body: object) => api.send('POST', '/api/v2/events', { as, body })
    expect((await send(ada, { type: 'order.paid', contactId: id })).status).toBe(202)
    expect(api.runtime.events.at(-1)?.event.contactId).toBe(id)
    expect((await send(eve, { type: 'order.paid', contactId: id })).status).toBe(404)
  })

  test.each(['contact.created', 'approval.requested'])('that only Leat emits cannot be sent: %s', async (type) => {
    const ada = await api.signUp()
    const body = { type, data: { contact: { name: 'Forged' } } }
    expect((await api.send('POST', '/api/v2/events', { as: ada, body })).status).toBe(400)
  })
})

test('M1: who changed which fields is in the audit, and not what is in them', async () => {
  const ada = await api.signUp()
  const { id } = await make(ada, { firstName: 'Ada', email: 'secret@example.com' })
  await patch(ada, id, 1, { company: 'Hidden Ltd', addTags: ['vip'] })
  await api.send('DELETE', `${contacts}/${id}`, { as: ada })
  const entries = await eventually(async () => {
    const { data, text } = await api.send('GET', '/api/v2/audit', { as: ada })
    expect(text).not.toMatch(/secret@|Hidden Ltd/)
    const mine = data.items.filter(({ targetId }: { targetId: string }) => targetId === id)
    return mine.length === 3 ? mine : undefined
  })
  expect(entries.map(({ action, details }: Parsed) => [action, details])).toEqual([
    ['contact.deleted', {}],
    ['contact.changed', { changed: ['company'], tags: ['vip'] }],
    ['contact.created', {}],
  ])
})

test('limits per contact are read by who reads contacts, set by admins, and in the audit', async () => {
  const ada = await api.signUp()
  const path = '/api/v2/contact-limits'
  expect((await api.send('GET', path, { as: ada })).data).toEqual({ executions: null })
  const body = { executions: { limit: 5, windowMs: 86_400_000 } }
  expect((await api.send('PUT', path, { as: ada, body })).data).toEqual(body)
  expect((await api.send('GET', path, { as: ada })).data).toEqual(body)
  for (const executions of [{ limit: 0, windowMs: 86_400_000 }, { limit: 5, windowMs: 1 }, { limit: 5 }, 5]) {
    expect((await api.send('PUT', path, { as: ada, body: { executions } })).status).toBe(400)
  }
  const { data } = await api.send('GET', '/api/v2/audit', { as: ada })
  expect(data.items[0]).toMatchObject({ action: 'contact_limits.changed', details: body })
})

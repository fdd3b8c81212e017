import { describe, expect, test } from 'vitest'
import { env } from 'cloudflare:workers'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { describeNodeTypes } from '../../worker/nodes/describe-node-types.ts'
import { readCalendarSnapshot } from '../../worker/store/calendars.ts'
import { makeApi, type Member } from '../support/api.ts'

const api = makeApi({ nodes: { describe: describeNodeTypes, validate: validateGraph } })
const weekly = {
  mon: [
    { from: '09:00', to: '12:00' },
    { from: '13:00', to: '17:00' },
  ],
}

function create(as: Member, body: object = {}) {
  return api.send('POST', '/api/v2/calendars', {
    as,
    body: { name: 'Office', timeZone: 'Europe/Amsterdam', weekly, ...body },
  })
}

async function list(as: Member): Promise<{ id: string; name: string; isDefault: boolean }[]> {
  return (await api.send('GET', '/api/v2/calendars', { as })).data.items
}

describe('a calendar', () => {
  test('is kept as it was given, and what was left out says so', async () => {
    const ada = await api.signUp()
    const exceptions = [{ date: '2026-12-25', everyYear: true, name: 'Christmas' }, { date: '2026-12-24' }]
    const { status, data, headers } = await create(ada, { exceptions })
    expect([status, headers.get('etag')]).toEqual([201, '"1"'])
    expect(data).toMatchObject({
      name: 'Office',
      timeZone: 'Europe/Amsterdam',
      weekly,
      exceptions: [
        { date: '2026-12-25', everyYear: true, name: 'Christmas', hours: [] },
        { date: '2026-12-24', everyYear: false, name: '', hours: [] },
      ],
      isDefault: true,
      revision: 1,
    })
    expect((await api.send('GET', `/api/v2/calendars/${data.id}`, { as: ada })).data).toEqual(data)
  })

  test.each([
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ weekly: { mon: [{ from: '17:00', to: '09:00' }] } }, 'weekly.mon.0.to'],
    [{ weekly: { mon: [{ from: '9:00', to: '17:00' }] } }, 'weekly.mon.0.from'],
    [{ weekly: { someday: [] } }, 'weekly.someday'],
    [{ exceptions: [{ date: '2026-02-30' }] }, 'exceptions.0.date'],
    [{ name: ' ' }, 'name'],
  ])('%j is refused at %s', async (body, path) => {
    const ada = await api.signUp()
    const { status, error } = await create(ada, body)
    expect([status, error.details.problems[0].path]).toEqual([400, path])
    expect(await list(ada)).toEqual([])
  })

  test('is the default when it is the first or when it is made so, and there is never another', async () => {
    const ada = await api.signUp()
    await create(ada, { name: 'a' })
    await create(ada, { name: 'b' })
    await create(ada, { name: 'c', isDefault: true })
    const names = async () => (await list(ada)).map(({ name, isDefault }) => `${name}${isDefault ? '*' : ''}`)
    expect(await names()).toEqual(['a', 'b', 'c*'])
    const [first] = await list(ada)
    const headers = { 'if-match': '"1"' }
    // A change that comes too late takes nobody's place either.
    await api.send('PATCH', `/api/v2/calendars/${first!.id}`, {
      as: ada,
      headers: { 'if-match': '"7"' },
      body: { isDefault: true },
    })
    expect(await names()).toEqual(['a', 'b', 'c*'])
    await api.send('PATCH', `/api/v2/calendars/${first!.id}`, { as: ada, headers, body: { isDefault: true } })
    expect(await names()).toEqual(['a*', 'b', 'c'])
    expect((await readCalendarSnapshot(env.DB, ada.organizationId)).default).toBe(first!.id)
  })

  test('is changed from the revision that was read, and from no other', async () => {
    const ada = await api.signUp()
    const { data } = await create(ada)
    const patch = (headers: Record<string, string>, body: object) =>
      api.send('PATCH', `/api/v2/calendars/${data.id}`, { as: ada, headers, body })
    expect((await patch({}, { name: 'x' })).status).toBe(428)
    const changed = await patch({ 'if-match': '"1"' }, { name: 'Shop' })
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"'])
    expect(changed.data).toMatchObject({ name: 'Shop', timeZone: 'Europe/Amsterdam', weekly, revision: 2 })
    const late = await patch({ 'if-match': '"1"' }, { name: 'Late' })
    expect([late.status, late.error.code, late.error.details]).toEqual([412, 'calendar.conflict', { revision: 2 }])
    expect((await list(ada))[0]).toMatchObject({ name: 'Shop' })
  })

  test('of which two at once make the default, leaves exactly one', async () => {
    const ada = await api.signUp()
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => create(ada, { name, isDefault: true })))
    expect((await list(ada)).filter(({ isDefault }) => isDefault)).toHaveLength(1)
  })
})

describe('a workflow that waits by a calendar', () => {
  const graphOf = (calendar: string) => ({
    version: 1,
    nodes: [
      { id: 'start', type: 'trigger.event', name: 'Start', position: { x: 0, y: 0 }, params: { eventType: 'a.b' } },
      {
        id: 'pause',
        type: 'flow.wait',
        name: 'Wait',
        position: { x: 0, y: 0 },
        params: { mode: 'businessHours', calendar },
      },
    ],
    edges: [{ id: 'e', source: 'start', sourcePort: 'out', target: 'pause' }],
  })

  async function publish(as: Member, calendar: string) {
    const { data } = await api.send('POST', '/api/v2/workflows', {
      as,
      body: { name: 'Waits', graph: graphOf(calendar) },
    })
    return { id: data.id, ...(await api.send('POST', `/api/v2/workflows/${data.id}/publish`, { as })) }
  }

  test('is not published without it, and says where', async () => {
    const ada = await api.signUp()
    const none = await publish(ada, '')
    expect([none.status, none.error.details.problems]).toMatchObject([
      422,
      [{ code: 'calendar.missing', path: 'nodes.1.params.calendar', nodeId: 'pause' }],
    ])
    await create(ada)
    expect((await publish(ada, '')).status).toBe(200)
    const eve = await api.signUp()
    const { data: theirs } = await create(eve)
    expect((await publish(ada, theirs.id)).error.details.problems).toMatchObject([{ code: 'calendar.missing' }])
  })

  test('keeps it from being deleted while it is live', async () => {
    const ada = await api.signUp()
    const { data: standard } = await create(ada, { name: 'Standard' })
    const { data: other } = await create(ada, { name: 'Other' })
    const { id } = await publish(ada, other.id)
    const remove = (calendarId: string) => api.send('DELETE', `/api/v2/calendars/${calendarId}`, { as: ada })
    expect((await remove(other.id)).error).toMatchObject({ code: 'calendar.in_use', details: { workflows: 1 } })
    expect((await remove(standard.id)).error).toMatchObject({ code: 'calendar.is_default' })
    await api.send('POST', `/api/v2/workflows/${id}/pause`, { as: ada })
    expect((await remove(other.id)).status).toBe(200)
    const byDefault = await publish(ada, '')
    expect((await remove(standard.id)).error).toMatchObject({ code: 'calendar.in_use', details: { workflows: 1 } })
    await api.send('POST', `/api/v2/workflows/${byDefault.id}/pause`, { as: ada })
    expect((await remove(standard.id)).status).toBe(200)
    expect(await list(ada)).toEqual([])
    expect((await remove(standard.id)).status).toBe(404)
  })
})

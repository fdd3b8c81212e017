import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { ContactId, ExecutionId, WorkflowId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { projectEnrolments, type EnrolmentNote } from '../../worker/store/enrolment-projection.ts'
import { makeApi, type Member } from '../support/api.ts'

const api = makeApi()
const trigger = { id: 'start', type: 'trigger.manual', name: 'Start', position: { x: 0, y: 0 }, params: {} }
const goal = { operator: 'AND', conditions: [{ field: 'event.data.total', operator: 'exists' }] }

async function makeWorkflow(as: Member, visibility = 'organization'): Promise<WorkflowId> {
  const graph = {
    version: 1,
    nodes: [trigger],
    edges: [],
    settings: {
      enrolment: { limit: 1 },
      goals: [{ id: 'paid', name: 'Paid', conditions: goal, onAchievement: 'exit' }],
    },
  }
  const { data, text } = await api.send('POST', '/api/v2/workflows', { as, body: { name: 'Any', visibility, graph } })
  if (data === undefined) throw new Error(text)
  return data.id
}

async function makeContact(as: Member): Promise<ContactId> {
  const { data } = await api.send('POST', '/api/v2/contacts', { as, body: { firstName: 'Ada' } })
  return data.id
}

let at = 1_000

function note(workflowId: WorkflowId, more: Partial<EnrolmentNote> = {}): EnrolmentNote {
  at += 1_000
  const base = { id: newId('execution', at), workflowId, eventId: newId('event'), at, revision: 1 }
  return { ...base, endedAt: null, endedBy: null, reason: null, retryAt: null, goals: [], ...more }
}

const ids = (answer: { data: { items: { executionId?: ExecutionId }[] } }) =>
  answer.data.items.map(({ executionId }) => executionId)

test('enrolments are listed and counted, goals in all and by different contacts, blocked ones with their reason', async () => {
  const ada = await api.signUp()
  const { organizationId } = ada
  const [workflowId, other] = [await makeWorkflow(ada), await makeWorkflow(ada)]
  const [one, two] = [await makeContact(ada), await makeContact(ada)]
  const goals = [{ id: 'paid', at: 5_000 }]
  const first = note(workflowId, { revision: 2, endedAt: 5_000, endedBy: 'goal_achieved', goals })
  const again = note(workflowId, { goals: [{ id: 'paid', at: 6_000 }] })
  const refused = note(workflowId, { reason: 'limit_reached', retryAt: 60_000 })
  const theirs = note(workflowId, { goals: [{ id: 'paid', at: 7_000 }] })
  await projectEnrolments(env.LOGS, { organizationId, contactId: one }, [first, again, refused, note(other)])
  await projectEnrolments(env.LOGS, { organizationId, contactId: two }, [theirs])
  // Late and twice: nothing changes.
  await projectEnrolments(env.LOGS, { organizationId, contactId: one }, [
    { ...first, revision: 1, endedAt: null, endedBy: null },
    again,
  ])

  const path = `/api/v2/workflows/${workflowId}/enrolments`
  const get = (query = '') => api.send('GET', `${path}${query}`, { as: ada })
  const all = await get()
  expect(ids(all)).toEqual([theirs.id, undefined, again.id, first.id])
  expect(all.data.items[1]).toEqual({
    id: refused.id,
    workflowId,
    workflowName: 'Any',
    contactId: one,
    eventId: refused.eventId,
    at: new Date(refused.at).toISOString(),
    status: 'blocked',
    reason: 'limit_reached',
    retryAt: '1970-01-01T00:01:00.000Z',
    goals: [],
  })
  expect(all.data.items[3]).toMatchObject({
    status: 'ended',
    endedBy: 'goal_achieved',
    endedAt: '1970-01-01T00:00:05.000Z',
    goals: [{ id: 'paid', name: 'Paid', at: '1970-01-01T00:00:05.000Z' }],
  })
  expect(ids(await get('?status=active'))).toEqual([theirs.id, again.id])
  expect((await get('?status=blocked')).data.items).toHaveLength(1)
  expect(ids(await get(`?contactId=${two}`))).toEqual([theirs.id])
  const page = await get('?limit=3')
  expect(ids(await get(`?limit=3&cursor=${page.data.nextCursor}`))).toEqual([first.id])

  const { data: stats } = await api.send('GET', `/api/v2/workflows/${workflowId}/enrolment-stats`, { as: ada })
  expect(stats).toEqual({
    total: 3,
    active: 2,
    ended: 1,
    uniqueContacts: 2,
    blocked: [{ reason: 'limit_reached', count: 1 }],
    goals: [{ id: 'paid', totalAchievements: 3, uniqueContacts: 2, lastAt: '1970-01-01T00:00:07.000Z' }],
  })
  const ofOne = await api.send('GET', `/api/v2/contacts/${one}/enrolments`, { as: ada })
  expect(ofOne.data.items).toHaveLength(4)
  expect(ofOne.data.items[0]).toMatchObject({ workflowId: other, workflowName: 'Any', goals: [] })
  expect(ofOne.data.items[3]).toMatchObject({ workflowName: 'Any', goals: [{ id: 'paid', name: 'Paid' }] })
})

test('G4: nobody of another organization reads them', async () => {
  const [ada, eve] = [await api.signUp(), await api.signUp()]
  const [workflowId, contactId] = [await makeWorkflow(ada), await makeContact(ada)]
  await projectEnrolments(env.LOGS, { organizationId: ada.organizationId, contactId }, [note(workflowId)])
  for (const path of [
    `/workflows/${workflowId}/enrolments`,
    `/workflows/${workflowId}/enrolment-stats`,
    `/contacts/${contactId}/enrolments`,
  ])
    expect((await api.send('GET', `/api/v2${path}`, { as: eve })).status).toBe(404)
})

test('a draft with rules that are not ones is refused, with its place', async () => {
  const ada = await api.signUp()
  const id = await makeWorkflow(ada)
  const graph = (settings: object) => ({ version: 1, nodes: [trigger], edges: [], settings })
  const save = (settings: object) =>
    api.send('POST', `/api/v2/workflows/${id}/validate`, { as: ada, body: { graph: graph(settings) } })
  const refused = await save({ enrolment: { limit: 0 } })
  expect([refused.status, JSON.stringify(refused.error)]).toEqual([
    400,
    expect.stringContaining('settings.enrolment.limit'),
  ])
})

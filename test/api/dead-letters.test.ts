import { env } from 'cloudflare:workers'
import { describe, expect, test, vi } from 'vitest'
import type { ExecutionStatus } from '../../worker/contract/execution.ts'
import type { Failure } from '../../worker/contract/failure.ts'
import type { ExecutionId } from '../../worker/contract/id.ts'
import type { Json } from '../../worker/contract/json.ts'
import type { Capability } from '../../worker/contract/member.ts'
import { newId } from '../../worker/lib/id.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { keepDeadLetter } from '../../worker/store/dead-letters.ts'
import { toRow, writeRecords, type ExecutionRecord } from '../../worker/store/records.ts'
import { makeApi, type Member } from '../support/api.ts'
import { makeKey, makeMember } from '../support/people.ts'

const api = makeApi()
const failure = { kind: 'terminal', code: 'http.unexpected_status', message: 'It answered 500.' } as const
const begun = [
  {
    seq: 1,
    at: 1,
    events: [
      {
        type: 'started',
        at: 1,
        vars: {},
        trigger: { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: { order: 7 } } },
      },
    ],
  },
]

async function record(
  as: Member,
  {
    status = 'failed',
    generation = 1,
    at = Date.now(),
    graph,
    details,
  }: { status?: ExecutionStatus; generation?: number; at?: number; graph?: object; details?: Json } = {},
): Promise<ExecutionRecord> {
  const { data: workflow } = await api.send('POST', '/api/v2/workflows', { as, body: { name: 'Orders', graph } })
  const { data: version } = await api.send('POST', `/api/v2/workflows/${workflow.id}/publish`, { as })
  const made: ExecutionRecord = {
    organizationId: as.organizationId,
    id: newId('execution', at),
    workflowId: workflow.id,
    workflowName: 'Orders',
    versionId: version.id,
    versionNumber: 1,
    status,
    triggerKind: 'manual',
    eventId: newId('event'),
    generation,
    seq: 1,
    acceptedAt: at,
    finishedAt: at,
    wakeAt: null,
    objectUntil: null,
    stepCount: 1,
    failure: status === 'failed' ? { ...failure, ...(details !== undefined && { details }) } : null,
    journal: begun,
  }
  await writeRecords(env.LOGS, [toRow(made)])
  return made
}

async function lostEvent(as: Member, lastAt = Date.now()) {
  const id = newId('event')
  const source = { kind: 'event', eventType: 'order.paid' }
  const payload = { organizationId: as.organizationId, eventId: id, at: 1, source, data: { type: 'order.paid' } }
  await keepDeadLetter(openDatabase(env.LOGS), {
    organizationId: as.organizationId,
    id,
    kind: 'event',
    workflowId: null,
    workflowName: null,
    reason: { kind: 'retryable', code: 'event.not_consumed', message: 'No.' },
    attempts: 10,
    firstAt: lastAt - 1_000,
    lastAt,
    payload: JSON.stringify(payload),
  })
  return id
}

const list = async (as: Member, query = ''): Promise<{ id: string; kind: string }[]> =>
  (await api.send('GET', `/api/v2/dead-letters${query}`, { as })).data.items
const ids = async (as: Member, query = '') => (await list(as, query)).map(({ id }) => id)
const retry = (as: Member, id: string, body: object = {}) =>
  api.send('POST', `/api/v2/dead-letters/${id}/retry`, { as, body })
const discard = (as: Member, id: string) => api.send('DELETE', `/api/v2/dead-letters/${id}`, { as })

function makeLive({ organizationId, id, workflowId }: ExecutionRecord) {
  api.runtime.live.set(`${organizationId}/${id}`, { id, workflowId, triggerData: null, steps: [] } as never)
}

describe('the list', () => {
  test('holds everything that was given up, what was given up last first, and nothing that succeeded', async () => {
    const ada = await api.signUp()
    const failed = await record(ada, { at: 1_000 })
    const event = await lostEvent(ada, 2_000)
    const late = await record(ada, { status: 'timed_out', at: 3_000 })
    const passedOver = await record(ada, { status: 'completed_with_errors', at: 4_000 })
    for (const status of ['completed', 'cancelled', 'skipped', 'waiting'] as const) await record(ada, { status })
    expect((await list(ada)).map(({ id, kind }) => [id, kind])).toEqual([
      [passedOver.id, 'step'],
      [late.id, 'execution'],
      [event, 'event'],
      [failed.id, 'execution'],
    ])
    expect(await ids(ada, '?kind=event')).toEqual([event])
    expect(await ids(ada, '?kind=step')).toEqual([passedOver.id])
    expect(await ids(ada, `?workflowId=${failed.workflowId}`)).toEqual([failed.id])
  })

  test('G10: gives the data in a reason only to those who may read data, and so does discarding', async () => {
    const ada = await api.signUp()
    const details = { status: 422, body: 'no such patient: Ada Lovelace' }
    const { id } = await record(ada, { details })
    const key = async (scopes: Capability[], userId = ada.userId) => makeKey(userId, ada.organizationId, scopes)
    const reasons = async (options: object) =>
      (await api.send('GET', '/api/v2/dead-letters', options)).data.items.map(
        ({ reason }: { reason: Failure }) => reason,
      )
    const auditor = await makeMember(ada.organizationId, { role: 'auditor' })
    expect(await reasons({ key: await key(['execution.read'], auditor) })).toEqual([failure])
    expect(await reasons({ as: ada })).toEqual([{ ...failure, details }])
    const path = `/api/v2/dead-letters/${id}`
    const { data } = await api.send('DELETE', path, { key: await key(['dead_letter.discard']) })
    expect(data.reason).toEqual(failure)
  })

  test('is read page by page over both its sources, each letter once', async () => {
    const ada = await api.signUp()
    const expected = new Set<string>()
    // Several of one millisecond: the id decides then.
    for (let index = 0; index < 7; index++) {
      expected.add((await record(ada, { at: 1_000 + Math.floor(index / 3) })).id)
      expected.add(await lostEvent(ada, 1_000 + Math.floor(index / 3)))
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const query = `?limit=3${cursor === undefined ? '' : `&cursor=${cursor}`}`
      const { data } = await api.send('GET', `/api/v2/dead-letters${query}`, { as: ada })
      seen.push(...data.items.map(({ id }: { id: string }) => id))
      cursor = data.nextCursor
    } while (cursor !== undefined)
    expect(seen).toHaveLength(expected.size)
    expect(new Set(seen)).toEqual(expected)
  })

  test('I1: takes only the filters it has', async () => {
    const ada = await api.signUp()
    for (const query of ['?kind=other', '?cursor=x', '?limit=0', '?status=failed']) {
      expect((await api.send('GET', `/api/v2/dead-letters${query}`, { as: ada })).status, query).toBe(400)
    }
  })

  test('property 27: shows members who see their own only letters of workflows they see', async () => {
    const ada = await api.signUp()
    const failed = await record(ada)
    const event = await lostEvent(ada)
    expect(await ids(ada)).toEqual(expect.arrayContaining([failed.id, event]))
    expect(await ids(await api.signUp())).toEqual([])
    const operator = await makeMember(ada.organizationId, { role: 'operator' })
    const key = await makeKey(operator, ada.organizationId, ['execution.read', 'workflow.read'])
    expect((await api.send('GET', '/api/v2/dead-letters', { key })).data.items).toEqual([])
    for (const id of [failed.id, event]) {
      expect((await api.send('GET', `/api/v2/dead-letters/${id}`, { key })).error.code).toBe('dead_letter.not_found')
    }
  })
})

describe('a letter', () => {
  test('tells why, how often it was tried, and what it carried', async () => {
    const ada = await api.signUp()
    const failed = await record(ada, { generation: 3 })
    const { status, data } = await api.send('GET', `/api/v2/dead-letters/${failed.id}`, { as: ada })
    expect([status, data]).toMatchObject([
      200,
      { kind: 'execution', reason: failure, attempts: 3, workflowName: 'Orders' },
    ])
    const event = await lostEvent(ada)
    const letter = (await api.send('GET', `/api/v2/dead-letters/${event}`, { as: ada })).data
    expect(letter).toMatchObject({ kind: 'event', attempts: 10, payload: { type: 'order.paid' }, steps: [] })
  })

  //  start ─► charge ─undo─► refund      charge did something, what came after failed, and refund did not work
  test('names the steps that were to be undone, and which step failed to do so', async () => {
    const ada = await api.signUp()
    const at = { x: 0, y: 0 }
    const nodes = [
      { id: 'start', type: 'trigger.manual', name: 'Start', position: at, params: {} },
      {
        id: 'charge',
        type: 'http.request',
        name: 'Charge the card',
        position: at,
        params: { url: 'https://a.example' },
      },
      { id: 'refund', type: 'http.request', name: 'Refund', position: at, params: { url: 'https://a.example' } },
    ]
    const edges = [
      { id: 'a', source: 'start', sourcePort: 'out', target: 'charge' },
      { id: 'b', source: 'charge', sourcePort: 'undo', target: 'refund' },
    ]
    const failed = await record(ada, { graph: { version: 1, nodes, edges } })
    const down = { kind: 'retryable', code: 'egress.unreachable', message: 'It could not be reached.' } as const
    const path = 'refund'
    const events = [
      ...begun[0]!.events,
      { type: 'stepCompleted', at: 1, path: 'start', node: 'start', port: 'out', next: ['charge'] },
      { type: 'attemptStarted', at: 1, path: 'charge', node: 'charge', attempt: 1, leaseUntil: 9, input: {} },
      { type: 'stepCompleted', at: 2, path: 'charge', node: 'charge', output: 1, port: 'out', next: [], undo: true },
      { type: 'aftermathStarted', at: 2, status: 'failed', failure, undoes: true },
      { type: 'undoStarted', at: 2, path: 'charge', next: [path] },
      { type: 'attemptStarted', at: 2, path, node: 'refund', attempt: 1, leaseUntil: 9, input: {} },
      { type: 'attemptFailed', at: 3, path, attempt: 1, failure: down },
      { type: 'stepFailed', at: 3, path, node: 'refund', failure: down, handled: 'stop', next: [] },
      { type: 'undoEnded', at: 3, path: 'charge', failure: down },
      { type: 'finished', at: 3, status: 'failed', failure },
    ]
    await writeRecords(env.LOGS, [toRow({ ...failed, seq: 2, journal: [{ seq: 1, at: 3, events }] })])
    const { data } = await api.send('GET', `/api/v2/dead-letters/${failed.id}`, { as: ada })
    expect(data.steps).toEqual([
      {
        path,
        nodeId: 'refund',
        name: 'Refund',
        attempts: 1,
        failure: down,
        input: {},
        undoes: { path: 'charge', nodeId: 'charge', name: 'Charge the card' },
      },
    ])
    expect(data.notUndone).toEqual([{ path: 'charge', nodeId: 'charge', name: 'Charge the card', failure: down }])
  })

  test('that is none is 404', async () => {
    const ada = await api.signUp()
    const { id } = await record(ada, { status: 'completed' })
    for (const one of [id, newId('event')]) {
      expect((await api.send('GET', `/api/v2/dead-letters/${one}`, { as: ada })).error.code).toBe(
        'dead_letter.not_found',
      )
      expect((await retry(ada, one)).error.code).toBe('dead_letter.not_found')
      expect((await discard(ada, one)).error.code).toBe('dead_letter.not_found')
    }
  })
})

describe('retrying', () => {
  test('an execution goes on from its failed steps', async () => {
    const ada = await api.signUp()
    const failed = await record(ada)
    makeLive(failed)
    const { status, data } = await retry(ada, failed.id)
    expect([status, data]).toEqual([202, { id: failed.id, executionId: failed.id }])
    expect(api.runtime.redriven).toContain(failed.id)
    await writeRecords(env.LOGS, [toRow({ ...failed, status: 'running', generation: 2, finishedAt: null })])
    expect(await ids(ada)).toEqual([])
    await writeRecords(env.LOGS, [toRow({ ...failed, generation: 2, seq: 2 })])
    expect(await ids(ada)).toEqual([failed.id])
  })

  test('edited, one execution is started in its place, once, and the letter is done', async () => {
    const ada = await api.signUp()
    const failed = await record(ada)
    const before = api.runtime.starts.length
    const data = { type: 'manual', data: { order: 8 } }
    const [first, second] = await Promise.all([retry(ada, failed.id, { data }), retry(ada, failed.id, { data })])
    const started = [first, second].filter(({ status }) => status === 202).map(({ data }) => data.executionId)
    expect(new Set(started).size).toBe(1)
    expect(api.runtime.starts.slice(before)).toMatchObject([
      {
        workflowId: failed.workflowId,
        versionId: failed.versionId,
        trigger: { nodeId: 'start', kind: 'manual', data },
      },
    ])
    expect(await ids(ada)).toEqual([])
  })

  test('what ended without a failed step, having run out of time, starts anew', async () => {
    const ada = await api.signUp()
    const late = await record(ada, { status: 'timed_out' })
    vi.spyOn(api.runtime, 'redrive').mockResolvedValueOnce('nothing_failed')
    const { status, data } = await retry(ada, late.id)
    expect([status, data.executionId === late.id]).toEqual([202, false])
    expect(api.runtime.starts.at(-1)).toMatchObject({
      workflowId: late.workflowId,
      trigger: { data: { data: { order: 7 } } },
    })
    expect(await ids(ada)).toEqual([])
  })

  test('what went on without a step starts anew with the same data', async () => {
    const ada = await api.signUp()
    const passedOver = await record(ada, { status: 'completed_with_errors' })
    expect((await retry(ada, passedOver.id)).status).toBe(202)
    expect(api.runtime.starts.at(-1)).toMatchObject({ trigger: { data: { data: { order: 7 } } } })
    expect(await ids(ada)).toEqual([])
  })

  test('an event is accepted anew under its own id, edited or not, and leaves the list', async () => {
    const ada = await api.signUp()
    const event = await lostEvent(ada)
    expect((await retry(ada, event, { data: { type: 'order.paid', total: 5 } })).status).toBe(202)
    const { letter } = api.runtime.redelivered.at(-1)!
    expect(letter).toMatchObject({ kind: 'event', givenUpAt: expect.any(Number), data: { total: 5 } })
    expect(await ids(ada)).toEqual([])
  })

  test('what could not be given back stays in the list', async () => {
    const ada = await api.signUp()
    const event = await lostEvent(ada)
    vi.spyOn(api.runtime, 'redeliver').mockRejectedValueOnce(new Error('down'))
    expect((await retry(ada, event)).status).toBe(500)
    expect(await ids(ada)).toEqual([event])
  })
})

describe('discarding', () => {
  test('takes a letter off the list; the execution stays, and is back when it fails again', async () => {
    const ada = await api.signUp()
    const failed = await record(ada)
    expect((await discard(ada, failed.id)).data).toMatchObject({ id: failed.id, reason: failure })
    expect(await ids(ada)).toEqual([])
    expect((await api.send('GET', `/api/v2/executions/${failed.id}`, { as: ada })).status).toBe(200)
    await writeRecords(env.LOGS, [toRow({ ...failed, generation: 2, seq: 2 })])
    expect(await ids(ada)).toEqual([failed.id])
    const entry = await env.DB.prepare(`SELECT action, details FROM audit_entries WHERE target_id = ?`)
      .bind(failed.id)
      .first()
    expect(entry).toEqual({
      action: 'dead_letter.discarded',
      details: JSON.stringify({ kind: 'execution', code: failure.code }),
    })
  })

  test('many at once tells which were not there, and does the others', async () => {
    const ada = await api.signUp()
    const failed = await record(ada)
    const event = await lostEvent(ada)
    const gone: ExecutionId = newId('execution')
    const body = { action: 'discard', ids: [failed.id, gone, event, failed.id] }
    const { data } = await api.send('POST', '/api/v2/dead-letters/bulk', { as: ada, body })
    expect(new Set(data.done)).toEqual(new Set([failed.id, event]))
    expect(data.refused).toMatchObject([{ id: gone, code: 'dead_letter.not_found' }])
    expect(await ids(ada)).toEqual([])
  })
})

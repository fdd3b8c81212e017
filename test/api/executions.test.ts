import { env } from 'cloudflare:workers'
import { describe, expect, test, vi } from 'vitest'
import type { ExecutionStatus } from '../../worker/contract/execution.ts'
import type { Failure } from '../../worker/contract/failure.ts'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { encodeCursor } from '../../worker/store/cursor.ts'
import { newId } from '../../worker/lib/id.ts'
import { toRow, writeRecords, type ExecutionRecord } from '../../worker/store/records.ts'
import { capabilities } from '../../worker/contract/facts/member.ts'
import { makeApi, type Member } from '../support/api.ts'
import { makeKey, makeMember } from '../support/people.ts'

const api = makeApi()

/** An execution in the caller's organization, as the projection has it; alive too, if it is said so. */
async function execution(
  as: Member,
  {
    status = 'failed',
    isLive = false,
    journal = [],
    failure = null,
  }: { status?: ExecutionStatus; isLive?: boolean; journal?: JournalEntry[]; failure?: Failure | null } = {},
) {
  const { data: workflow } = await api.send('POST', '/api/v2/workflows', { as, body: { name: 'Any' } })
  const { data: version } = await api.send('POST', `/api/v2/workflows/${workflow.id}/publish`, { as })
  const id = newId('execution')
  const record: ExecutionRecord[] = [
    {
      organizationId: as.organizationId,
      id,
      workflowId: workflow.id,
      workflowName: 'Any',
      versionId: version.id,
      versionNumber: 1,
      status,
      triggerKind: 'manual',
      eventId: newId('event'),
      generation: 1,
      seq: 1,
      acceptedAt: Date.now(),
      finishedAt: null,
      wakeAt: null,
      objectUntil: null,
      stepCount: 0,
      failure,
      journal,
    },
  ]
  await writeRecords(env.LOGS, record.map(toRow))
  if (isLive)
    api.runtime.live.set(`${as.organizationId}/${id}`, {
      id,
      workflowId: workflow.id,
      status,
      steps: ['live'],
    } as never)
  return id
}

async function keyOf(as: Member, scopes: string[]): Promise<string> {
  return (await api.send('POST', '/api/v2/api-keys', { as, body: { name: 'Key', scopes } })).data.secret
}

describe('what it did outside', () => {
  const sent: JournalEntry[] = [
    {
      seq: 1,
      at: 1_000,
      events: [
        { type: 'started', at: 1_000, trigger: { nodeId: 'start', kind: 'manual', data: null }, vars: {} },
        { type: 'stepCompleted', at: 1_000, path: 'start', node: 'start', port: 'out', next: ['send'] },
        {
          type: 'attemptStarted',
          at: 1_000,
          path: 'send',
          node: 'send',
          attempt: 1,
          leaseUntil: 46_000,
          input: { url: 'https://mail.example/send', headers: { authorization: 'Bearer secret' } },
        },
      ],
    },
    {
      seq: 2,
      at: 2_000,
      events: [
        {
          type: 'stepCompleted',
          at: 2_000,
          path: 'send',
          node: 'send',
          output: { status: 201 },
          port: 'out',
          next: [],
        },
        { type: 'finished', at: 2_000, status: 'completed' },
      ],
    },
  ]

  test('is listed with where it went, under which key and what came back, credentials masked', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { status: 'completed', journal: sent })
    const { data } = await api.send('GET', `/api/v2/executions/${id}/effects`, { as: ada })
    expect(data).toMatchObject({
      executionId: id,
      generation: 1,
      effects: [
        {
          path: 'send',
          state: 'done',
          kept: false,
          to: 'https://mail.example/send',
          input: { headers: { authorization: '***' } },
          output: { status: 201 },
          attempts: [{ attempt: 1, outcome: 'succeeded' }],
        },
      ],
    })
    const [effect] = data.effects
    expect(effect.idempotencyKey).toMatch(/^fx_[0-9a-z]{32}$/)
    const { data: whole } = await api.send('GET', `/api/v2/executions/${id}`, { as: ada })
    const keys = whole.steps.map(({ idempotencyKey }: { idempotencyKey?: string }) => idempotencyKey)
    expect(keys).toEqual([undefined, effect.idempotencyKey])
  })

  test('is nothing to those who may not see data (G10)', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { journal: sent })
    const key = await keyOf(ada, ['execution.read'])
    const { status, error } = await api.send('GET', `/api/v2/executions/${id}/effects`, { key })
    expect([status, error.code]).toEqual([403, 'execution.payload_forbidden'])
  })
})

describe('reading', () => {
  test('asks the living execution first, and what was kept of it when it is gone', async () => {
    const ada = await api.signUp()
    const [kept, living] = [await execution(ada), await execution(ada, { isLive: true })]
    const read = async (id: string) => (await api.send('GET', `/api/v2/executions/${id}`, { as: ada })).data
    expect(await read(kept)).toMatchObject({ id: kept, status: 'failed', steps: [], graph: { version: 1 } })
    expect(await read(living)).toMatchObject({ id: living, steps: ['live'] })
  })

  test('of one that never was is 404', async () => {
    const ada = await api.signUp()
    const answer = await api.send('GET', `/api/v2/executions/${newId('execution')}`, { as: ada })
    expect([answer.status, answer.error.code]).toEqual([404, 'execution.not_found'])
  })

  test('its data needs leave of its own: without it the list still shows how it went', async () => {
    const ada = await api.signUp()
    const id = await execution(ada)
    const key = await keyOf(ada, ['execution.read', 'workflow.read'])
    const answer = await api.send('GET', `/api/v2/executions/${id}`, { key })
    expect([answer.status, answer.error.code]).toEqual([403, 'execution.payload_forbidden'])
    const { data } = await api.send('GET', '/api/v2/executions?status=failed,completed', { key })
    expect(data.items.map((item: { id: string; status: string }) => [item.id, item.status])).toEqual([[id, 'failed']])
  })

  test('G10: a list says how it failed, and what the other side answered only to those who may read data', async () => {
    const ada = await api.signUp()
    const words = { kind: 'terminal', code: 'http.unexpected_status', message: 'The answer was 422.' } as const
    const failure = { ...words, details: { status: 422, body: 'no such patient: Ada Lovelace' } }
    await execution(ada, { failure })
    const list = async (options: object) => (await api.send('GET', '/api/v2/executions', options)).data.items[0].failure
    const auditor = await makeMember(ada.organizationId, { role: 'auditor' })
    expect(await list({ key: await makeKey(auditor, ada.organizationId, ['execution.read']) })).toEqual(words)
    expect(await list({ key: await keyOf(ada, ['execution.read']) })).toEqual(words)
    expect(await list({ as: ada })).toEqual(failure)
  })

  test('I1: a list takes only the filters it has, with values that they can have', async () => {
    const ada = await api.signUp()
    for (const query of [
      'status=done',
      'status=',
      'status=failed;--',
      'after=yesterday',
      'workflowId=1',
      'limit=500',
      'order=asc',
      'filter[status]=failed',
      // A place that no list gave, or another list.
      'cursor=zzz',
      'cursor=',
      `cursor=${encodeURIComponent("' OR 1=1 --")}`,
      `cursor=${newId('workflow')}`,
      `cursor=${encodeCursor([1, newId('execution')])}`,
    ]) {
      const { status, error } = await api.send('GET', `/api/v2/executions?${query}`, { as: ada })
      expect([status, error?.code], query).toEqual([400, 'request.invalid'])
    }
  })
})

describe('cancelling', () => {
  test('is recorded, with whom and why', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { isLive: true, status: 'running' })
    const answer = await api.send('POST', `/api/v2/executions/${id}/cancel`, {
      as: ada,
      body: { reason: 'Wrong order' },
    })
    expect([answer.status, answer.data]).toEqual([202, { id }])
    expect(api.runtime.cancelled).toContain(id)
    const entry = await env.DB.prepare(`SELECT action, actor_id, details FROM audit_entries WHERE target_id = ?`)
      .bind(id)
      .first()
    expect(entry).toEqual({ action: 'execution.cancelled', actor_id: ada.userId, details: '{"reason":"Wrong order"}' })
  })

  test('what has finished is refused', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { isLive: true })
    vi.spyOn(api.runtime, 'cancel').mockResolvedValueOnce('finished' as never)
    const answer = await api.send('POST', `/api/v2/executions/${id}/cancel`, { as: ada })
    expect([answer.status, answer.error.code]).toEqual([409, 'execution.finished'])
  })
})

describe('an execution without an object', () => {
  test('that is over is refused as finished, by whatever name it is asked', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { status: 'completed' })
    for (const verb of ['cancel', 'pause', 'resume']) {
      const answer = await api.send('POST', `/api/v2/executions/${id}/${verb}`, { as: ada })
      expect([answer.status, answer.error?.code], verb).toEqual([409, 'execution.finished'])
    }
  })

  test('that has not begun says so', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { isLive: true, status: 'queued' })
    vi.spyOn(api.runtime, 'cancel').mockResolvedValueOnce('not_found')
    const answer = await api.send('POST', `/api/v2/executions/${id}/cancel`, { as: ada })
    expect([answer.status, answer.error.code]).toEqual([409, 'execution.not_begun'])
  })
})

describe('taking a hand in one that is under way', () => {
  test('hands the wish over with whose it is, and is in the audit', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { status: 'running', isLive: true })
    const wishes = [
      ['pause', undefined],
      ['resume', undefined],
      ['skip-step', { path: 'each[3].send#2' }],
      ['retry-step', { path: 'send' }],
      ['jump', { path: 'send', to: 'after' }],
    ] as const
    for (const [verb, body] of wishes) {
      const { status, data } = await api.send('POST', `/api/v2/executions/${id}/${verb}`, { as: ada, body })
      expect([status, data]).toEqual([202, { id }])
    }
    expect(api.runtime.controlled.filter((wish) => wish.id === id)).toEqual([
      { id, by: ada.userId, type: 'pause' },
      { id, by: ada.userId, type: 'resume' },
      { id, by: ada.userId, type: 'skipStep', path: 'each[3].send#2' },
      { id, by: ada.userId, type: 'retryStep', path: 'send' },
      { id, by: ada.userId, type: 'jump', path: 'send', to: 'after' },
    ])
    const { data: audit } = await api.send('GET', '/api/v2/audit', { as: ada })
    const entries = audit.items.filter(({ targetId }: { targetId: string }) => targetId === id)
    expect(entries.map(({ action }: { action: string }) => action).reverse()).toEqual([
      'execution.paused',
      'execution.resumed',
      'execution.step_skipped',
      'execution.step_retried',
      'execution.jumped',
    ])
    expect(entries[0].details).toEqual({ path: 'send', to: 'after' })
  })

  test('many at once, by a filter: each by itself, with why not where not', async () => {
    const ada = await api.signUp()
    const living = [
      await execution(ada, { status: 'running', isLive: true }),
      await execution(ada, { status: 'waiting', isLive: true }),
    ]
    const gone = await execution(ada, { status: 'running' })
    await execution(ada, { status: 'failed' })
    const { data } = await api.send('POST', '/api/v2/executions/bulk', {
      as: ada,
      body: { action: 'pause', filter: {} },
    })
    expect([data.done.sort(), data.more]).toEqual([living.sort(), false])
    expect(data.refused).toMatchObject([{ id: gone, code: 'execution.not_found' }])
  })

  test('many at once at a step, wherever they stand there, and nobody who stands elsewhere', async () => {
    const ada = await api.signUp()
    const [both, one, none] = [
      await execution(ada, { status: 'waiting', isLive: true }),
      await execution(ada, { status: 'waiting', isLive: true }),
      await execution(ada, { status: 'waiting', isLive: true }),
    ]
    const live = (id: string) => api.runtime.live.get(`${ada.organizationId}/${id}`)!
    const { workflowId } = live(one)
    const standAt = (id: string, steps: [path: string, status: string][]) =>
      api.runtime.live.set(`${ada.organizationId}/${id}`, {
        ...live(id),
        steps: steps.map(([path, status]) => ({ path, nodeId: path.replace(/.*\./, ''), status })) as never,
        ...(id === one && { next: [{ path: 'nap', nodeId: 'nap' }] }),
      })
    standAt(both, [
      ['each[0].nap', 'waiting'],
      ['each[1].nap', 'retrying'],
      ['each[2].nap', 'completed'],
    ])
    standAt(one, [['other', 'waiting']])
    standAt(none, [
      ['nap', 'completed'],
      ['other', 'waiting'],
    ])
    const send = (body: unknown) => api.send('POST', '/api/v2/executions/bulk', { as: ada, body })

    const { data } = await send({ action: 'jump', node: 'nap', to: 'end', ids: [both, one, none] })
    expect(data.done.sort()).toEqual([both, one].sort())
    expect(data.refused).toMatchObject([{ id: none, code: 'execution.step_gone' }])
    const moved = api.runtime.controlled.filter(({ id, type }) => type === 'jump' && [both, one, none].includes(id))
    expect(moved.map((wish) => `${wish.id} ${'path' in wish ? wish.path : ''}`).sort()).toEqual(
      [`${both} each[0].nap`, `${both} each[1].nap`, `${one} nap`].sort(),
    )
    // By a filter those that stand elsewhere are none of its business.
    standAt(one, [['other', 'waiting']])
    api.runtime.live.set(`${ada.organizationId}/${one}`, { ...live(one), next: [] })
    const { data: found } = await send({ action: 'skipStep', node: 'nap', filter: { workflowId } })
    expect(found).toEqual({ done: [], refused: [], elsewhere: 1, more: false })
  })

  test('many at a step need its node, its workflow and, to jump, where to', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { isLive: true })
    const { workflowId } = api.runtime.live.get(`${ada.organizationId}/${id}`)!
    const status = async (body: unknown) =>
      (await api.send('POST', '/api/v2/executions/bulk', { as: ada, body })).status
    expect(await status({ action: 'skipStep', ids: [id] })).toBe(400)
    expect(await status({ action: 'skipStep', node: 'nap', filter: {} })).toBe(400)
    expect(await status({ action: 'jump', node: 'nap', filter: { workflowId } })).toBe(400)
    expect(await status({ action: 'pause', node: 'nap', ids: [id] })).toBe(400)
    expect(await status({ action: 'skipStep', node: 'nap', filter: { workflowId } })).toBe(200)
  })

  test('many more than go into one request are gone through with the cursor', async () => {
    const ada = await api.signUp()
    const ids = []
    for (let count = 0; count < 3; count++) ids.push(await execution(ada, { status: 'waiting', isLive: true }))
    const body = { action: 'pause', filter: {}, cursor: ids[1] }
    expect((await api.send('POST', '/api/v2/executions/bulk', { as: ada, body })).data.done).toEqual([ids[0]])
    expect(
      (await api.send('POST', '/api/v2/executions/bulk', { as: ada, body: { ...body, filter: undefined, ids } }))
        .status,
    ).toBe(400)
  })

  test('many at once, by their ids, and never both ways', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    const [own, other] = [await execution(ada, { isLive: true }), await execution(eve, { isLive: true })]
    const send = (body: unknown) => api.send('POST', '/api/v2/executions/bulk', { as: ada, body })
    const { data } = await send({ action: 'cancel', ids: [own, other], reason: 'Enough.' })
    expect([data.done, data.refused]).toMatchObject([[own], [{ id: other, code: 'execution.not_found' }]])
    expect((await send({ action: 'cancel', ids: [own], filter: {} })).status).toBe(400)
    expect((await send({ action: 'cancel' })).status).toBe(400)
  })

  test('G5: needs leave of its own, for many at once that of what is done', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { isLive: true })
    const key = await keyOf(ada, ['execution.read', 'execution.control'])
    expect((await api.send('POST', `/api/v2/executions/${id}/pause`, { key })).status).toBe(202)
    const cancelled = await api.send('POST', '/api/v2/executions/bulk', { key, body: { action: 'cancel', ids: [id] } })
    expect([cancelled.status, cancelled.error.details]).toEqual([403, { needs: 'execution.cancel' }])
  })
})

describe('retrying', () => {
  test('goes on from where it failed', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { isLive: true })
    expect((await api.send('POST', `/api/v2/executions/${id}/retry`, { as: ada })).status).toBe(202)
    expect(api.runtime.redriven).toContain(id)
  })

  test('what runs, or failed nowhere, is refused', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { isLive: true })
    const redrive = vi.spyOn(api.runtime, 'redrive')
    for (const [result, code] of [
      ['not_finished', 'execution.not_finished'],
      ['nothing_failed', 'execution.finished'],
      ['not_found', 'execution.not_found'],
    ]) {
      redrive.mockResolvedValueOnce(result as never)
      const { error } = await api.send('POST', `/api/v2/executions/${id}/retry`, { as: ada })
      expect(error.code).toBe(code)
    }
  })

  test('G5: needs leave to retry, not only to read', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { isLive: true })
    const key = await keyOf(ada, ['execution.read', 'execution.read_payload'])
    for (const verb of ['retry', 'cancel']) {
      expect((await api.send('POST', `/api/v2/executions/${id}/${verb}`, { key })).status).toBe(403)
    }
    expect(api.runtime.redriven).not.toContain(id)
    expect(api.runtime.cancelled).not.toContain(id)
  })
})

describe('a colleague who does not see the workflow', () => {
  test('G6: can neither find, read, cancel, retry nor watch its executions', async () => {
    const ada = await api.signUp()
    const key = await makeKey(await makeMember(ada.organizationId), ada.organizationId, [...capabilities])
    for (const isLive of [true, false]) {
      const id = await execution(ada, { isLive })
      const status = async (method: string, path: string, headers = {}) =>
        (await api.send(method, path, { key, headers })).status
      expect(await status('GET', `/api/v2/executions/${id}`)).toBe(404)
      expect(await status('POST', `/api/v2/executions/${id}/cancel`)).toBe(404)
      expect(await status('POST', `/api/v2/executions/${id}/retry`)).toBe(404)
      expect(await status('GET', `/ws/executions/${id}`, { upgrade: 'websocket' })).toBe(404)
      expect(api.runtime.redriven).not.toContain(id)
      expect(api.runtime.cancelled).not.toContain(id)
    }
    expect((await api.send('GET', '/api/v2/executions', { key })).data.items).toEqual([])
  })
})

describe('the socket of an execution', () => {
  const upgrade = { upgrade: 'websocket', connection: 'upgrade' }

  test('opens for whoever may read it, from our own pages or with a key', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { isLive: true })
    expect((await api.send('GET', `/ws/executions/${id}`, { as: ada, headers: upgrade })).status).toBe(101)
    const key = await keyOf(ada, ['execution.read', 'execution.read_payload'])
    expect((await api.send('GET', `/ws/executions/${id}`, { key, headers: upgrade })).status).toBe(101)
  })

  test('G15: is not there for anybody else', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    const id = await execution(ada, { isLive: true })
    const status = async (options: object) =>
      (await api.send('GET', `/ws/executions/${id}`, { headers: upgrade, ...options })).status
    expect(await status({})).toBe(401)
    expect(await status({ as: eve })).toBe(404)
    expect(await status({ key: await keyOf(ada, ['execution.read']) })).toBe(403)
  })

  test('is no page', async () => {
    const ada = await api.signUp()
    const id = await execution(ada, { isLive: true })
    expect((await api.send('GET', `/ws/executions/${id}`, { as: ada })).status).toBe(400)
  })
})

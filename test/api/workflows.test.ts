import { describe, expect, test } from 'vitest'
import type { Problem } from '../../worker/contract/problem.ts'
import { makeApi, type Member, type Parsed } from '../support/api.ts'
import { makeKey, makeMember } from '../support/people.ts'

const graph = {
  version: 1,
  nodes: [
    { id: 'start', type: 'trigger.manual', name: 'Start', position: { x: 0, y: 0 }, params: {} },
    { id: 'hook', type: 'trigger.webhook', name: 'Hook', position: { x: 0, y: 99 }, params: {} },
  ],
  edges: [],
}

const api = makeApi()

async function create(as: Member, body: object = { name: 'Orders', graph }): Promise<Parsed> {
  const answer = await api.send('POST', '/api/v2/workflows', { as, body })
  expect(answer.status, answer.text).toBe(201)
  return answer.data
}

describe('saving a draft', () => {
  test('takes the revision it was based on, and gives the next', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada)
    const path = `/api/v2/workflows/${id}`
    const read = await api.send('GET', path, { as: ada })
    expect(read.headers.get('etag')).toBe('"1"')

    const saved = await api.send('PATCH', path, {
      as: ada,
      body: { name: 'Paid orders' },
      headers: { 'if-match': '"1"' },
    })
    expect([saved.status, saved.headers.get('etag'), saved.data.name, saved.data.graph]).toEqual([
      200,
      '"2"',
      'Paid orders',
      graph,
    ])
  })

  test('without one is refused, and so is one that is stale or no revision', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada)
    const patch = async (headers: Record<string, string>) => {
      const { status, error } = await api.send('PATCH', `/api/v2/workflows/${id}`, {
        as: ada,
        body: { name: 'X' },
        headers,
      })
      return [status, error.code, error.details]
    }
    expect(await patch({})).toEqual([428, 'request.precondition_required', null])
    expect(await patch({ 'if-match': '"7"' })).toEqual([412, 'workflow.conflict', { revision: 1 }])
    expect((await patch({ 'if-match': 'latest' }))[0]).toBe(400)
    expect((await patch({ 'if-match': '*' }))[0]).toBe(400)
  })

  test('keeps the notes of its graph, and says where one is wrong', async () => {
    const ada = await api.signUp()
    const note = { id: 'why', text: 'Why', position: { x: 0, y: 0 }, size: { width: 80, height: 48 }, colour: 'blue' }
    const { id } = await create(ada, { name: 'Noted', graph: { ...graph, notes: [note] } })
    const notes = [note, note, { ...note, id: 'large', size: { width: 8_000, height: 48 } }]
    const wrong = await api.send('PATCH', `/api/v2/workflows/${id}`, {
      as: ada,
      body: { graph: { ...graph, notes } },
      headers: { 'if-match': '"1"' },
    })
    expect(wrong.status).toBe(400)
    expect(wrong.error).toMatchObject({
      details: {
        problems: [
          { path: 'graph.notes.2.size.width' },
          { path: 'graph.notes.1.id', message: 'is the id of another note' },
        ],
      },
    })
    const { data } = await api.send('GET', `/api/v2/workflows/${id}`, { as: ada })
    expect(data.graph).toEqual({ ...graph, notes: [note] })
  })

  test('O4: by many at once keeps exactly one of them', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        api.send('PATCH', `/api/v2/workflows/${id}`, {
          as: ada,
          body: { name: `Saved by ${index}` },
          headers: { 'if-match': '"1"' },
        }),
      ),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 412)).toHaveLength(9)
    const { data } = await api.send('GET', `/api/v2/workflows/${id}`, { as: ada })
    expect([data.revision, data.name]).toEqual([2, `Saved by ${statuses.indexOf(200)}`])
  })
})

describe('the secret of a webhook', () => {
  const verified = (verification: string) => ({
    ...graph,
    nodes: graph.nodes.map((node) => (node.id === 'hook' ? { ...node, params: { verification } } : node)),
  })

  test('is refused where no sender could prove itself by it', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada, { name: 'Orders', graph: verified('standard') })
    const set = (secret: string) =>
      api.send('PUT', `/api/v2/workflows/${id}/hooks/hook/secret`, { as: ada, body: { secret } })
    const refused = await set('my-very-long-secret-with-!-chars')
    expect([refused.status, refused.error.code, refused.error.details.problems[0].path]).toEqual([
      400,
      'request.invalid',
      'secret',
    ])
    const { data } = await api.send('GET', `/api/v2/workflows/${id}`, { as: ada })
    expect(data.hooks[0].hasSecret).toBe(false)
    expect((await set(`whsec_${btoa('x'.repeat(24))}`)).status).toBe(200)
  })

  test('that is made for a user name and a password is both', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada, { name: 'Orders', graph: verified('basic') })
    const made = await api.send('PUT', `/api/v2/workflows/${id}/hooks/hook/secret`, { as: ada, body: {} })
    expect([made.status, made.data.secret]).toEqual([200, expect.stringMatching(/^leat:.{40,}$/)])
  })
})

describe('whoever may change a workflow', () => {
  test('G9: is told what they did, also where they may not read it', async () => {
    const ada = await api.signUp()
    const { data } = await api.send('POST', '/api/v2/api-keys', {
      as: ada,
      body: { name: 'Writer', scopes: ['workflow.write', 'workflow.publish', 'workflow.archive'] },
    })
    const key = data.secret
    const made = await api.send('POST', '/api/v2/workflows', { key, body: { name: 'Orders', graph } })
    expect([made.status, made.data.name, made.data.hooks.length]).toEqual([201, 'Orders', 1])
    const path = `/api/v2/workflows/${made.data.id}`
    const saved = await api.send('PATCH', path, { key, body: { name: 'Sales' }, headers: { 'if-match': '"1"' } })
    expect([saved.status, saved.headers.get('etag'), saved.data.name]).toEqual([200, '"2"', 'Sales'])
    await api.send('POST', `${path}/publish`, { key })
    for (const [verb, status] of [
      ['pause', 'paused'],
      ['pause', 'paused'],
      ['activate', 'active'],
      ['activate', 'active'],
      ['archive', 'archived'],
      ['archive', 'archived'],
      ['restore', 'paused'],
      ['restore', 'paused'],
    ]) {
      const answer = await api.send('POST', `${path}/${verb}`, { key })
      expect([answer.status, answer.data?.status], verb).toEqual([200, status])
    }
    expect((await api.send('GET', path, { key })).status).toBe(403)
  })

  test('G4: is told so too where the change hides it from them, and its new webhook has its address', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada, { name: 'Shared', visibility: 'organization' })
    const editor = await makeMember(ada.organizationId)
    const key = await makeKey(editor, ada.organizationId, ['workflow.read', 'workflow.write'])
    const path = `/api/v2/workflows/${id}`
    const body = { visibility: 'own', graph }
    const saved = await api.send('PATCH', path, { key, body, headers: { 'if-match': '"1"' } })
    expect([saved.status, saved.data.visibility, saved.data.hooks.length]).toEqual([200, 'own', 1])
    expect((await api.send('GET', path, { key })).status).toBe(404)
    expect((await api.send('GET', path, { as: ada })).data.hooks).toEqual(saved.data.hooks)
  })
})

describe('listing', () => {
  test('pages through everything once, most recently changed first', async () => {
    const ada = await api.signUp()
    for (let index = 0; index < 7; index++) await create(ada, { name: `Number ${index}` })
    const names: string[] = []
    let cursor = ''
    do {
      const { data } = await api.send('GET', `/api/v2/workflows?limit=3${cursor}`, { as: ada })
      names.push(...data.items.map(({ name }: { name: string }) => name))
      cursor = data.nextCursor === undefined ? '' : `&cursor=${data.nextCursor}`
    } while (cursor !== '')
    expect(names).toEqual([6, 5, 4, 3, 2, 1, 0].map((index) => `Number ${index}`))
  })

  test('I1: takes values of its filters as values, and no other filters', async () => {
    const ada = await api.signUp()
    await create(ada, { name: "Robert'); DROP TABLE workflows;--" })
    await create(ada, { name: '100%_done' })
    const search = async (text: string) => {
      const { data } = await api.send('GET', `/api/v2/workflows?search=${encodeURIComponent(text)}`, { as: ada })
      return data.items.map(({ name }: { name: string }) => name)
    }
    expect(await search("'); DROP")).toEqual(["Robert'); DROP TABLE workflows;--"])
    expect(await search('%_')).toEqual(['100%_done'])
    expect(await search('0%d')).toEqual([])
    expect(await search("' OR '1'='1")).toEqual([])
    expect(await search('DONE')).toEqual(['100%_done'])

    for (const query of [
      'orderBy=name',
      'sort=name;DROP',
      'limit=1;DROP',
      'limit=1e9',
      'limit=-1',
      'limit=0',
      'status=active;--',
      "cursor=' OR 1=1",
      'cursor=W10',
      'cursor=WyJ4IiwieCJd',
      'filter[name]=x',
      'filter[createdBy]=x',
      'search=a&search=b',
    ]) {
      const { status, error } = await api.send('GET', `/api/v2/workflows?${query}`, { as: ada })
      expect([status, error?.code], query).toEqual([400, 'request.invalid'])
    }
    expect((await api.send('GET', '/api/v2/workflows', { as: ada })).data.items).toHaveLength(2)
  })

  test('finds a name in whatever case its letters are, ASCII or not, page by page', async () => {
    const ada = await api.signUp()
    const eve = await api.signUp()
    for (const name of ['Überprüfung', 'ÜBER alles', 'ärger', 'Straße', 'Uber', 'Übung 100%'])
      await create(ada, { name })
    await create(eve, { name: 'Überall' })
    const find = async (text: string, query = '') => {
      const path = `/api/v2/workflows?search=${encodeURIComponent(text)}${query}`
      return (await api.send('GET', path, { as: ada })).data
    }
    const names = async (text: string) => (await find(text)).items.map((item: { name: string }) => item.name).sort()
    expect(await names('über')).toEqual(['ÜBER alles', 'Überprüfung'])
    expect(await names('ÄRG')).toEqual(['ärger'])
    expect(await names('RÜF'.normalize('NFD'))).toEqual(['Überprüfung'])
    expect(await names('STRAß')).toEqual(['Straße'])
    expect(await names('BERPR')).toEqual(['Überprüfung'])
    expect(await names('übung 100%')).toEqual(['Übung 100%'])
    expect(await names('ü%')).toEqual([])
    const first = await find('über', '&limit=1')
    const second = await find('über', `&limit=1&cursor=${first.nextCursor}`)
    expect([first.items[0].name, second.items[0].name, second.nextCursor]).toEqual([
      'ÜBER alles',
      'Überprüfung',
      undefined,
    ])
  })

  test('I7: finds a text of any length, and not what only looks like it', async () => {
    const ada = await api.signUp()
    const name = `${'a'.repeat(100)}_b`
    await create(ada, { name })
    await create(ada, { name: `${'a'.repeat(100)}xb` })
    const { data } = await api.send('GET', `/api/v2/workflows?search=${'a'.repeat(60)}_b`, { as: ada })
    expect(data.items.map((item: { name: string }) => item.name)).toEqual([name])
  })

  test('shows archived workflows to whoever asks for them', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada)
    await api.send('POST', `/api/v2/workflows/${id}/archive`, { as: ada })
    const list = async (query: string) =>
      (await api.send('GET', `/api/v2/workflows${query}`, { as: ada })).data.items.length
    expect([await list(''), await list('?status=archived'), await list('?status=active')]).toEqual([0, 1, 0])
  })
})

describe('G7: making and saving', () => {
  test('take what people decide, and nothing that the server does', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada)
    for (const field of [
      'id',
      'organizationId',
      'createdBy',
      'status',
      'revision',
      'publishedNumber',
      'hooks',
      'createdAt',
    ]) {
      const body = { name: 'X', [field]: 'x' }
      const created = await api.send('POST', '/api/v2/workflows', { as: ada, body })
      const saved = await api.send('PATCH', `/api/v2/workflows/${id}`, {
        as: ada,
        body,
        headers: { 'if-match': '"1"' },
      })
      for (const answer of [created, saved]) {
        expect([answer.status, answer.error.details.problems]).toEqual([
          400,
          [{ path: field, message: 'is not known here' }],
        ])
      }
    }
  })
})

describe('problems', () => {
  const problem: Problem = {
    severity: 'error',
    code: 'x',
    message: 'Wrong.',
    path: 'nodes.0.params.url',
    nodeId: 'start',
  }
  const warning: Problem = { ...problem, severity: 'warning' }

  test('of the draft, or of a graph that is not saved yet, are listed with where they are', async () => {
    const strict = makeApi({
      nodes: { describe: () => [], validate: ({ nodes }) => (nodes.length > 1 ? [problem] : []) },
    })
    const ada = await strict.signUp()
    const { data } = await strict.send('POST', '/api/v2/workflows', { as: ada, body: { name: 'X', graph } })
    const validate = async (body: object) =>
      (await strict.send('POST', `/api/v2/workflows/${data.id}/validate`, { as: ada, body })).data
    expect(await validate({})).toEqual({ valid: false, problems: [problem] })
    expect(await validate({ graph: { ...graph, nodes: [graph.nodes[0]] } })).toEqual({ valid: true, problems: [] })
  })

  test('keep a draft from being published when they are errors, and not when they are warnings', async () => {
    let found: Problem[] = [problem, warning]
    const strict = makeApi({ nodes: { describe: () => [], validate: () => found } })
    const ada = await strict.signUp()
    const { data } = await strict.send('POST', '/api/v2/workflows', { as: ada, body: { name: 'X', graph } })
    const publish = () => strict.send('POST', `/api/v2/workflows/${data.id}/publish`, { as: ada })
    const refused = await publish()
    expect([refused.status, refused.error.code, refused.error.details]).toEqual([
      422,
      'workflow.invalid',
      { problems: [problem, warning] },
    ])
    found = [warning]
    expect((await publish()).status).toBe(200)
  })
})

describe('executing', () => {
  test('starts the live version at its first trigger, or at the one that is named', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada)
    const { data: version } = await api.send('POST', `/api/v2/workflows/${id}/publish`, { as: ada })
    const first = await api.send('POST', `/api/v2/workflows/${id}/execute`, { as: ada, body: { input: { total: 7 } } })
    expect([first.status, first.data.duplicate]).toEqual([202, false])
    await api.send('POST', `/api/v2/workflows/${id}/execute`, {
      as: ada,
      body: { trigger: 'hook', input: { body: { total: 7 }, query: { a: '1' } } },
    })
    const starts = api.runtime.starts.filter(({ workflowId }) => workflowId === id)
    expect(starts.map(({ versionId, trigger, organizationId }) => [versionId, organizationId, trigger])).toEqual([
      [
        version.id,
        ada.organizationId,
        { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: { total: 7 } } },
      ],
      [
        version.id,
        ada.organizationId,
        {
          nodeId: 'hook',
          kind: 'manual',
          data: { type: 'webhook', method: 'POST', headers: {}, query: { a: '1' }, body: { total: 7 } },
        },
      ],
    ])
  })

  test('O1: a hundred times under one key starts one execution and answers a hundred times the same', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada)
    await api.send('POST', `/api/v2/workflows/${id}/publish`, { as: ada })
    const send = (input: object, key = 'order-1') =>
      api.send('POST', `/api/v2/workflows/${id}/execute`, {
        as: ada,
        body: { input },
        headers: { 'idempotency-key': key },
      })
    const answers = await Promise.all(Array.from({ length: 100 }, () => send({ total: 7 })))
    expect(new Set(answers.map(({ data }) => data.executionId)).size).toBe(1)
    expect(answers.filter(({ data }) => data.duplicate === false)).toHaveLength(1)
    expect(api.runtime.starts.filter(({ workflowId }) => workflowId === id)).toHaveLength(1)

    const other = await send({ total: 8 })
    expect([other.status, other.error.code]).toEqual([409, 'hook.conflict'])
    expect((await send({ total: 8 }, 'order-2')).data.duplicate).toBe(false)
  })

  test('a draft freezes what is on the canvas, once for the same content', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada)
    const execute = () => api.send('POST', `/api/v2/workflows/${id}/execute`, { as: ada, body: { version: 'draft' } })
    await Promise.all([execute(), execute(), execute()])
    const starts = api.runtime.starts.filter(({ workflowId }) => workflowId === id)
    expect(new Set(starts.map(({ versionId }) => versionId)).size).toBe(1)
    const version = await api.send('GET', `/api/v2/workflows/${id}/versions/${starts[0]!.versionId}`, { as: ada })
    expect([version.data.number, version.data.graph]).toEqual([0, graph])
    expect((await api.send('GET', `/api/v2/workflows/${id}/versions`, { as: ada })).data.items).toEqual([])
  })

  test('what was never published, is archived, or has no such trigger is refused', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada)
    const execute = async (body: object) => {
      const { status, error } = await api.send('POST', `/api/v2/workflows/${id}/execute`, { as: ada, body })
      return [status, error?.code]
    }
    expect(await execute({})).toEqual([409, 'workflow.not_published'])
    const { error } = await api.send('POST', `/api/v2/workflows/${id}/execute`, {
      as: ada,
      body: { version: 'draft', trigger: 'strat' },
    })
    expect([error.code, error.details.problems]).toEqual([
      'request.invalid',
      [{ path: 'trigger', message: 'is no trigger of this workflow. It has start, hook' }],
    ])
    const { id: empty } = await create(ada, { name: 'Empty' })
    const none = await api.send('POST', `/api/v2/workflows/${empty}/execute`, { as: ada, body: { version: 'draft' } })
    expect([none.status, none.error.code]).toEqual([422, 'workflow.no_trigger'])
    expect(await execute({ version: 'draft', trigger: 'hook', input: { bodyy: 1 } })).toEqual([400, 'request.invalid'])
    await api.send('POST', `/api/v2/workflows/${id}/archive`, { as: ada })
    expect(await execute({ version: 'draft' })).toEqual([409, 'workflow.archived'])
  })

  test('G5: is not for members who only look', async () => {
    const ada = await api.signUp()
    const { id } = await create(ada)
    const { data: key } = await api.send('POST', '/api/v2/api-keys', {
      as: ada,
      body: { name: 'Reader', scopes: ['workflow.read', 'execution.read', 'execution.read_payload'] },
    })
    const answer = await api.send('POST', `/api/v2/workflows/${id}/execute`, {
      key: key.secret,
      body: { version: 'draft' },
    })
    expect([answer.status, answer.error.details]).toEqual([403, { needs: 'workflow.execute' }])
  })
})

describe('an event', () => {
  test('is accepted for the caller’s organization, under the sender’s own name for it', async () => {
    const ada = await api.signUp()
    const send = (body: object, headers = {}) => api.send('POST', '/api/v2/events', { as: ada, body, headers })
    expect((await send({ type: 'order.paid', data: { total: 7 } })).status).toBe(202)
    await send({ type: 'order.paid' }, { 'idempotency-key': 'by-header' })
    await send({ type: 'order.paid', id: 'by-body' }, { 'idempotency-key': 'by-header' })
    const mine = api.runtime.events.filter(({ organizationId }) => organizationId === ada.organizationId)
    expect(mine.map(({ event }) => event.id)).toEqual([undefined, 'by-header', 'by-body'])
  })

  test('needs a type that is one', async () => {
    const ada = await api.signUp()
    for (const type of ['', 'order paid', 'order..paid', '*', 'order.*']) {
      const { status } = await api.send('POST', '/api/v2/events', { as: ada, body: { type } })
      expect(status, type).toBe(400)
    }
  })
})

import { describe, expect, test } from 'vitest'
import { capabilities } from '../../worker/contract/facts/member.ts'
import { describeNodeTypes } from '../../worker/nodes/describe-node-types.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { makeKey, makeMember } from '../support/people.ts'
import { makeApi, type Member } from '../support/api.ts'
import { graph, node } from '../support/published.ts'

const api = makeApi({ nodes: { describe: describeNodeTypes, validate: validateGraph } })

function set(as: Member, name: string, body: object, revision?: number) {
  const headers = revision === undefined ? {} : { 'if-match': `"${revision}"` }
  return api.send('PUT', `/api/v2/variables/${name}`, { as, body, headers })
}

const list = async (as: Member) => (await api.send('GET', '/api/v2/variables', { as })).data.items

describe('a variable of the organization', () => {
  test('is added, changed by who has its revision, and removed', async () => {
    const ada = await api.signUp()
    const made = await set(ada, 'shopUrl', { type: 'string', value: 'https://a.example', description: ' The shop ' })
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"1"'])
    expect(made.data).toMatchObject({ name: 'shopUrl', value: 'https://a.example', description: 'The shop' })
    const changed = await set(ada, 'shopUrl', { type: 'json', value: { eu: ['a'] } }, 1)
    expect([changed.status, changed.data.value, changed.data.revision]).toEqual([200, { eu: ['a'] }, 2])
    expect(await list(ada)).toEqual([changed.data])
    const gone = await api.send('DELETE', '/api/v2/variables/shopUrl', { as: ada, headers: { 'if-match': '"2"' } })
    expect([gone.status, await list(ada)]).toEqual([200, []])
    const { data } = await api.send('GET', '/api/v2/audit', { as: ada })
    const deeds = data.items.filter(({ action }: { action: string }) => action.startsWith('variable.'))
    expect(deeds.map(({ action }: { action: string }) => action)).toEqual([
      'variable.deleted',
      'variable.changed',
      'variable.created',
    ])
    expect(JSON.stringify(deeds)).not.toContain('a.example')
  })

  test('is not overwritten by who did not see it as it is', async () => {
    const ada = await api.signUp()
    await set(ada, 'rate', { type: 'number', value: 1 })
    const codes = [
      await set(ada, 'rate', { type: 'number', value: 2 }),
      await set(ada, 'rate', { type: 'number', value: 2 }, 7),
      await set(ada, 'none', { type: 'number', value: 2 }, 1),
      await api.send('DELETE', '/api/v2/variables/rate', { as: ada, headers: { 'if-match': '"7"' } }),
      await api.send('DELETE', '/api/v2/variables/none', { as: ada }),
    ].map(({ status, error }) => [status, error.code, error.details?.revision])
    expect(codes).toEqual([
      [428, 'request.precondition_required', undefined],
      [412, 'variable.conflict', 1],
      [404, 'variable.not_found', undefined],
      [412, 'variable.conflict', 1],
      [404, 'variable.not_found', undefined],
    ])
    expect(await list(ada)).toMatchObject([{ name: 'rate', value: 1 }])
    const { data } = await api.send('GET', '/api/v2/audit', { as: ada })
    expect(data.items.filter(({ action }: { action: string }) => action.startsWith('variable.'))).toHaveLength(1)
  })

  test.each([
    ['1st', { type: 'string', value: '' }, 'name'],
    ['a.b', { type: 'string', value: '' }, 'name'],
    ['__proto__', { type: 'string', value: '' }, 'name'],
    ['a', { type: 'number', value: '1' }, 'value'],
    ['a', { type: 'boolean', value: null }, 'value'],
    ['a', { type: 'string', value: 'x'.repeat(17_000) }, 'value'],
    ['a', { type: 'date', value: '' }, 'type'],
  ])('%s as %j is refused', async (name, body, path) => {
    const ada = await api.signUp()
    const { status, error } = await set(ada, name, body)
    expect([status, error.details.problems[0].path]).toEqual([400, path])
    expect(await list(ada)).toEqual([])
  })

  test('G5: is read by whoever reads workflows, and set by owners, admins and editors', async () => {
    const owner = await api.signUp()
    const may = async (role: 'admin' | 'editor' | 'operator' | 'viewer') => {
      const userId = await makeMember(owner.organizationId, { role })
      const key = await makeKey(userId, owner.organizationId, [...capabilities])
      const path = `/api/v2/variables/${role}`
      const { status } = await api.send('PUT', path, { key, body: { type: 'boolean', value: true } })
      return [role, status, (await api.send('GET', '/api/v2/variables', { key })).status]
    }
    expect([await may('admin'), await may('editor'), await may('operator'), await may('viewer')]).toEqual([
      ['admin', 201, 200],
      ['editor', 201, 200],
      ['operator', 403, 200],
      ['viewer', 403, 200],
    ])
  })

  test('that is not there is a warning where it is read, with the nearest name, and does not keep from publishing', async () => {
    const ada = await api.signUp()
    await set(ada, 'shopUrl', { type: 'string', value: 'https://a.example' })
    const reads = graph(
      [
        node('start', 'trigger.manual'),
        node('say', 'data.set', {
          fields: [{ name: 'a', value: '{{ organization.shopUrl }} {{ organization.shopUlr }}' }],
        }),
        node('or', 'data.set', { fields: [{ name: 'a', value: '{{ organization.none ?? 1 }}' }] }),
      ],
      'start>say',
      'say>or',
    )
    const { data: workflow } = await api.send('POST', '/api/v2/workflows', {
      as: ada,
      body: { name: 'Reads', graph: reads },
    })
    const { data } = await api.send('POST', `/api/v2/workflows/${workflow.id}/validate`, { as: ada, body: {} })
    expect(data.valid).toBe(true)
    expect(data.problems).toMatchObject([{ severity: 'warning', code: 'expression.unknown_name', nodeId: 'say' }])
    expect(data.problems[0].message).toContain('Did you mean “shopUrl”?')
    expect((await api.send('POST', `/api/v2/workflows/${workflow.id}/publish`, { as: ada })).status).toBe(200)
    const { data: run } = await api.send('POST', `/api/v2/workflows/${workflow.id}/test`, {
      as: ada,
      body: {
        stopAt: 'say',
        graph: {
          ...reads,
          nodes: reads.nodes.map((each) =>
            each.id === 'say'
              ? { ...each, params: { fields: [{ name: 'a', value: '{{ organization.shopUrl }}' }] } }
              : each,
          ),
        },
      },
    })
    expect(run.steps.at(-1).output).toEqual({ a: 'https://a.example' })
  })
})

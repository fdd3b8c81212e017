import { describe, expect, test } from 'vitest'
import { describeNodeTypes } from '../../worker/nodes/describe-node-types.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { cookieOf, makeApi, type Member } from '../support/api.ts'

const nodes = { describe: describeNodeTypes, validate: validateGraph }
const setupToken = 'a token that only the local server knows'

function seed(api: ReturnType<typeof makeApi>, token?: string) {
  const headers: Record<string, string> = token === undefined ? {} : { 'x-leat-setup-token': token }
  return api.send('POST', '/api/v2/setup/demo', { body: {}, headers })
}

describe('the demo', () => {
  test('cannot be asked for where no token is set, or by whoever does not know it', async () => {
    for (const [set, given] of [
      [undefined, setupToken],
      ['', ''],
      [setupToken, undefined],
      [setupToken, ''],
      [setupToken, `${setupToken}x`],
      [setupToken, setupToken.slice(0, -1)],
    ]) {
      const api = set === undefined ? makeApi({ nodes }) : makeApi({ nodes, setupToken: set })
      const { status, error } = await seed(api, given)
      expect([status, error.code]).toEqual([404, 'request.not_found'])
    }
  })

  test('is an owner who can sign in, a key that opens everything, and a live workflow with a webhook', async () => {
    const api = makeApi({ nodes, setupToken })
    const { status, data } = await seed(api, setupToken)
    expect(status).toBe(200)
    const signedIn = await api.send('POST', '/api/auth/sign-in/email', {
      body: { email: data.email, password: data.password },
    })
    const owner = { cookie: cookieOf(signedIn.headers) } as Member
    expect((await api.send('GET', '/api/v2/me', { as: owner })).data.role).toBe('owner')

    const workflow = await api.send('GET', `/api/v2/workflows/${data.workflowId}`, { key: data.apiKey })
    expect(workflow.data).toMatchObject({ status: 'active', publishedNumber: 1, hooks: [{ path: data.hookPath }] })
    const types = await api.send('GET', '/api/v2/node-types', { key: data.apiKey })
    expect(types.data.items.map(({ type }: { type: string }) => type)).toContain('trigger.webhook')
    expect(types.text.length).toBeGreaterThan(1_000)
  })

  test('asked for again is the same demo, with what somebody made of it', async () => {
    const api = makeApi({ nodes, setupToken })
    const { data: first } = await seed(api, setupToken)
    await api.send('PATCH', `/api/v2/workflows/${first.workflowId}`, {
      key: first.apiKey,
      body: { description: 'Mine now' },
      headers: { 'if-match': '"1"' },
    })
    const answers = await Promise.all([seed(api, setupToken), seed(api, setupToken)])
    for (const { data } of answers) expect(data).toEqual(first)
    const { data: list } = await api.send('GET', '/api/v2/workflows', { key: first.apiKey })
    expect(list.items.map(({ description }: { description: string }) => description)).toEqual(['Mine now'])
    expect((await api.send('GET', '/api/v2/api-keys', { key: first.apiKey })).data.items).toHaveLength(1)
  })
})

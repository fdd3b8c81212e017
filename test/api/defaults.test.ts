import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { describeNodeTypes } from '../../worker/nodes/describe-node-types.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { readRetryDefaults } from '../../worker/store/defaults.ts'
import { makeApi, type Member } from '../support/api.ts'

const api = makeApi({ nodes: { describe: describeNodeTypes, validate: validateGraph } })

function set(as: Member, revision: number, retry: object) {
  return api.send('PUT', '/api/v2/defaults', { as, body: { retry }, headers: { 'if-match': `"${revision}"` } })
}

describe('what holds in all workflows', () => {
  test('is as the product has it until somebody sets it, and is replaced whole', async () => {
    const ada = await api.signUp()
    const before = await api.send('GET', '/api/v2/defaults', { as: ada })
    expect([before.data, before.headers.get('etag')]).toEqual([{ retry: {}, revision: 0 }, '"0"'])
    expect(await readRetryDefaults(env.DB, ada.organizationId)).toBeNull()

    const first = await set(ada, 0, { maxRetries: 1, delayMs: 5_000 })
    expect([first.status, first.data]).toEqual([200, { retry: { maxRetries: 1, delayMs: 5_000 }, revision: 1 }])
    const second = await set(ada, 1, { backoff: 'fixed' })
    expect(second.data).toEqual({ retry: { backoff: 'fixed' }, revision: 2 })
    expect(await readRetryDefaults(env.DB, ada.organizationId)).toEqual({ backoff: 'fixed' })
    const { data: audit } = await api.send('GET', '/api/v2/audit', { as: ada })
    expect(audit.items.filter(({ action }: { action: string }) => action === 'defaults.changed')).toHaveLength(2)
  })

  test('O4: of two who edited the same the second is told, and changes nothing', async () => {
    const ada = await api.signUp()
    expect((await set(ada, 0, { maxRetries: 1 })).status).toBe(200)
    const late = await set(ada, 0, { maxRetries: 9 })
    expect([late.status, late.error.code, late.error.details]).toEqual([412, 'defaults.conflict', { revision: 1 }])
    expect((await set(ada, 7, { maxRetries: 9 })).status).toBe(412)
    expect((await api.send('GET', '/api/v2/defaults', { as: ada })).data.retry).toEqual({ maxRetries: 1 })
    const blind = await api.send('PUT', '/api/v2/defaults', { as: ada, body: { retry: {} } })
    expect(blind.error.code).toBe('request.precondition_required')
  })

  test.each([
    [{ maxRetries: 11 }, 'retry.maxRetries'],
    [{ delayMs: -1 }, 'retry.delayMs'],
    [{ often: 3 }, 'retry.often'],
  ])('%j is refused at %s', async (retry, path) => {
    const ada = await api.signUp()
    const { status, error } = await set(ada, 0, retry)
    expect([status, error.details.problems[0].path]).toEqual([400, path])
  })

  test('G10: is nobody else’s', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    await set(ada, 0, { maxRetries: 1 })
    expect((await api.send('GET', '/api/v2/defaults', { as: eve })).data).toEqual({ retry: {}, revision: 0 })
    expect(await readRetryDefaults(env.DB, eve.organizationId)).toBeNull()
  })
})

import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { describeNodeTypes } from '../../worker/nodes/describe-node-types.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { gateOf } from '../../worker/runtime/gate/gate-stub.ts'
import { newId } from '../../worker/lib/id.ts'
import { findExecutionLimit } from '../../worker/store/execution-limit.ts'
import { makeApi, type Member } from '../support/api.ts'

const api = makeApi({ nodes: { describe: describeNodeTypes, validate: validateGraph } })

const get = (as: Member) => api.send('GET', '/api/v2/execution-limit', { as })
const set = (as: Member, limit: unknown) => api.send('PUT', '/api/v2/execution-limit', { as, body: { limit } })

/** Has so many stand at the gate of an organization. */
async function stand({ organizationId }: Member, limit: number, times: number) {
  const lane = newId('workflow')
  const gate = gateOf(env, organizationId, lane, { gate: 'organization', key: null })
  for (let time = 0; time < times; time++) {
    const comer = { id: `${newId('execution')}/1`, at: time, lane }
    await gate.offer(organizationId, { gate: 'organization', limit, revision: 1 }, comer)
  }
}

describe('how many executions go on at a time', () => {
  test('is not limited until somebody says so; how many go on and wait is shown where it is', async () => {
    const ada = await api.signUp()
    expect((await get(ada)).data).toEqual({ limit: null, most: null })
    expect(await findExecutionLimit(env.DB, ada.organizationId)).toBeUndefined()

    const saved = await set(ada, 2)
    expect([saved.status, saved.data]).toEqual([200, { limit: 2, most: null, running: 0, waiting: 0 }])
    await stand(ada, 2, 5)
    expect((await get(ada)).data).toMatchObject({ running: 2, waiting: 3 })
    // Those who wait go on at once; nobody knows these, so they do not stay.
    const raised = await set(ada, 4)
    expect(raised.data.limit).toBe(4)
    expect(raised.data.waiting).toBeLessThanOrEqual(1)
    expect((await set(ada, null)).data).toEqual({ limit: null, most: null })
    expect(await findExecutionLimit(env.DB, ada.organizationId)).toMatchObject({ limit: null })

    const { data: audit } = await api.send('GET', '/api/v2/audit', { as: ada })
    const deeds = audit.items.filter(({ action }: { action: string }) => action === 'execution_limit.changed')
    expect(deeds.map(({ details }: { details: unknown }) => details)).toEqual([
      { running: null },
      { running: 4 },
      { running: 2 },
    ])
  })

  test.each([0, -1, 1.5, 100_001, 'many'])('%j is refused', async (limit) => {
    const { status, error } = await set(await api.signUp(), limit)
    expect([status, error.details.problems[0].path]).toEqual([400, 'limit'])
  })

  test('G10: is nobody else’s', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    await set(ada, 1)
    await stand(ada, 1, 3)
    expect((await get(eve)).data).toEqual({ limit: null, most: null })
    await set(eve, 7)
    expect((await get(ada)).data).toEqual({ limit: 1, most: null, running: 1, waiting: 2 })
  })
})

import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { OrganizationId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { createPlans } from '../../worker/runtime/plans.ts'
import { routeStore } from '../../worker/store/routes.ts'
import { graph, node, publish } from '../support/published.ts'

function keep(organizationId: OrganizationId, retry: object) {
  return env.DB.prepare(
    `INSERT INTO defaults (organization_id, retry, revision, updated_by, updated_at) VALUES (?, ?, 1, ?, 0)
     ON CONFLICT DO UPDATE SET retry = excluded.retry`,
  )
    .bind(organizationId, JSON.stringify(retry), newId('user'))
    .run()
}

const ask = (id: string, settings = {}) =>
  node(id, 'http.request', { url: 'https://sink.example.com', method: 'POST' }, settings)

const calling = {
  ...graph(
    [node('start', 'trigger.manual'), ask('plain'), ask('own', { retry: { delayMs: 9_000 } })],
    'start>plain',
    'plain>own',
  ),
  settings: { retry: { maxRetries: 2 } },
}

function clocked(store = routeStore(env.DB)) {
  let now = Date.now()
  return { plans: createPlans(store, () => now), pass: (ms: number) => void (now += ms) }
}

test('a step’s policy goes before its workflow’s, that before its organization’s, and that before the product’s', async () => {
  const organizationId = newId('organization')
  const { versionId } = await publish(calling, organizationId)
  await keep(organizationId, { maxRetries: 7, backoff: 'fixed', delayMs: 5_000 })
  const version = await clocked().plans.find(organizationId, versionId)
  expect(version?.plan.nodes.get('plain')?.retry).toMatchObject({
    maxRetries: 2,
    backoff: 'fixed',
    delayMs: 5_000,
    jitter: 'additive',
  })
  expect(version?.plan.nodes.get('own')?.retry).toMatchObject({ maxRetries: 2, backoff: 'fixed', delayMs: 9_000 })
})

test('a change is felt within five seconds, and what an execution began with stays what it was', async () => {
  const organizationId = newId('organization')
  const { versionId } = await publish(calling, organizationId)
  const { plans, pass } = clocked()
  const before = await plans.find(organizationId, versionId)
  expect(before?.plan.nodes.get('plain')?.retry.delayMs).toBe(1_000)
  await keep(organizationId, { delayMs: 7_000 })
  expect(await plans.find(organizationId, versionId)).toBe(before)
  pass(5_001)
  const after = await plans.find(organizationId, versionId)
  expect(after?.plan.nodes.get('plain')?.retry.delayMs).toBe(7_000)
  expect(await plans.find(organizationId, versionId)).toBe(after)
  // What objects bring along is compiled as they were given it.
  for (const version of [before!, after!]) {
    const { plan: _, ...given } = version
    expect(plans.compile(JSON.parse(JSON.stringify(given)))).toBe(version)
  }
})

test('a workflow that calls nothing asks for nothing, and of an organization nobody else is told', async () => {
  const [one, other] = [newId('organization'), newId('organization')]
  await keep(one, { maxRetries: 9 })
  const asked: OrganizationId[] = []
  const store = routeStore(env.DB)
  const { plans } = clocked({
    ...store,
    readRetryDefaults(organizationId) {
      asked.push(organizationId)
      return store.readRetryDefaults(organizationId)
    },
  })
  const pure = graph([node('start', 'trigger.manual'), node('set', 'data.set', { fields: [] })], 'start>set')
  await plans.find(one, (await publish(pure, one)).versionId)
  expect(asked).toEqual([])
  const retries = async (organizationId: OrganizationId) => {
    const { versionId } = await publish({ ...calling, settings: {} }, organizationId)
    return (await plans.find(organizationId, versionId))?.plan.nodes.get('plain')?.retry.maxRetries
  }
  expect([await retries(one), await retries(other)]).toEqual([9, 3])
})

test('while it cannot be read it is taken for what it was last', async () => {
  const organizationId = newId('organization')
  const { versionId } = await publish(calling, organizationId)
  await keep(organizationId, { delayMs: 7_000 })
  const store = routeStore(env.DB)
  let isAway = false
  const { plans, pass } = clocked({
    ...store,
    readRetryDefaults: (id) => (isAway ? Promise.reject(new Error('away')) : store.readRetryDefaults(id)),
  })
  const before = await plans.find(organizationId, versionId)
  isAway = true
  pass(6_000)
  expect(await plans.find(organizationId, versionId)).toBe(before)
})

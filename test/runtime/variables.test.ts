// Variables of the organization: as they were when the execution began, however long it goes on.

import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { OrganizationId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { createPlans } from '../../worker/runtime/plans.ts'
import { routeStore } from '../../worker/store/routes.ts'
import { eventually, graph, node, publish, runtime } from '../support/published.ts'

async function keep(organizationId: OrganizationId, name: string, value: unknown): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO variables (organization_id, name, type, value, description, revision, created_by, created_at, updated_at)
     VALUES (?, ?, 'json', ?, '', 1, ?, 0, 0)
     ON CONFLICT (organization_id, name) DO UPDATE SET value = excluded.value`,
  )
    .bind(organizationId, name, JSON.stringify(value), newId('user'))
    .run()
}

//  start ──► say
const reading = graph(
  [
    node('start', 'trigger.manual'),
    node('say', 'data.set', { fields: [{ name: 'region', value: '{{ organization.region }}' }] }),
  ],
  'start>say',
)

const start = { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: {} } } as const

test('an execution reads those it names, and keeps them in its journal as they were', async () => {
  const organizationId = newId('organization')
  await keep(organizationId, 'region', { name: 'eu' })
  await keep(organizationId, 'other', 'x'.repeat(1_000))
  const published = await publish(reading, organizationId)
  const { executionId } = await runtime().start({ ...published, trigger: start })
  const ended = await eventually(() => runtime().findLive(organizationId, executionId))
  expect([ended.status, ended.output]).toEqual(['completed', { region: { name: 'eu' } }])
  const journal = await runtime().findJournal(organizationId, executionId)
  expect(journal?.[0]?.events[0]).toMatchObject({ organizationVars: { region: { name: 'eu' } } })
  expect(JSON.stringify(journal)).not.toContain('xxxx')
})

test('G4: a version reads those of its own organization, feels a change after five seconds, and none where it names none', async () => {
  const organizationId = newId('organization')
  await keep(organizationId, 'region', 'eu')
  await keep(newId('organization'), 'region', 'us')
  const { versionId } = await publish(reading, organizationId)
  const silent = await publish(graph([node('start', 'trigger.manual')]), organizationId)
  let now = 0
  const plans = createPlans(routeStore(env.DB), () => now)
  const seen = async () => (await plans.find(organizationId, versionId))?.organizationVars
  expect(await seen()).toEqual({ region: 'eu' })
  await keep(organizationId, 'region', 'mars')
  expect(await seen()).toEqual({ region: 'eu' })
  now = 5_001
  expect(await seen()).toEqual({ region: 'mars' })
  expect(await plans.find(organizationId, silent.versionId)).not.toHaveProperty('organizationVars')
})

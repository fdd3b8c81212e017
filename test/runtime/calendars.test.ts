import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { CalendarRules } from '../../worker/contract/calendar.ts'
import type { CalendarId, OrganizationId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { createPlans } from '../../worker/runtime/plans.ts'
import { routeStore } from '../../worker/store/routes.ts'
import { eventually, graph, node, publish, runtime } from '../support/published.ts'

const allDay = [{ from: '00:00', to: '24:00' }]
const always = { mon: allDay, tue: allDay, wed: allDay, thu: allDay, fri: allDay, sat: allDay, sun: allDay }
const open: CalendarRules = { timeZone: 'UTC', weekly: always, exceptions: [] }
/** Today, and the days after it; also when a midnight passes before all is over. */
const [today = '', tomorrow = '', nextDay = ''] = [0, 1, 2].map((days) =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10),
)
/** Closed until the day after tomorrow begins. */
const closed: CalendarRules = {
  ...open,
  exceptions: [today, tomorrow].map((date) => ({ date, everyYear: false, name: 'Closed', hours: [] })),
}

async function keep(organizationId: OrganizationId, rules: CalendarRules): Promise<CalendarId> {
  const id = newId('calendar')
  await env.DB.prepare(
    `INSERT INTO calendars (id, organization_id, name, is_default, rules, revision, created_by, created_at, updated_at)
     VALUES (?, ?, 'Office', 1, ?, 1, ?, 0, 0)`,
  )
    .bind(id, organizationId, JSON.stringify(rules), newId('user'))
    .run()
  return id
}

//  start ──► pause (business hours) ──► done
const waiting = graph(
  [
    node('start', 'trigger.manual'),
    node('pause', 'flow.wait', { mode: 'businessHours' }),
    node('done', 'data.set', { fields: [] }),
  ],
  'start>pause',
  'pause>done',
)

const start = { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: {} } } as const

test('an execution waits by the calendars of its organization, and keeps the instant it decided', async () => {
  const organizationId = newId('organization')
  const published = await publish(waiting, organizationId)
  await keep(organizationId, closed)
  const { executionId } = await runtime().start({ ...published, trigger: start })
  const execution = await eventually(() => runtime().findLive(organizationId, executionId))
  expect([execution.status, execution.wakeAt]).toEqual(['waiting', `${nextDay}T00:00:00.000Z`])

  await env.DB.prepare('UPDATE calendars SET rules = ? WHERE organization_id = ?')
    .bind(JSON.stringify(open), organizationId)
    .run()
  await evictDurableObject(executionOf(env, organizationId, executionId))
  expect((await runtime().findLive(organizationId, executionId))?.wakeAt).toBe(execution.wakeAt)
})

test('an organization’s calendars are another’s nothing', async () => {
  await keep(newId('organization'), open)
  const published = await publish(waiting, newId('organization'))
  const { executionId } = await runtime().start({ ...published, trigger: start })
  const execution = await eventually(() => runtime().findLive(published.organizationId, executionId))
  expect(execution).toMatchObject({
    status: 'failed',
    failure: { code: 'params.invalid', details: { param: 'calendar' } },
  })
})

test('a change of a calendar is felt within five seconds, and an execution’s own calendars stay what they were', async () => {
  const organizationId = newId('organization')
  const { versionId } = await publish(waiting, organizationId)
  const id = await keep(organizationId, closed)
  let now = Date.now()
  const plans = createPlans(routeStore(env.DB), () => now)
  const before = await plans.find(organizationId, versionId)
  expect(before?.calendars).toEqual({ default: id, calendars: { [id]: closed } })

  await env.DB.prepare('UPDATE calendars SET rules = ? WHERE id = ?').bind(JSON.stringify(open), id).run()
  expect(await plans.find(organizationId, versionId)).toBe(before)
  now += 5_001
  const after = await plans.find(organizationId, versionId)
  expect(after?.calendars?.calendars[id]).toEqual(open)
  expect(after?.plan).not.toBe(before?.plan)
  // What an object brings along is compiled as it was given, and once.
  const { plan: _, ...given } = before!
  expect(plans.compile(JSON.parse(JSON.stringify(given)))).toBe(before)
})

import { expect, test } from 'vitest'
import { CalendarSnapshot } from '../../worker/contract/calendar.ts'
import { noCalendars } from '../../worker/contract/facts/calendar.ts'
import type { Graph } from '../../worker/contract/graph.ts'
import type { OrganizationId, VersionId, WorkflowId } from '../../worker/contract/id.ts'
import { createPlans } from '../../worker/runtime/plans.ts'

const [one, other] = ['org_one', 'org_other'] as OrganizationId[]
const versionId = 'ver_any' as VersionId

const graph: Graph = {
  version: 1,
  nodes: [
    { id: 'start', type: 'trigger.manual', name: 'Start', position: { x: 0, y: 0 }, params: {} },
    { id: 'rest', type: 'flow.wait', name: 'Rest', position: { x: 0, y: 0 }, params: { mode: 'businessHours' } },
  ],
  edges: [{ id: 'e1', source: 'start', sourcePort: 'out', target: 'rest' }],
}

const calendarId = 'cal_01jd4x8m3w5q7r9t1v3x5z7b9d'

/** Calendars of an organization, told by their zone. */
function calendarsOf(organizationId: OrganizationId): CalendarSnapshot {
  const timeZone = organizationId === one ? 'Asia/Tokyo' : 'Europe/Berlin'
  return CalendarSnapshot.parse({ default: calendarId, calendars: { [calendarId]: { timeZone, weekly: {} } } })
}

const plansOf = (readCalendars: (organizationId: OrganizationId) => CalendarSnapshot, owner: OrganizationId) =>
  createPlans(
    {
      findVersion: (organizationId, id) =>
        Promise.resolve({
          organizationId,
          workflowId: 'wf_any' as WorkflowId,
          workflowName: owner,
          versionId: id,
          number: 1,
          graph,
        }),
      readCalendars: (organizationId) => Promise.resolve(readCalendars(organizationId)),
      readRetryDefaults: () => Promise.resolve(null),
      readVariables: () => Promise.resolve({}),
    },
    () => 0,
  )

test('what an isolate remembers of one organization is not given to another', async () => {
  const plans = plansOf(calendarsOf, one!)
  const first = await plans.find(one!, 'ver_of_one' as VersionId)
  const second = await plans.find(other!, 'ver_of_other' as VersionId)
  const zones = [first, second].map((version) => Object.values(version!.calendars!.calendars)[0]!.timeZone)
  expect(zones).toEqual(['Asia/Tokyo', 'Europe/Berlin'])
})

test('a version that an isolate has compiled is there for its own organization alone', async () => {
  const plans = plansOf(() => noCalendars, one!)
  expect(await plans.find(one!, versionId)).toMatchObject({ organizationId: one })
  expect(await plans.find(other!, versionId)).toBeUndefined()
})

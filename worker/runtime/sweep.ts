// sweep
//
// Everything wakes by its own alarm; this is for the day one does not ring. Once a minute it asks D1 who should have
// moved by now, and pokes them. A poke is a reason to look: one that was not needed does nothing.

import { openDatabase } from '../store/database.ts'
import type { Env } from '../env.ts'
import { listOverdue } from '../store/executions.ts'
import { executionOf } from './executions.ts'
import { forEachInbox } from './inboxes.ts'
import { isolateOf } from './isolate.ts'

/** An execution is overdue this long after it wanted to wake, in ms. */
const graceMs = 60_000
const maxExecutions = 500
/** Inboxes are looked after for so many organizations a minute, drawn anew each time. */
const maxOrganizations = 200

/** Resolves when everybody overdue has been poked. One that can not be reached is tried again a minute later. */
export async function sweep(env: Env, now: number): Promise<void> {
  const overdue = await listOverdue(openDatabase(env.LOGS), now - graceMs, maxExecutions)
  const organizations = await isolateOf(env).routeStore.listSomeActiveOrganizations(maxOrganizations)
  const pokes = [
    ...overdue.map(({ organizationId, id }) => executionOf(env, organizationId, id).poke(organizationId)),
    ...organizations.map((organizationId) => forEachInbox(env, organizationId, (inbox) => inbox.poke(organizationId))),
  ]
  for (const result of await Promise.allSettled(pokes)) {
    if (result.status === 'rejected') console.error({ message: 'could not poke', error: String(result.reason) })
  }
}

import type { OrganizationId, VersionId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { newId } from '../../lib/id.ts'
import {
  forgetEventWaits,
  listEventWaits,
  listLiveVersions,
  listSomeThatWait,
  listVersionsUnderWay,
  readGraphs,
  type EventWait,
} from '../../store/event-waits.ts'
import { eventWaitsOf } from '../../usecases/workflows/event-waits-of.ts'
import { forEachInbox } from '../inbox/inbox-stub.ts'

/** So many organizations are looked at, with so many versions each, so many of those read at a time. */
const maxOrganizations = 10
const maxVersions = 500
const readAtOnce = 20
/** How long nothing may have waited for an event before it is forgotten: what began since is known to the database by then. */
const unusedForMs = 86_400_000

/**
 * Forgets events that nothing may wait for any more: no live version does, and none that an execution still goes on with.
 * Events of these types are not brought to those who keep them any more.
 */
export async function tidyEventWaits(env: Env, now: number): Promise<void> {
  const organizations = await listSomeThatWait(env.DB, maxOrganizations)
  for (const organizationId of organizations) await forgetUnused(env, organizationId, now)
}

/** As `tidyEventWaits`, for one organization. */
export async function forgetUnused(env: Env, organizationId: OrganizationId, now: number): Promise<void> {
  const left = new Map((await listEventWaits(env.DB, organizationId)).map((wait) => [nameOf(wait), wait]))
  for (const list of [
    () => listLiveVersions(env.DB, organizationId, maxVersions),
    () => listVersionsUnderWay(env.LOGS, organizationId, maxVersions),
  ]) {
    if (left.size === 0) break
    const versions = await list()
    // More versions than one sweep reads, so an unread one may still wait: keep everything.
    if (versions.length === maxVersions) return
    await leaveOutUsed(env, organizationId, versions, left)
  }
  const isNews = await forgetEventWaits(env.DB, organizationId, [...left.values()], { now, since: now - unusedForMs })
  if (!isNews) return
  const epoch = newId('event')
  await forEachInbox(env, organizationId, (inbox) => inbox.setEpoch(organizationId, epoch))
}

async function leaveOutUsed(
  env: Env,
  organizationId: OrganizationId,
  versions: readonly VersionId[],
  left: Map<string, EventWait>,
): Promise<void> {
  for (let from = 0; from < versions.length && left.size > 0; from += readAtOnce) {
    const graphs = await readGraphs(env.DB, organizationId, versions.slice(from, from + readAtOnce))
    for (const wait of graphs.flatMap(eventWaitsOf)) left.delete(nameOf(wait))
  }
}

function nameOf({ match, ofContact, byEnrolled }: EventWait): string {
  return byEnrolled === true ? 'by enrolled' : `${ofContact} ${match}`
}

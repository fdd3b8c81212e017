import { sql } from 'drizzle-orm'
import type { Graph } from '../contract/graph.ts'
import type { OrganizationId, VersionId } from '../contract/id.ts'
import type { Database } from './database.ts'
import { upgradeGraph } from '../contract/upgrade-graph.ts'

/** Events that may be waited for: of a type or pattern, about one contact or any. */
export interface EventWait {
  match: string
  ofContact: boolean
  /** Not by a step: contacts that are enrolled somewhere look for goals and reasons to leave in what names them. */
  byEnrolled?: true
}

const asNumber = ({ ofContact, byEnrolled }: EventWait) => (byEnrolled === true ? 2 : Number(ofContact))

/**
 * Notes that events are waited for from now on; whether that is news. Whoever brings events has to hear of news before
 * anybody begins to wait: tell them that routes have changed.
 */
export async function addEventWaits(
  db: Database,
  organizationId: OrganizationId,
  waits: readonly EventWait[],
): Promise<boolean> {
  if (waits.length === 0) return false
  const rows = JSON.stringify(waits.map((wait) => ({ match: wait.match, ofContact: asNumber(wait) })))
  const { meta } = await db.run(sql`
    INSERT INTO event_waits (organization_id, match, of_contact)
    SELECT ${organizationId}, value->>'match', value->>'ofContact' FROM json_each(${rows}) WHERE true
    ON CONFLICT DO UPDATE SET unused_since = NULL WHERE unused_since IS NOT NULL`)
  return meta.changes > 0
}

/** Everything that executions of the organization may wait for. */
export async function listEventWaits(db: D1Database, organizationId: OrganizationId): Promise<EventWait[]> {
  const { results } = await db
    .prepare('SELECT match, of_contact AS ofContact FROM event_waits WHERE organization_id = ?')
    .bind(organizationId)
    .all<{ match: string; ofContact: number }>()
  return results.map(({ match, ofContact }) => ({
    match,
    ofContact: ofContact === 1,
    ...(ofContact === 2 && { byEnrolled: true }),
  }))
}

/** Some of the organizations of which executions may wait for events, drawn by chance so that all get their turn. */
export async function listSomeThatWait(db: D1Database, limit: number): Promise<OrganizationId[]> {
  const { results } = await db
    .prepare('SELECT id FROM (SELECT DISTINCT organization_id AS id FROM event_waits) ORDER BY random() LIMIT ?')
    .bind(limit)
    .all<{ id: OrganizationId }>()
  return results.map(({ id }) => id)
}

/** The live versions of the organization's workflows that start executions, or may come to do so again. */
export async function listLiveVersions(
  db: D1Database,
  organizationId: OrganizationId,
  limit: number,
): Promise<VersionId[]> {
  const { results } = await db
    .prepare(
      `SELECT published_version_id AS id FROM workflows
       WHERE organization_id = ? AND status IN ('active', 'paused') AND published_version_id IS NOT NULL LIMIT ?`,
    )
    .bind(organizationId, limit)
    .all<{ id: VersionId }>()
  return results.map(({ id }) => id)
}

/** The versions of executions that have not ended. */
export async function listVersionsUnderWay(
  logs: D1Database,
  organizationId: OrganizationId,
  limit: number,
): Promise<VersionId[]> {
  // Without the indexes named, the database would look through everything that the organization ever executed.
  const { results } = await logs
    .prepare(
      `SELECT version_id AS id FROM executions INDEXED BY executions_live
       WHERE finished_at IS NULL AND status <> 'queued' AND organization_id = ?1
       UNION SELECT version_id FROM executions INDEXED BY executions_queued
       WHERE status = 'queued' AND organization_id = ?1 LIMIT ?2`,
    )
    .bind(organizationId, limit)
    .all<{ id: VersionId }>()
  return results.map(({ id }) => id)
}

/** What versions of the organization are drawn as. */
export async function readGraphs(
  db: D1Database,
  organizationId: OrganizationId,
  ids: readonly VersionId[],
): Promise<Graph[]> {
  const { results } = await db
    .prepare('SELECT graph FROM versions WHERE organization_id = ? AND id IN (SELECT value FROM json_each(?))')
    .bind(organizationId, JSON.stringify(ids))
    .all<{ graph: string }>()
  return results.map(({ graph }) => upgradeGraph(JSON.parse(graph) as unknown))
}

/**
 * Notes which events nothing may wait for any more, and forgets those of which that was noted before `since` (epoch ms)
 * and has not changed. Whether any were forgotten.
 */
export async function forgetEventWaits(
  db: D1Database,
  organizationId: OrganizationId,
  unused: readonly EventWait[],
  { now, since }: { now: number; since: number },
): Promise<boolean> {
  const names = JSON.stringify(unused.map((wait) => `${asNumber(wait)} ${wait.match}`))
  const isUnused = "(of_contact || ' ' || match) IN (SELECT value FROM json_each(?2))"
  const [, , removed] = await db.batch([
    db
      .prepare(
        `UPDATE event_waits SET unused_since = NULL
         WHERE organization_id = ?1 AND unused_since IS NOT NULL AND NOT ${isUnused}`,
      )
      .bind(organizationId, names),
    db
      .prepare(
        `UPDATE event_waits SET unused_since = ?3 WHERE organization_id = ?1 AND unused_since IS NULL AND ${isUnused}`,
      )
      .bind(organizationId, names, now),
    db
      .prepare(`DELETE FROM event_waits WHERE organization_id = ?1 AND unused_since < ?3 AND ${isUnused}`)
      .bind(organizationId, names, since),
  ])
  return (removed?.meta.changes ?? 0) > 0
}

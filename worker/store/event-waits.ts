import { sql } from 'drizzle-orm'
import type { OrganizationId } from '../contract/id.ts'
import type { Database } from './database.ts'

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
    INSERT OR IGNORE INTO event_waits (organization_id, match, of_contact)
    SELECT ${organizationId}, value->>'match', value->>'ofContact' FROM json_each(${rows})`)
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

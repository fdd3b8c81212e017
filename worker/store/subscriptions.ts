import { and, eq, sql } from 'drizzle-orm'
import type { VersionId, WorkflowId } from '../contract/id.ts'
import type { JsonObject } from '../contract/json.ts'
import type { Scope } from '../tenancy/scope.ts'
import type { Database } from './database.ts'
import { hooks, subscriptions, versions, workflows } from './schema/db/workflows.ts'

/** What one trigger node listens to: an event type or pattern, or its own webhook address. */
export type Listener =
  | { kind: 'event'; match: string; nodeId: string; params: JsonObject }
  | { kind: 'webhook'; nodeId: string; params: JsonObject }

/** The version that is to be live, and the listeners in it. */
export interface Live {
  versionId: VersionId
  listeners: readonly Listener[]
}

/**
 * Statements that make a workflow's subscriptions what its row calls for by now: those of its live version while it
 * is active, none otherwise. They read the row as the batch has left it, so a batch whose guard failed loses nothing
 * and adds nothing.
 */
export function followState(db: Database, scope: Scope, workflowId: WorkflowId, live: Live | undefined) {
  const isLive = sql`w.id = ${workflowId} AND w.organization_id = ${scope.organizationId} AND w.status = 'active'`
  const clear = db.delete(subscriptions).where(
    and(
      eq(subscriptions.organizationId, scope.organizationId),
      eq(subscriptions.workflowId, workflowId),
      sql`NOT EXISTS (
        SELECT 1 FROM ${workflows} AS w WHERE ${isLive} AND w.published_version_id = ${subscriptions.versionId})`,
    ),
  )
  if (live === undefined) return [clear]

  // In the order of the table's columns.
  const add = db
    .insert(subscriptions)
    .select(
      sql`
      SELECT w.organization_id, l.value->>'kind',
        CASE l.value->>'kind'
          WHEN 'webhook' THEN
            (SELECT h.key FROM ${hooks} AS h WHERE h.workflow_id = w.id AND h.node_id = l.value->>'nodeId')
          ELSE l.value->>'match'
        END,
        w.id, l.value->>'nodeId', v.id, v.number, v.hash, v.name, l.value->'params'
      FROM json_each(${JSON.stringify(live.listeners)}) AS l
        JOIN ${workflows} AS w ON ${isLive} AND w.published_version_id = ${live.versionId}
        JOIN ${versions} AS v ON v.id = w.published_version_id
      WHERE true`,
    )
    .onConflictDoNothing()
  return [clear, add]
}

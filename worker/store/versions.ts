// versions
//
// Immutable snapshots of drafts.
//
//   V1. Published numbers of a workflow are 1, 2, 3 … without gaps, however many people publish at once: the number is
//       read and taken inside one statement.
//   V2. A publish names the revision it was checked at; if the draft has changed since, nothing happens.
//   V3. The new version, the workflow's pointer to it and its subscriptions change in one batch.
//   V4. Content is named by its hash: the same draft tried twice is one frozen version.

import { and, desc, eq, gt, lt, sql } from 'drizzle-orm'
import type { Page } from '../contract/error.ts'
import type { UserId, VersionId, WorkflowId } from '../contract/id.ts'
import { upgradeGraph } from '../contract/upgrade-graph.ts'
import type { Version, VersionSummary } from '../contract/workflow.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { versions, workflows } from './schema/db/workflows.ts'
import { followState, type Listener } from './subscriptions.ts'
import { visibleTo } from './visible-to.ts'

/** Versions of workflows that the caller sees (V1–V4). */
export function versionStore(db: Database, scope: Scope, actor: Actor) {
  const visible = visibleTo(scope)
  const mine = sql`${versions.organizationId} = ${scope.organizationId} AND EXISTS (
    SELECT 1 FROM ${workflows} WHERE ${workflows.id} = ${versions.workflowId} AND ${visible})`
  const { graph: _, ...summaryColumns } = columns

  return {
    /**
     * Freezes the draft of `revision` as the next version, live from now on. A workflow that was never published
     * becomes active; a paused one stays paused. False, and nothing changed, when the draft has another revision by
     * now, is archived, or is live already.
     */
    async publish(publication: {
      id: VersionId
      workflowId: WorkflowId
      revision: number
      note: string
      listeners: readonly Listener[]
      at: Date
    }): Promise<boolean> {
      const { id, workflowId, revision, note, listeners, at } = publication
      const [inserted] = await db.batch([
        db
          .insert(versions)
          .select(
            sql`
            SELECT ${id}, organization_id, id,
              1 + coalesce((SELECT max(v.number) FROM ${versions} AS v WHERE v.workflow_id = ${workflows.id}), 0),
              graph_hash, ${note}, ${scope.userId}, ${at.getTime()}, name, graph
            FROM ${workflows}
            WHERE ${visible} AND id = ${workflowId} AND revision = ${revision} AND status <> 'archived'
              AND published_hash IS NOT graph_hash`,
          )
          .returning({ id: versions.id }),
        deedIfChanged(db, actor, {
          action: 'workflow.published',
          targetId: workflowId,
          details: { versionId: id, note },
        }),
        db
          .update(workflows)
          .set({
            publishedVersionId: id,
            publishedNumber: sql`(SELECT v.number FROM ${versions} AS v WHERE v.id = ${id})`,
            publishedHash: sql`(SELECT v.hash FROM ${versions} AS v WHERE v.id = ${id})`,
            status: sql`CASE ${workflows.status} WHEN 'draft' THEN 'active' ELSE ${workflows.status} END`,
          })
          .where(
            and(
              visible,
              eq(workflows.id, workflowId),
              sql`EXISTS (SELECT 1 FROM ${versions} AS v WHERE v.id = ${id} AND v.workflow_id = ${workflowId})`,
            ),
          ),
        ...followState(db, scope, workflowId, { versionId: id, listeners }),
      ])
      return inserted.length > 0
    },

    /**
     * Freezes the draft of `revision`, so that it can be executed before it is published, and gives the version of
     * that content: a published one when there is one. Undefined when the draft has another revision by now.
     */
    async freeze(
      workflowId: WorkflowId,
      revision: number,
      id: VersionId,
      at: Date,
    ): Promise<VersionSummary | undefined> {
      const [, rows] = await db.batch([
        db
          .insert(versions)
          .select(
            sql`
            SELECT ${id}, organization_id, id, 0, graph_hash, '', ${scope.userId}, ${at.getTime()}, name, graph
            FROM ${workflows}
            WHERE ${visible} AND id = ${workflowId} AND revision = ${revision}
              AND NOT EXISTS (SELECT 1 FROM ${versions} AS v WHERE v.workflow_id = ${workflowId} AND v.hash = graph_hash)`,
          )
          .onConflictDoNothing(),
        db
          .select(summaryColumns)
          .from(versions)
          .innerJoin(workflows, and(eq(workflows.id, versions.workflowId), eq(workflows.graphHash, versions.hash)))
          .where(and(visible, eq(workflows.id, workflowId), eq(workflows.revision, revision)))
          .orderBy(desc(versions.number))
          .limit(1),
      ])
      return rows[0] && toSummary(rows[0])
    },

    /** Published versions, newest first. */
    async list(
      workflowId: WorkflowId,
      { cursor, limit }: { cursor?: string | undefined; limit: number },
    ): Promise<Page<VersionSummary>> {
      const rows = await db
        .select(summaryColumns)
        .from(versions)
        .where(
          and(
            mine,
            eq(versions.workflowId, workflowId),
            gt(versions.number, 0),
            cursor === undefined ? undefined : lt(versions.number, decodeCursor(cursor)[0]),
          ),
        )
        .orderBy(desc(versions.number))
        .limit(limit + 1)
      const items = rows.slice(0, limit).map(toSummary)
      const last = items.at(-1)
      return rows.length > limit && last !== undefined
        ? { items, nextCursor: encodeCursor([last.number, last.id]) }
        : { items }
    },

    /** A version with its graph, frozen drafts too. */
    async find(workflowId: WorkflowId, id: VersionId): Promise<Version | undefined> {
      const [row] = await db
        .select()
        .from(versions)
        .where(and(mine, eq(versions.workflowId, workflowId), eq(versions.id, id)))
        .limit(1)
      return row && { ...toSummary(row), graph: upgradeGraph(JSON.parse(row.graph)) }
    },
  }
}

const columns = {
  id: versions.id,
  workflowId: versions.workflowId,
  number: versions.number,
  hash: versions.hash,
  note: versions.note,
  publishedBy: versions.publishedBy,
  publishedAt: versions.publishedAt,
  graph: versions.graph,
}

/** The row is ours to change; the contract is a promise. This function is where they meet. */
function toSummary(row: {
  id: VersionId
  workflowId: WorkflowId
  number: number
  hash: string
  note: string
  publishedBy: UserId
  publishedAt: Date
}): VersionSummary {
  return {
    id: row.id,
    workflowId: row.workflowId,
    number: row.number,
    hash: row.hash,
    note: row.note,
    publishedBy: row.publishedBy,
    publishedAt: row.publishedAt.toISOString(),
  }
}

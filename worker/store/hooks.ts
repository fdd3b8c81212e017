import { and, eq, exists, sql, type SQL } from 'drizzle-orm'
import type { HookKey, WorkflowId } from '../contract/id.ts'
import { newHookKey } from '../lib/id.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { hooks, workflows } from './schema/db/workflows.ts'
import { visibleTo } from './visible-to.ts'

export interface StoredHook {
  key: HookKey
  nodeId: string
  hasSecret: boolean
}

/** How long senders may still sign with the secret before: a day, so that both sides can change at their pace. */
const overlapMs = 24 * 3_600_000

/** The addresses of webhooks, of workflows that the caller sees. Secrets go in and out sealed. */
export function hookStore(db: Database, scope: Scope, actor: Actor) {
  const of = (workflowId: WorkflowId) =>
    and(eq(hooks.organizationId, scope.organizationId), eq(hooks.workflowId, workflowId))

  return {
    /** Every address the workflow ever had, those of removed nodes too: a node that comes back keeps its own. */
    async list(workflowId: WorkflowId): Promise<StoredHook[]> {
      const rows = await db
        .select({ key: hooks.key, nodeId: hooks.nodeId, hasSecret: sql<number>`${hooks.secretCiphertext} IS NOT NULL` })
        .from(hooks)
        .where(of(workflowId))
        .orderBy(hooks.nodeId)
      return rows.map(({ key, nodeId, hasSecret }) => ({ key, nodeId, hasSecret: hasSecret === 1 }))
    },

    /** The secrets that are set now, sealed. */
    async listSecrets(workflowId: WorkflowId): Promise<{ key: HookKey; nodeId: string; sealedSecret: string }[]> {
      const rows = await db
        .select({ key: hooks.key, nodeId: hooks.nodeId, sealedSecret: hooks.secretCiphertext })
        .from(hooks)
        .where(of(workflowId))
      return rows.flatMap(({ sealedSecret, ...hook }) => (sealedSecret === null ? [] : [{ ...hook, sealedSecret }]))
    },

    /** Sets the sealed secret; the one before stays valid for a day. False when the caller sees no such hook. */
    async setSecret(workflowId: WorkflowId, nodeId: string, sealedSecret: string, at: Date): Promise<boolean> {
      const visible = db
        .select({ id: workflows.id })
        .from(workflows)
        .where(and(visibleTo(scope), eq(workflows.id, workflowId)))
      const [changed] = await db.batch([
        db
          .update(hooks)
          .set({
            previousSecretCiphertext: sql`${hooks.secretCiphertext}`,
            previousSecretExpiresAt: sql`CASE WHEN ${hooks.secretCiphertext} IS NULL THEN NULL ELSE ${at.getTime() + overlapMs} END`,
            secretCiphertext: sealedSecret,
            secretSetAt: at,
          })
          .where(and(of(workflowId), eq(hooks.nodeId, nodeId), exists(visible)))
          .returning({ key: hooks.key }),
        deedIfChanged(db, actor, { action: 'hook.secret_set', targetId: workflowId, details: { nodeId } }),
      ])
      return changed.length > 0
    },
  }
}

/** A statement that gives every named node an address, unless it has one. Only if there is such a `workflow`. */
export function insertHooks(
  db: Database,
  scope: Scope,
  {
    workflow,
    workflowId,
    nodeIds,
    at,
  }: { workflow: SQL | undefined; workflowId: WorkflowId; nodeIds: readonly string[]; at: Date },
) {
  const wanted = nodeIds.map((nodeId) => ({ nodeId, key: newHookKey() }))
  // In the order of the table's columns.
  return db
    .insert(hooks)
    .select(
      sql`
      SELECT wanted.value->>'key', ${scope.organizationId}, ${workflowId}, wanted.value->>'nodeId', ${at.getTime()},
        NULL, NULL, NULL, NULL
      FROM json_each(${JSON.stringify(wanted)}) AS wanted
      WHERE EXISTS (SELECT 1 FROM ${workflows} WHERE ${workflow})`,
    )
    .onConflictDoNothing({ target: [hooks.workflowId, hooks.nodeId] })
}

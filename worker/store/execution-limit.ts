import { eq } from 'drizzle-orm'
import type { OrganizationId } from '../contract/id.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { executionLimits } from './schema/db/execution-limits.ts'

/** What an organization says; `limit` null is as many as there are, `revision` when it was said, in epoch ms. */
export interface StoredExecutionLimit {
  limit: number | null
  revision: number
}

/** For whoever begins executions; undefined where the organization never said anything. */
export async function findExecutionLimit(
  db: D1Database,
  organizationId: OrganizationId,
): Promise<StoredExecutionLimit | undefined> {
  const row = await db
    .prepare('SELECT running, updated_at AS revision FROM execution_limits WHERE organization_id = ?')
    .bind(organizationId)
    .first<{ running: number | null; revision: number }>()
  return row === null ? undefined : { limit: row.running, revision: row.revision }
}

/** How many executions of the organization go on at a time. */
export function executionLimitStore(db: Database, scope: Scope, actor: Actor) {
  const { organizationId, userId } = scope
  return {
    async find(): Promise<number | null> {
      const [row] = await db.select().from(executionLimits).where(eq(executionLimits.organizationId, organizationId))
      return row?.running ?? null
    },

    async set(running: number | null, at: Date): Promise<void> {
      const change = { running, updatedBy: userId, updatedAt: at }
      await db.batch([
        db
          .insert(executionLimits)
          .values({ organizationId, ...change })
          .onConflictDoUpdate({ target: executionLimits.organizationId, set: change }),
        deedIfChanged(db, actor, { action: 'execution_limit.changed', details: { running } }),
      ])
    },
  }
}

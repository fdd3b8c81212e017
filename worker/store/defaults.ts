import { and, eq } from 'drizzle-orm'
import type { OrganizationDefaults } from '../contract/defaults.ts'
import type { RetryPolicy } from '../contract/graph.ts'
import type { OrganizationId } from '../contract/id.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { defaults } from './schema/db/defaults.ts'

/** What holds in all workflows of the organization that do not say otherwise. */
export function defaultsStore(db: Database, scope: Scope, actor: Actor) {
  const { organizationId, userId } = scope
  const own = eq(defaults.organizationId, organizationId)

  return {
    async find(): Promise<OrganizationDefaults> {
      const [row] = await db.select().from(defaults).where(own).limit(1)
      return row === undefined ? { retry: {}, revision: 0 } : toDefaults(row)
    },

    /** Replaces what was edited from `revision`. Undefined, and nothing changed, when it has another by now. */
    async set(revision: number, retry: RetryPolicy, at: Date): Promise<OrganizationDefaults | undefined> {
      const next = { retry, revision: revision + 1, updatedBy: userId, updatedAt: at }
      const change =
        revision === 0
          ? db
              .insert(defaults)
              .values({ organizationId, ...next })
              .onConflictDoNothing()
              .returning()
          : db
              .update(defaults)
              .set(next)
              .where(and(own, eq(defaults.revision, revision)))
              .returning()
      const details = { retry: JSON.stringify(retry) }
      const [[changed]] = await db.batch([change, deedIfChanged(db, actor, { action: 'defaults.changed', details })])
      return changed && toDefaults(changed)
    },
  }
}

function toDefaults({ retry, revision }: typeof defaults.$inferSelect): OrganizationDefaults {
  return { retry, revision }
}

/** How an organization has failed calls tried again, for executions that begin; null: as the product has it. */
export async function readRetryDefaults(db: D1Database, organizationId: OrganizationId): Promise<RetryPolicy | null> {
  const row = await db
    .prepare('SELECT retry FROM defaults WHERE organization_id = ?')
    .bind(organizationId)
    .first<{ retry: string }>()
  const retry = row === null ? {} : (JSON.parse(row.retry) as RetryPolicy)
  return Object.keys(retry).length === 0 ? null : retry
}

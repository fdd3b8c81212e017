import { eq } from 'drizzle-orm'
import type { ContactLimits } from '../contract/contact-limits.ts'
import { noContactLimits } from '../contract/facts/contact-limits.ts'
import type { OrganizationId } from '../contract/id.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { contactLimits } from './schema/db/contacts.ts'

/** The limits of an organization, for whoever begins executions; undefined where it has none. */
export async function findContactLimits(
  db: D1Database,
  organizationId: OrganizationId,
): Promise<ContactLimits | undefined> {
  const row = await db
    .prepare('SELECT limits FROM contact_limits WHERE organization_id = ?')
    .bind(organizationId)
    .first<{ limits: string }>()
  if (row === null) return undefined
  const limits = JSON.parse(row.limits) as ContactLimits
  return limits.executions === null ? undefined : limits
}

/** How much may happen to one contact of an organization, as its people set it. */
export function contactLimitStore(db: Database, scope: Scope, actor: Actor) {
  const { organizationId } = scope
  return {
    async read(): Promise<ContactLimits> {
      const [row] = await db.select().from(contactLimits).where(eq(contactLimits.organizationId, organizationId))
      return row?.limits ?? noContactLimits
    },

    async write(limits: ContactLimits, at: Date): Promise<void> {
      await db.batch([
        db
          .insert(contactLimits)
          .values({ organizationId, limits, updatedAt: at })
          .onConflictDoUpdate({ target: contactLimits.organizationId, set: { limits, updatedAt: at } }),
        deedIfChanged(db, actor, { action: 'contact_limits.changed', details: { executions: limits.executions } }),
      ])
    },
  }
}

import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { RetryPolicy } from '../../../contract/graph.ts'
import type { OrganizationId, UserId } from '../../../contract/id.ts'

/** What holds in all workflows of an organization that do not say otherwise. No row: as the product has it. */
export const defaults = sqliteTable('defaults', {
  organizationId: text('organization_id').$type<OrganizationId>().primaryKey(),
  retry: text('retry', { mode: 'json' }).$type<RetryPolicy>().notNull(),
  revision: integer('revision').notNull(),
  updatedBy: text('updated_by').$type<UserId>().notNull(),
  updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
})
